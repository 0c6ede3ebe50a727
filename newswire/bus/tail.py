"""What came onto the topics since a moment: for people who watch, not for services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from newswire.bus.topics import kafka_unavailable
from newswire.config import Settings
from newswire.contracts.topics import MAX_RECORD_BYTES


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

    def __init__(self, settings: Settings, topics: list[str]) -> None:
        """Remember where the topics end now.

        Raises:
            DependencyUnavailable: Kafka does not answer.
        """
        self._settings = settings
        with self._consumer() as consumer:
            partitions = [
                TopicPartition(topic, number)
                for topic in topics
                for number in consumer.partitions_for_topic(topic) or ()
            ]
            self._ends: dict[TopicPartition, int] = consumer.end_offsets(partitions)

    def since(self) -> Iterator[Seen]:
        """Every committed record since then, partition by partition."""
        with self._consumer() as consumer:
            partitions = list(self._ends)
            consumer.assign(partitions)
            for partition, offset in self._ends.items():
                consumer.seek(partition, offset)
            last = consumer.end_offsets(partitions)
            while any(consumer.position(one) < last[one] for one in partitions):
                for records in consumer.poll(timeout_ms=500).values():
                    for record in records:
                        yield Seen(
                            record.topic, record.partition, record.offset, record.key, record.value
                        )

    def _consumer(self) -> closing[KafkaConsumer]:
        try:
            return closing(
                KafkaConsumer(
                    bootstrap_servers=self._settings.kafka_bootstrap,
                    enable_auto_commit=False,
                    isolation_level="read_committed",
                    max_partition_fetch_bytes=MAX_RECORD_BYTES,
                )
            )
        except KafkaError as error:
            raise kafka_unavailable(self._settings, error) from error
