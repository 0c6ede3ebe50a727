"""What a worker reads and what it sends: records checked against the contracts, both ways."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Generic, TypeVar

from kafka.consumer.fetcher import ConsumerRecord

from newswire.bus.deadletters import Stage, dead_letter, origin_key
from newswire.contracts.cloudevents import Headers, headers
from newswire.contracts.schema import Contracts
from newswire.contracts.topics import DEAD_LETTERS
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import Origin, RawReference, Record, Story
from workers.step import Message, Output

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Sendable:
    """One record as the producer takes it."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers


class Records(Generic[R]):
    """Decodes what one stage consumes, as records of one kind, and encodes what it produces."""

    def __init__(self, contracts: Contracts, stage: Stage, kind: type[R]) -> None:
        self._contracts = contracts
        self._stage = stage
        self._kind = kind

    def decode(self, record: ConsumerRecord) -> Message[R]:
        """The message in a record.

        Raises:
            ContractViolation: it breaks the schema of its topic.
        """
        decoded = self._contracts.decode(record.topic, record.value, self._kind)
        return Message(
            record.topic, record.partition, record.offset, record.key, record.value, decoded
        )

    def encode(self, output: Output) -> Sendable:
        """An output as a record with its headers.

        Raises:
            ContractViolation: it breaks the schema of its topic.
        """
        return Sendable(
            output.topic,
            output.key,
            self._contracts.encode(output.topic, output.record),
            headers(output.topic, output.record, source=f"/newswire/{self._stage}"),
        )

    def dead_letter(self, error: Exception, where: ConsumerRecord | Message[R]) -> Sendable:
        """The dead letter of a record, decoded or not, with its origin and its value."""
        origin = Origin(topic=where.topic, partition=where.partition, offset=where.offset)
        raw = _raw(where.record) if isinstance(where, Message) else None
        letter = dead_letter(self._stage, error, origin, raw=raw, value=where.value)
        log.error(
            "dead letter: %s partition %d offset %d: %s",
            where.topic,
            where.partition,
            where.offset,
            letter.message,
        )
        return self.encode(Output(DEAD_LETTERS, origin_key(origin), letter))


def _raw(record: Record) -> RawReference | None:
    if isinstance(record, EnrichedStory):
        record = record.story
    return record.raw if isinstance(record, Story) else None
