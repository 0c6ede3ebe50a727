"""The last records of a topic: for people who look, not for services."""

from __future__ import annotations

from contextlib import closing

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from pydantic import BaseModel, ConfigDict

from newswire.bus.broker import bootstrap_timeout_ms, kafka_unavailable
from newswire.bus.tail import PATIENCE_S, Seen, read_from
from newswire.config import Settings
from newswire.contracts.schema import contracts
from newswire.contracts.topics import DEAD_LETTERS
from newswire.errors import ContractViolation
from newswire.stories.model import DeadLetter

Offsets = dict[TopicPartition, int]


class Letter(BaseModel):
    """A dead letter and its own place."""

    model_config = ConfigDict(frozen=True)

    topic: str
    partition: int
    offset: int
    letter: DeadLetter


def last_letters(
    settings: Settings, count: int, *, patience_s: float = PATIENCE_S
) -> tuple[list[Letter], list[ContractViolation]]:
    """The last dead letters, the newest last, and why others among them can't be read.

    Raises:
        DependencyUnavailable: Kafka does not answer.
    """
    read = contracts(settings.schemas_dir)
    letters, unreadable = [], []
    for seen in latest(settings, DEAD_LETTERS, count, patience_s=patience_s):
        try:
            letter = read.decode(seen.topic, seen.value, DeadLetter)
        except ContractViolation as error:
            unreadable.append(error)
            continue
        letters.append(
            Letter(topic=seen.topic, partition=seen.partition, offset=seen.offset, letter=letter)
        )
    return sorted(letters, key=lambda one: one.letter.failed_at)[-count:], unreadable


def latest(
    settings: Settings, topic: str, count: int, *, patience_s: float = PATIENCE_S
) -> list[Seen]:
    """The last committed records, at most ``count`` of each partition; none where no topic is.

    Raises:
        DependencyUnavailable: Kafka does not answer.
    """
    first, ends = _extent(settings, topic, patience_s)
    back = count
    while True:
        starts = {one: max(first[one], end - back) for one, end in ends.items()}
        found: dict[int, list[Seen]] = {one.partition: [] for one in starts}
        for seen in read_from(settings, starts, patience_s=patience_s):
            found[seen.partition].append(seen)
        # A transaction's end and what it aborted have offsets too: look further back for more.
        short = (
            one for one in starts if starts[one] > first[one] and len(found[one.partition]) < count
        )
        if not any(short):
            return [seen for records in found.values() for seen in records[-count:]]
        back *= 4


def _extent(settings: Settings, topic: str, patience_s: float) -> tuple[Offsets, Offsets]:
    patience_ms = int(1000 * patience_s)
    try:
        with closing(
            KafkaConsumer(
                bootstrap_servers=settings.kafka_bootstrap,
                enable_auto_commit=False,
                # Whoever looks must not make a topic by looking.
                allow_auto_create_topics=False,
                bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap, patience_ms),
                request_timeout_ms=patience_ms,
            )
        ) as consumer:
            numbers = consumer.partitions_for_topic(topic) or ()
            partitions = [TopicPartition(topic, number) for number in numbers]
            if not partitions:
                return {}, {}
            return consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    except KafkaError as error:
        raise kafka_unavailable(settings, error) from error
