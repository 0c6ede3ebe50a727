"""Workers that are killed within a transaction: each story comes out enriched once all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from kafka import KafkaConsumer, TopicPartition

from newswire.bus.groups import consumer_group, lag
from newswire.config import ROOT, Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.setup import prepare
from newswire.stories.enriched import EnrichedStory
from tests.factories import a_story
from tests.services import Watch, drain, eventually, produce, start_group_at
from tests.worker_under_fire import FirstBlockEnricher
from workers.enrich import EnrichStep

STORIES_SENT = 500
KILLS = 5
GROUP = consumer_group("enrich")


@pytest.fixture
def doomed(stack: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    """As many worker processes as die."""
    prepare(stack)
    start_group_at(stack, "enrich", STORIES, end=True)
    environment = {**os.environ, "NEWSWIRE_DATA_DIR": str(stack.data_dir), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.worker_that_dies"]
    workers = [
        subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
        for _ in range(KILLS)
    ]
    yield workers
    for worker in workers:
        worker.kill()
        worker.wait()


def uncommitted(stack: Settings, since: dict[TopicPartition, int]) -> int:
    """How many records there are for a reader that doesn't mind open or aborted transactions."""
    with closing(
        KafkaConsumer(bootstrap_servers=stack.kafka_bootstrap, consumer_timeout_ms=3000)
    ) as consumer:
        consumer.assign(list(since))
        for partition, offset in since.items():
            consumer.seek(partition, offset)
        return sum(1 for _ in consumer)


def ends(stack: Settings, topic: str) -> dict[TopicPartition, int]:
    with closing(KafkaConsumer(bootstrap_servers=stack.kafka_bootstrap)) as consumer:
        partitions = [TopicPartition(topic, one) for one in consumer.partitions_for_topic(topic)]
        found: dict[TopicPartition, int] = consumer.end_offsets(partitions)
        return found


def test_workers_that_are_killed_within_a_transaction_enrich_each_story_once(
    stack: Settings, doomed: list[subprocess.Popen[bytes]]
) -> None:
    enriched, before = Watch(stack, ENRICHED, EnrichedStory), ends(stack, ENRICHED)
    stories = [a_story(id=f"killed-{number}") for number in range(STORIES_SENT)]
    produce(stack, STORIES, stories)
    # All at once where each has a partition; the last one when those are missed by the group.
    assert eventually(lambda: all(one.poll() is not None for one in doomed), 60)
    assert [one.returncode for one in doomed] == [-signal.SIGKILL] * KILLS
    assert lag(stack, GROUP, STORIES) > 0
    drain(stack, EnrichStep(FirstBlockEnricher()))
    assert eventually(lambda: len(enriched.records()) >= STORIES_SENT)
    times = Counter(record.story.id for record in enriched.records())
    assert times == {story.id: 1 for story in stories}
    # What the dead had sent is there, and nobody who reads what is committed sees it.
    aborted = uncommitted(stack, before) - STORIES_SENT
    assert aborted >= KILLS
    sys.stderr.write(
        f"{KILLS} kills, {aborted} records aborted, {STORIES_SENT} stories once each\n"
    )
