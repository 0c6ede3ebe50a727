"""A worker process for tests that kill it: the real loop over a small deterministic enricher.

``python -m tests.worker_under_fire`` enriches until it is stopped.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence

import kafka

from newswire.config import Settings
from newswire.stories.enriched import Enrichment, ScoredSpan, Summary
from newswire.stories.model import Story
from tests.factories import an_enrichment
from workers import clients, producer
from workers.enrich import EnrichStep
from workers.main import worker_command

SECONDS_PER_STORY = 0.03


class FirstBlockEnricher:
    """Takes the first block for the summary. The same story gives the same enrichment."""

    def __init__(self, seconds_per_story: float = 0) -> None:
        self._seconds = seconds_per_story

    def enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        threading.Event().wait(self._seconds * len(stories))
        return [an_enrichment(summary=first_block(story), stances=()) for story in stories]


def first_block(story: Story) -> Summary:
    text = story.body[0].text
    return Summary(sentences=(ScoredSpan(text=text, start=0, end=len(text), score=1.0),))


def build(settings: Settings) -> EnrichStep:
    step = EnrichStep(FirstBlockEnricher(SECONDS_PER_STORY))
    step.batch_records = 5
    return step


def notice_deaths_quickly() -> None:
    """As quickly as a broker allows, for a member that is gone and a transaction left open."""
    clients.KafkaConsumer = functools.partial(  # type: ignore[misc, assignment]
        kafka.KafkaConsumer, session_timeout_ms=6000, heartbeat_interval_ms=500
    )
    clients.TRANSACTION_TIMEOUT_MS = 2000
    producer.ANSWER_TIMEOUT_S = 5


if __name__ == "__main__":
    notice_deaths_quickly()
    worker_command(build, Story, "A worker to be killed.")
