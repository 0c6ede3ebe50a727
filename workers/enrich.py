"""``python -m workers.enrich``: stories in, the same with all that the models say of them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from newswire.bus.deadletters import Stage
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.enrichment.targets import WatchedTargets
from newswire.stories.enriched import EnrichedStory, Enrichment
from newswire.stories.identity import kafka_key
from newswire.stories.model import PubStatus, Story
from workers.main import worker_command
from workers.step import Message, Output, Result
from workers.targets import TargetsReload


class StoryEnricher(Protocol):
    """What this worker needs of the models: a batch in, a batch out."""

    def enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        """One enrichment for each story, in order."""
        ...


class EnrichStep:
    """Consume-transform-produce: one enriched record for each story record."""

    stage: Stage = "enrich"
    input_topic = STORIES

    def __init__(
        self,
        enricher: StoryEnricher,
        before_batch: Callable[[], None] = lambda: None,
        batch_records: int = 16,
    ) -> None:
        """Args:
        enricher: the models.
        before_batch: what is to be looked after between two batches.
        batch_records: most stories of one batch.
        """
        self._enricher = enricher
        self._before_batch = before_batch
        self.batch_records = batch_records

    def prepare(self) -> None:
        """Nothing: the models are loaded, and no other server is needed."""

    def process(self, messages: Sequence[Message[Story]]) -> list[Result]:
        """Enrich the usable stories of a batch together; a withdrawn one passes as it is."""
        self._before_batch()
        usable = [m.record for m in messages if m.record.pub_status is PubStatus.USABLE]
        enrichments = iter(self._enricher.enrich(usable) if usable else [])
        results: list[Result] = []
        for message in messages:
            story = message.record
            enrichment = next(enrichments) if story.pub_status is PubStatus.USABLE else None
            enriched = EnrichedStory(story=story, enrichment=enrichment)
            results.append(Output(ENRICHED, kafka_key(story), enriched))
        return results


def build(settings: Settings) -> EnrichStep:
    """The step with its models loaded; a change of the watch-list needs no restart."""
    from newswire.enrichment.enricher import Enricher

    watched = WatchedTargets(settings.targets_file)
    enricher = Enricher.from_settings(settings, watched.current)
    reload = TargetsReload(watched, enricher.watch)
    return EnrichStep(enricher, reload, settings.enrich_batch_stories)


if __name__ == "__main__":
    worker_command(build, Story, "Enrich stories: summary, stances, names and quotes, embedding.")
