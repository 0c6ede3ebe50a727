"""``python -m workers.index``: enriched stories into Elasticsearch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from newswire.bus.deadletters import Stage
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED
from newswire.search.client import open_client
from newswire.search.document import document
from newswire.search.templates import apply_templates
from newswire.search.writer import IndexWriter, RefusedDocument
from newswire.stories.model import EnrichedStory
from workers.main import worker_command
from workers.step import Message, Result


class IndexStep:
    """Write each batch with one bulk request. At least once, and idempotent in effect."""

    stage: Stage = "index"
    input_topic = ENRICHED
    batch_records = 200

    def __init__(self, writer: IndexWriter) -> None:
        self._writer = writer
        self.written: Counter[str] = Counter()

    def process(self, messages: Sequence[Message[EnrichedStory]]) -> list[Result]:
        """Index a batch. A stale version is done; a refused document is a dead letter."""
        outcomes = self._writer.write([document(message.record) for message in messages])
        self.written.update(str(o) for o in outcomes if not isinstance(o, RefusedDocument))
        return [o if isinstance(o, RefusedDocument) else None for o in outcomes]


def build(settings: Settings) -> IndexStep:
    """The step; the templates are applied before the first document is written."""
    client = open_client(settings)
    apply_templates(client, settings.schemas_dir)
    return IndexStep(IndexWriter(client))


if __name__ == "__main__":
    worker_command(build, EnrichedStory, "Index enriched stories in Elasticsearch.")
