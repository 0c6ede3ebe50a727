"""When a worker that was told to drain ends: once its group has done all that is in the topic."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import NewTopic
from kafka.structs import OffsetAndMetadata

from newswire.config import Settings
from newswire.setup import prepare
from newswire.stories.model import Story
from tests.services import eventually, produce_raw
from tests.worker_under_fire import FirstBlockEnricher
from workers.clients import Clients
from workers.enrich import EnrichStep
from workers.loop import Counts
from workers.main import work


@pytest.fixture
def topic(stack: Settings) -> str:
    """A topic of one partition, empty."""
    prepare(stack)
    name = f"drain-{uuid.uuid4().hex}"
    with closing(KafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)) as admin:
        admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    return name


def drained(stack: Settings, topic: str) -> Counts:
    step = EnrichStep(FirstBlockEnricher())
    step.input_topic = topic
    return work(stack, lambda _: step, Story, stop=threading.Event(), drain=True)


@pytest.mark.timeout(60)
def test_an_empty_topic_is_drained(stack: Settings, topic: str) -> None:
    assert drained(stack, topic).consumed == 0


@pytest.mark.timeout(60)
def test_a_topic_that_is_not_there_is_drained(stack: Settings) -> None:
    assert drained(stack, "no-such-topic").consumed == 0


@pytest.fixture
def pair(stack: Settings, topic: str) -> Iterator[tuple[Clients, Clients]]:
    """Two workers of one partition: the one that has it, and the one that has none."""
    with ExitStack() as opened:
        workers = [opened.enter_context(closing(Clients(stack, "enrich", topic))) for _ in range(2)]

        def settled() -> bool:
            for one in workers:
                one.stay_in_group(set())
            generations = {one.consumer.group_metadata().generation_id for one in workers}
            sizes = sorted(len(one.consumer.assignment()) for one in workers)
            return len(generations) == 1 and sizes == [0, 1]

        assert eventually(settled)
        idle, busy = sorted(workers, key=lambda one: len(one.consumer.assignment()))
        yield busy, idle


def test_a_worker_without_a_partition_has_drained_when_the_other_has(
    stack: Settings, topic: str, pair: tuple[Clients, Clients]
) -> None:
    busy, idle = pair
    assert idle.at_end()
    place = produce_raw(stack, topic, b"to do")
    assert not idle.at_end()
    assert not busy.at_end()
    with busy.transaction() as producer:
        done = {TopicPartition(topic, 0): OffsetAndMetadata(place.offset + 1, "", -1)}
        producer.send_offsets_to_transaction(done, busy.consumer.group_metadata())
    assert idle.at_end()
    assert busy.at_end()


def test_the_end_of_a_transaction_is_nothing_to_do(
    stack: Settings, topic: str, pair: tuple[Clients, Clients]
) -> None:
    busy, idle = pair
    with busy.transaction() as producer:
        producer.send(topic, value=b"done in the transaction that wrote it")
        done = {TopicPartition(topic, 0): OffsetAndMetadata(1, "", -1)}
        producer.send_offsets_to_transaction(done, busy.consumer.group_metadata())
    # Offset 1, the transaction's end, is in the topic, is no record, and is never committed.
    partition = TopicPartition(topic, 0)
    assert eventually(lambda: idle.consumer.end_offsets([partition]) == {partition: 2})
    assert idle.at_end()
    with busy.transaction() as producer:
        producer.send(topic, value=b"to do")
    assert eventually(lambda: not idle.at_end())
