"""Consumer groups: their names, and how far they are."""

from __future__ import annotations

from contextlib import closing

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from newswire.bus.broker import bootstrap_timeout_ms, kafka_unavailable
from newswire.config import Settings

_ANSWER_MS = 30_000
"""Longest wait for the group's coordinator; kafka-python would wait for ever."""


def consumer_group(stage: str) -> str:
    """The consumer group of all workers of one stage."""
    return f"newswire-{stage}"


def lag(settings: Settings, group: str, topic: str) -> int:
    """How many offsets of a topic a consumer group has not committed yet.

    In a topic that is written in transactions, each transaction's marker is an offset too, so
    that an idle group may show a few.

    Raises:
        DependencyUnavailable: Kafka does not answer.
    """
    try:
        with closing(
            KafkaConsumer(
                bootstrap_servers=settings.kafka_bootstrap,
                group_id=group,
                enable_auto_commit=False,
                bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap),
            )
        ) as consumer:
            numbers = consumer.partitions_for_topic(topic)
            partitions = [TopicPartition(topic, number) for number in numbers]
            first = consumer.beginning_offsets(partitions)
            last = consumer.end_offsets(partitions)
            return sum(
                last[partition]
                - max(first[partition], consumer.committed(partition, timeout_ms=_ANSWER_MS) or 0)
                for partition in partitions
            )
    except KafkaError as error:
        raise kafka_unavailable(settings, error) from error
