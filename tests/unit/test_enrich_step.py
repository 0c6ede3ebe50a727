"""What the enrich worker makes of a batch, with models that answer alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from newswire.contracts.topics import STORIES
from newswire.stories.enriched import EnrichedStory
from newswire.stories.identity import kafka_key
from newswire.stories.model import PubStatus, Story
from tests.factories import a_story, an_enrichment
from workers.enrich import EnrichStep
from workers.step import Message, Output


class FixedEnricher:
    """Enriches every story alike, and remembers which it was given."""

    def __init__(self) -> None:
        self.given: list[str | None] = []

    def enrich(self, stories: Sequence[Story]) -> list[Any]:
        self.given += [story.headline for story in stories]
        return [an_enrichment() for _ in stories]


def a_message(story: Story) -> Message[Story]:
    return Message(STORIES, 0, 0, kafka_key(story), story.to_json(), story)


def test_a_withdrawn_story_passes_the_enrich_step_without_an_enrichment() -> None:
    killed = a_story(pub_status=PubStatus.CANCELED, headline=None, body=())
    enricher = FixedEnricher()
    before, between, after = EnrichStep(enricher).process(
        [a_message(one) for one in (a_story(headline="a"), killed, a_story(headline="b"))]
    )
    assert enricher.given == ["a", "b"]
    assert isinstance(between, Output)
    assert between.record == EnrichedStory(story=killed)
    for result in (before, after):
        assert isinstance(result, Output)
        assert cast(EnrichedStory, result.record).enrichment is not None
