"""Reading to the end of topics on the real Kafka, also where it says no more."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from newswire.bus.tail import Tail
from newswire.config import Settings
from newswire.errors import DependencyUnavailable
from newswire.stack import status
from tests.services import produce_raw

PATIENCE_S = 2.0


@pytest.fixture
def topic(stack: Settings) -> str:
    """A topic of one partition."""
    name = f"tail-{uuid.uuid4().hex}"
    with closing(KafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)) as admin:
        admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    return name


@contextmanager
def mute_kafka(stack: Settings) -> Iterator[None]:
    """Kafka keeps its connections and answers nothing."""
    (pid,) = [one.pid for one in status(stack.data_dir) if one.name == "kafka" and one.pid]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_what_came_after_is_read_once_and_what_was_there_is_not(
    stack: Settings, topic: str
) -> None:
    produce_raw(stack, topic, b"before")
    tail = Tail(stack, [topic, "no-such-topic"])
    assert list(tail.since()) == []
    produce_raw(stack, topic, b"after")
    assert [(seen.offset, seen.value) for seen in tail.since()] == [(1, b"after")]


def test_a_kafka_that_falls_silent_midway_is_an_error_of_ours_and_not_a_wait_without_end(
    stack: Settings, topic: str
) -> None:
    tail = Tail(stack, [topic], patience_s=PATIENCE_S)
    # Four fill a fetch, and one fetch is ahead of the reader: the rest takes further answers.
    for _ in range(16):
        produce_raw(stack, topic, os.urandom(900_000))
    records = tail.since()
    assert next(records).offset == 0
    with mute_kafka(stack), pytest.raises(DependencyUnavailable, match=stack.kafka_bootstrap):
        list(records)
    assert [seen.offset for seen in tail.since()] == list(range(16))


def test_a_kafka_that_does_not_answer_at_all_is_an_error_of_ours(
    stack: Settings, topic: str
) -> None:
    tail = Tail(stack, [topic], patience_s=PATIENCE_S)
    with mute_kafka(stack):
        with pytest.raises(DependencyUnavailable):
            list(tail.since())
        with pytest.raises(DependencyUnavailable):
            Tail(stack, [topic], patience_s=PATIENCE_S)
