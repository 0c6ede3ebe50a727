"""What a loop runs on, in memory: Kafka clients of one partition, a step, failures on demand."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kafka import TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import CommitFailedError, KafkaTimeoutError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from newswire.contracts.topics import ENRICHED, STORIES
from newswire.errors import DependencyUnavailable
from newswire.stories.identity import kafka_key
from newswire.stories.model import Story
from tests.factories import a_story, an_enriched_story
from workers.step import Message, Output, Result

PARTITION = TopicPartition(STORIES, 0)


@dataclass
class Sent:
    topic: str
    value: bytes
    key: bytes | None
    headers: list[tuple[str, bytes]]


@dataclass
class MemoryClients:
    """One partition. What a transaction sent is seen, and its offsets count, once it commits."""

    values: list[bytes | None]
    sent: list[Sent] = field(default_factory=list)
    committed: int = 0
    transactions_that_fail: int = 0
    commits_without_an_answer: int = 0
    answers_that_fail: int = 0
    generations: list[int] = field(default_factory=list)
    """Of the group, each time that it is asked for; 1 after the last."""
    polls_that_fail: int = 0
    lost_after_waits: int | None = None
    waits: int = 0
    aborted: int = 0
    position: int = 0
    has_partition: bool = True

    @property
    def consumer(self) -> MemoryClients:
        return self

    def poll(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[ConsumerRecord]]:
        if self.polls_that_fail:
            self.polls_that_fail -= 1
            raise KafkaTimeoutError("no coordinator")
        records = [
            a_record(offset, value)
            for offset, value in enumerate(self.values)
            if self.position <= offset < self.position + max_records
        ]
        self.position += len(records)
        return {PARTITION: records} if records else {}

    def assignment(self) -> set[TopicPartition]:
        return {PARTITION} if self.has_partition else set()

    def group_metadata(self) -> ConsumerGroupMetadata:
        generation = self.generations.pop(0) if self.generations else 1
        return ConsumerGroupMetadata("group", generation, "member" if generation > 0 else "")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[MemoryTransaction]:
        transaction = MemoryTransaction()
        try:
            yield transaction
            if self.transactions_that_fail:
                self.transactions_that_fail -= 1
                raise CommitFailedError("fenced")
        except BaseException:
            self.aborted += 1
            raise
        self.sent += transaction.sent
        self.committed = transaction.offsets[PARTITION].offset
        if self.commits_without_an_answer:
            self.commits_without_an_answer -= 1
            raise KafkaTimeoutError("no answer")

    def return_to_committed(self, partitions: Iterable[TopicPartition]) -> None:
        assert set(partitions) == {PARTITION}
        if self.answers_that_fail:
            self.answers_that_fail -= 1
            raise KafkaTimeoutError("no coordinator")
        self.position = self.committed

    def stay_in_group(self, needed: set[TopicPartition]) -> bool:
        assert needed <= {PARTITION}
        self.waits += 1
        return self.lost_after_waits is None or self.waits <= self.lost_after_waits

    def at_end(self) -> bool:
        return self.position == len(self.values)


@dataclass
class MemoryTransaction:
    sent: list[Sent] = field(default_factory=list)
    offsets: dict[TopicPartition, OffsetAndMetadata] = field(default_factory=dict)

    def send(
        self, topic: str, *, value: bytes, key: bytes | None, headers: list[tuple[str, bytes]]
    ) -> None:
        self.sent.append(Sent(topic, value, key, headers))

    def send_offsets_to_transaction(
        self, offsets: dict[TopicPartition, OffsetAndMetadata], group: ConsumerGroupMetadata
    ) -> None:
        assert group == ConsumerGroupMetadata("group", 1, "member")
        self.offsets = offsets


def a_record(offset: int, value: bytes | None) -> ConsumerRecord:
    unset: dict[str, Any] = dict.fromkeys(ConsumerRecord._fields)
    return ConsumerRecord(
        **unset
        | {"topic": STORIES, "partition": 0, "offset": offset, "value": value, "headers": []}
    )


@dataclass
class RecordingStep:
    """Passes stories on, and does what a test wants with the headline that it wants."""

    handle: Callable[[Story], Result] = lambda story: passed_on(story)
    batch_records: int = 16
    stage: Any = "enrich"
    input_topic: str = STORIES
    calls: list[list[str]] = field(default_factory=list)
    outages_before: list[DependencyUnavailable] = field(default_factory=list)

    def prepare(self) -> None:
        if self.outages_before:
            raise self.outages_before.pop()

    def process(self, messages: Sequence[Message[Story]]) -> list[Result]:
        self.calls.append([message.record.headline or "" for message in messages])
        return [self.handle(message.record) for message in messages]


def passed_on(story: Story) -> Output:
    return Output(ENRICHED, kafka_key(story), an_enriched_story(story))


def failing_on(*headlines: str) -> Callable[[Story], Result]:
    def handle(story: Story) -> Result:
        if story.headline in headlines:
            raise LookupError(f"no words for {story.headline}")
        return passed_on(story)

    return handle


def stories(*headlines: str) -> list[bytes | None]:
    return [a_story(id=headline, headline=headline).to_json() for headline in headlines]
