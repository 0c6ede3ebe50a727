"""What came onto the topics since a moment: for people who watch, not for services."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError

from newswire.bus.broker import bootstrap_timeout_ms, kafka_unavailable
from newswire.config import Settings
from newswire.contracts.topics import MAX_RECORD_BYTES

PATIENCE_S = 30.0
"""Longest silence of Kafka: the leader of a partition moves within seconds."""

_POLL_MS = 500


@dataclass(frozen=True)
class Seen:
    """One record and its place."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


class Tail:
    """Remembers the ends of topics, and reads what came after."""

    def __init__(
        self, settings: Settings, topics: list[str], *, patience_s: float = PATIENCE_S
    ) -> None:
        """Remember where the topics end now.

        Raises:
            DependencyUnavailable: Kafka does not answer.
        """
        self._settings = settings
        self._patience_s = patience_s
        try:
            with _consumer(settings, patience_s) as consumer:
                partitions = [
                    TopicPartition(topic, number)
                    for topic in topics
                    for number in consumer.partitions_for_topic(topic)
                ]
                self._ends: dict[TopicPartition, int] = consumer.end_offsets(partitions)
        except KafkaError as error:
            raise kafka_unavailable(settings, error) from error

    def since(self) -> Iterator[Seen]:
        """Every committed record since then, partition by partition.

        Raises:
            DependencyUnavailable: Kafka does not answer, or has nothing to say for too long.
        """
        return read_from(self._settings, self._ends, patience_s=self._patience_s)


def read_from(
    settings: Settings, starts: Mapping[TopicPartition, int], *, patience_s: float = PATIENCE_S
) -> Iterator[Seen]:
    """Every committed record from the given offsets to where their partitions end now.

    Raises:
        DependencyUnavailable: Kafka does not answer, or for ``patience_s`` seconds neither a record
            nor an end of a transaction came of what must be there.
    """
    try:
        with _consumer(settings, patience_s) as consumer:
            consumer.assign(list(starts))
            for partition, offset in starts.items():
                consumer.seek(partition, offset)
            ends = consumer.end_offsets(list(starts))
            yield from _read_to(consumer, ends, patience_s)
    except KafkaError as error:
        raise kafka_unavailable(settings, error) from error


def _read_to(
    consumer: KafkaConsumer, ends: Mapping[TopicPartition, int], patience_s: float
) -> Iterator[Seen]:
    before: dict[TopicPartition, int] = {}
    deadline = time.monotonic() + patience_s
    while True:
        reached = {one: _position(consumer, one, patience_s) for one in ends}
        if all(reached[one] >= end for one, end in ends.items()):
            return
        # Positions, not records alone: what was aborted is read as well, and is not shown.
        if reached != before:
            before, deadline = reached, time.monotonic() + patience_s
        elif time.monotonic() > deadline:
            raise KafkaTimeoutError(f"no record within {patience_s:g} s, of those that are there")
        for records in consumer.poll(timeout_ms=_POLL_MS).values():
            for record in records:
                yield Seen(record.topic, record.partition, record.offset, record.key, record.value)


def _position(consumer: KafkaConsumer, partition: TopicPartition, patience_s: float) -> int:
    position: int | None = consumer.position(partition, timeout_ms=1000 * patience_s)
    if position is None:
        raise KafkaTimeoutError(f"no position in {partition.topic} within {patience_s:g} s")
    return position


def _consumer(settings: Settings, patience_s: float) -> closing[KafkaConsumer]:
    patience_ms = int(1000 * patience_s)
    return closing(
        KafkaConsumer(
            bootstrap_servers=settings.kafka_bootstrap,
            enable_auto_commit=False,
            isolation_level="read_committed",
            max_partition_fetch_bytes=MAX_RECORD_BYTES,
            bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap, patience_ms),
            request_timeout_ms=patience_ms,
        )
    )
