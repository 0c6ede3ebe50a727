"""Consumer groups: their names, and how far they are."""

from __future__ import annotations

from contextlib import closing

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from newswire.bus.broker import bootstrap_timeout_ms, kafka_unavailable
from newswire.bus.tail import read_from
from newswire.config import Settings

_ANSWER_MS = 30_000
"""Longest wait for the group's coordinator; kafka-python would wait for ever."""


def consumer_group(stage: str) -> str:
    """The consumer group of all workers of one stage."""
    return f"newswire-{stage}"


_COUNTED = 500
"""So many offsets or fewer are looked at one by one."""


def lag(settings: Settings, group: str, topic: str) -> int:
    """How many records of a topic a consumer group has not committed yet.

    In a topic that is written in transactions, each transaction's end has an offset too, which
    nobody commits. Of a group that is nearly done the records are counted, so that one that is done
    shows 0; of one far behind it are offsets.

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
            left = uncommitted(consumer, topic, answer_ms=_ANSWER_MS)
        offsets = sum(len(places) for places in left.values())
        if 0 < offsets <= _COUNTED:
            starts = {one: places.start for one, places in left.items()}
            return sum(1 for _ in read_from(settings, starts))
        return offsets
    except KafkaError as error:
        raise kafka_unavailable(settings, error) from error


def uncommitted(
    consumer: KafkaConsumer, topic: str, *, answer_ms: int
) -> dict[TopicPartition, range]:
    """The offsets that a consumer's group has not committed, by partition; of none where all are.

    Raises:
        KafkaError: it can't be known yet.
    """
    partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    first = consumer.beginning_offsets(partitions)
    last = consumer.end_offsets(partitions)
    left = {
        one: range(max(first[one], consumer.committed(one, timeout_ms=answer_ms) or 0), last[one])
        for one in partitions
    }
    return {one: offsets for one, offsets in left.items() if offsets}
