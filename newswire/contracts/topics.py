"""The topics, which are a public contract: their names, what their values are, their settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import DeadLetter, Record, Story

STORIES = "newswire.stories.v1"
ENRICHED = "newswire.enriched.v1"
DEAD_LETTERS = "newswire.dead-letters.v1"

MAX_RECORD_BYTES = 4 * 2**20
"""Largest record on any topic. A story's longest body, 1,000,000 characters, fits with room for
non-Latin scripts; Kafka's own 1 MiB would not hold it."""

MAX_VALUE_BYTES = MAX_RECORD_BYTES - 64 * 2**10
"""Largest value: the rest is for the key, the headers and Kafka's own framing."""

_WEEK_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """One topic: its name, the class of its values and the Kafka settings that it needs."""

    name: str
    value: type[Record]
    title: str
    config: dict[str, str] = field(default_factory=dict)

    @property
    def schema_file(self) -> str:
        """The JSON Schema of the value, under ``schemas/topics/``."""
        return f"{self.name}.schema.json"

    @property
    def schema_id(self) -> str:
        """The ``$id`` of that schema, an absolute URI as CloudEvents asks for."""
        return f"urn:newswire:schema:{self.name}"


def _topic(name: str, value: type[Record], title: str, retention_ms: int) -> Topic:
    config = {"max.message.bytes": str(MAX_RECORD_BYTES), "retention.ms": str(retention_ms)}
    return Topic(name, value, title, config)


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        _topic(STORIES, Story, "A story as it was parsed", 4 * _WEEK_MS),
        _topic(
            ENRICHED, EnrichedStory, "A story with summary, stances and embedding", 4 * _WEEK_MS
        ),
        # Somebody has to look at them: they stay for longer.
        _topic(DEAD_LETTERS, DeadLetter, "An input that could not go on", 13 * _WEEK_MS),
    )
}
