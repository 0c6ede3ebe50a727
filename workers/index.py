"""``python -m workers.index``: enriched stories into Elasticsearch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from elasticsearch import Elasticsearch

from newswire.bus.deadletters import Stage
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED
from newswire.search.claims_index import ClaimPairs
from newswire.search.client import open_client
from newswire.search.document import document
from newswire.search.linker import Linker
from newswire.search.templates import apply_templates
from newswire.search.writer import IndexWriter, RefusedDocument
from newswire.stories.enriched import EnrichedStory
from workers.main import worker_command
from workers.step import Message, Result


class IndexStep:
    """Write each batch with one bulk request, then link it. At least once, idempotent in effect."""

    stage: Stage = "index"
    input_topic = ENRICHED
    batch_records = 200

    def __init__(self, client: Elasticsearch, schemas_dir: Path) -> None:
        self._client = client
        self._schemas_dir = schemas_dir
        self._writer = IndexWriter(client)
        self._linker = Linker(client, self._writer)
        self._claims = ClaimPairs(client)
        self.written: Counter[str] = Counter()

    def prepare(self) -> None:
        """Apply the templates: an index that is made without them has the wrong mappings."""
        apply_templates(self._client, self._schemas_dir)

    def process(self, messages: Sequence[Message[EnrichedStory]]) -> list[Result]:
        """Index a batch. A stale version is done; a refused document is a dead letter.

        What was said of claims by what is withdrawn or corrected now is removed. What is stale is
        linked and looked after as well: the batch may be here again because that failed.
        """
        documents = [document(message.record) for message in messages]
        outcomes = self._writer.write(documents)
        self._linker.link(
            one
            for one, outcome in zip(documents, outcomes, strict=True)
            if not isinstance(outcome, RefusedDocument)
        )
        self._claims.check({one.id for one in documents})
        self.written.update(str(o) for o in outcomes if not isinstance(o, RefusedDocument))
        return [o if isinstance(o, RefusedDocument) else None for o in outcomes]


def build(settings: Settings) -> IndexStep:
    """The step. Elasticsearch need not be there yet."""
    return IndexStep(open_client(settings), settings.schemas_dir)


if __name__ == "__main__":
    worker_command(build, EnrichedStory, "Index enriched stories in Elasticsearch.")
