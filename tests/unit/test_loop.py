"""The loop of the workers, over clients that hold a topic in memory."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from kafka import TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import CommitFailedError, KafkaTimeoutError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from newswire.config import load_settings
from newswire.contracts.cloudevents import decode
from newswire.contracts.topics import DEAD_LETTERS, ENRICHED, STORIES
from newswire.errors import DependencyUnavailable
from newswire.stories.identity import kafka_key
from newswire.stories.model import DeadLetter, EnrichedStory, PubStatus, Story
from tests.factories import a_story, an_enriched_story, an_enrichment
from workers import loop as loop_module
from workers.clients import Clients
from workers.enrich import EnrichStep
from workers.loop import Counts, Loop, StepBroken
from workers.step import Message, Output, Result

PARTITION = TopicPartition(STORIES, 0)
SETTINGS = load_settings()


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
        assert needed == {PARTITION}
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

    def process(self, messages: Sequence[Message[Story]]) -> list[Result]:
        self.calls.append([message.record.headline or "" for message in messages])
        return [self.handle(message.record) for message in messages]


def passed_on(story: Story) -> Output:
    return Output(ENRICHED, kafka_key(story.id), an_enriched_story(story))


def failing_on(*headlines: str) -> Callable[[Story], Result]:
    def handle(story: Story) -> Result:
        if story.headline in headlines:
            raise LookupError(f"no words for {story.headline}")
        return passed_on(story)

    return handle


def stories(*headlines: str) -> list[bytes | None]:
    return [a_story(id=headline, headline=headline).to_json() for headline in headlines]


def run(clients: MemoryClients, step: RecordingStep, stop: threading.Event | None = None) -> Counts:
    loop = Loop(SETTINGS, cast(Any, step), Story, cast(Clients, clients), stop or threading.Event())
    return loop.run(drain=True)


def enriched(clients: MemoryClients) -> list[str]:
    return [
        json.loads(sent.value)["story"]["headline"]
        for sent in clients.sent
        if sent.topic == ENRICHED
    ]


def letters(clients: MemoryClients) -> list[DeadLetter]:
    return [
        DeadLetter.model_validate_json(sent.value)
        for sent in clients.sent
        if sent.topic == DEAD_LETTERS
    ]


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_module, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(loop_module, "LONGEST_WAIT_S", 0.004)


def test_outputs_and_offsets_go_out_together_in_order_with_their_headers() -> None:
    clients = MemoryClients(stories(*"abcde"))
    counts = run(clients, RecordingStep(batch_records=2))
    assert enriched(clients) == list("abcde")
    assert clients.committed == 5
    assert counts == Counts(consumed=5, produced=5, transactions=3)
    first = clients.sent[0]
    assert first.key == b"a"
    assert decode(first.headers)["ce_source"] == "/newswire/enrich"


def test_a_record_that_is_no_story_is_a_dead_letter_with_its_origin_and_its_value() -> None:
    values = stories("a", "b")
    values.insert(1, b"not JSON")
    values.append(None)
    clients = MemoryClients(values)
    counts = run(clients, RecordingStep())
    assert enriched(clients) == ["a", "b"]
    words, nothing = letters(clients)
    assert (words.origin.topic, words.origin.partition, words.origin.offset) == (STORIES, 0, 1)
    assert (words.stage, words.error, words.value) == (
        "enrich",
        "ContractViolation",
        "bm90IEpTT04=",
    )
    assert "not JSON" in words.message
    assert (nothing.origin.offset, nothing.value) == (3, None)
    assert counts == Counts(consumed=4, produced=2, dead=2, transactions=1)


def test_a_batch_with_one_poisonous_message_is_halved_until_it_is_alone() -> None:
    clients = MemoryClients(stories(*"abcdefgh"))
    step = RecordingStep(failing_on("f"))
    run(clients, step)
    assert enriched(clients) == list("abcdegh")
    (letter,) = letters(clients)
    assert (letter.origin.offset, letter.error) == (5, "LookupError")
    assert letter.message == "no words for f"
    assert letter.raw == a_story().raw
    assert [len(call) for call in step.calls] == [8, 4, 4, 2, 1, 1, 2]


def test_a_result_that_is_an_error_is_a_dead_letter_and_none_is_nothing() -> None:
    results: dict[str | None, Result] = {"a": ValueError("refused"), "b": None}
    clients = MemoryClients(stories("a", "b", "c"))
    counts = run(clients, RecordingStep(lambda story: results.get(story.headline) or (
        None if story.headline in results else passed_on(story)
    )))  # fmt: skip
    assert enriched(clients) == ["c"]
    assert [letter.message for letter in letters(clients)] == ["refused"]
    assert counts == Counts(consumed=3, produced=1, dead=1, transactions=1)


def test_an_output_that_breaks_its_contract_is_a_dead_letter() -> None:
    def handle(story: Story) -> Result:
        nameless = story.model_copy(update={"headline": None})
        return passed_on(nameless if story.headline == "b" else story)

    clients = MemoryClients(stories("a", "b"))
    run(clients, RecordingStep(handle))
    assert enriched(clients) == ["a"]
    (letter,) = letters(clients)
    assert (letter.error, letter.origin.offset) == ("ContractViolation", 1)


def test_a_dependency_that_is_away_is_waited_for_with_the_same_messages() -> None:
    outages = iter([DependencyUnavailable("away"), DependencyUnavailable("away")])

    def handle(story: Story) -> Result:
        for outage in outages:
            raise outage
        return passed_on(story)

    clients = MemoryClients(stories("a", "b"))
    step = RecordingStep(handle)
    counts = run(clients, step)
    assert step.calls == [["a", "b"]] * 3
    assert enriched(clients) == ["a", "b"]
    assert letters(clients) == []
    assert counts.waits == 2
    assert clients.waits >= 2


def test_kafka_failing_while_another_dependency_is_waited_for_is_no_messages_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outages = iter([DependencyUnavailable("away")])
    kafka_failures = iter([KafkaTimeoutError("away too")])
    clients = MemoryClients(stories("a", "b"))

    def stay_in_group(needed: set[TopicPartition]) -> bool:
        for failure in kafka_failures:
            raise failure
        return True

    def handle(story: Story) -> Result:
        for outage in outages:
            raise outage
        return passed_on(story)

    monkeypatch.setattr(clients, "stay_in_group", stay_in_group)
    run(clients, RecordingStep(handle))
    assert letters(clients) == []
    assert enriched(clients) == ["a", "b"]


def test_partitions_that_are_lost_while_waiting_take_the_batch_back() -> None:
    def handle(story: Story) -> Result:
        if clients.waits < 3:
            raise DependencyUnavailable("away")
        return passed_on(story)

    clients = MemoryClients(stories("a", "b"), lost_after_waits=1)
    counts = run(clients, RecordingStep(handle))
    # Given back at the second wait; this worker gets them again and does the whole batch.
    assert enriched(clients) == ["a", "b"]
    assert counts.consumed == 2


def test_a_worker_that_is_stopped_while_it_waits_commits_nothing() -> None:
    stop = threading.Event()

    def handle(story: Story) -> Result:
        stop.set()
        raise DependencyUnavailable("away")

    clients = MemoryClients(stories("a"))
    counts = run(clients, RecordingStep(handle), stop)
    assert (clients.sent, clients.committed, counts.consumed) == ([], 0, 0)


def test_a_transaction_that_fails_is_done_again_whole() -> None:
    clients = MemoryClients(stories("a", "b"), transactions_that_fail=2)
    counts = run(clients, RecordingStep())
    assert enriched(clients) == ["a", "b"]
    assert (clients.aborted, clients.committed) == (2, 2)
    assert counts == Counts(consumed=2, produced=2, transactions=1)


def test_a_commit_whose_outcome_is_not_known_is_looked_up_and_not_done_twice() -> None:
    clients = MemoryClients(stories(*"abcd"), commits_without_an_answer=1, answers_that_fail=2)
    run(clients, RecordingStep(batch_records=2))
    assert enriched(clients) == list("abcd")


def test_what_was_read_before_the_membership_was_lost_is_not_committed() -> None:
    clients = MemoryClients(stories("a", "b"), generations=[-1])
    step = RecordingStep()
    counts = run(clients, step)
    # Read once more, as a member again.
    assert step.calls == [["a", "b"]]
    assert enriched(clients) == ["a", "b"]
    assert counts.consumed == 2


def test_the_generation_is_that_of_the_time_of_reading() -> None:
    # Each batch asks once: had the commit asked again, it would be of generation 2 and refused.
    clients = MemoryClients(stories("a"), generations=[1, 2])
    run(clients, RecordingStep())
    assert clients.generations == [2]


def test_kafka_away_at_the_poll_is_waited_for() -> None:
    clients = MemoryClients(stories("a"), polls_that_fail=3)
    run(clients, RecordingStep())
    assert enriched(clients) == ["a"]


def test_a_step_that_fails_on_everything_stops_the_worker_before_it_empties_the_topic() -> None:
    names = [f"story {number}" for number in range(40)]
    clients = MemoryClients(stories(*names))
    with pytest.raises(StepBroken, match=r"enrich step failed on 8 messages in a row.*LookupError"):
        run(clients, RecordingStep(failing_on(*names)))
    assert len(letters(clients)) < 8
    assert clients.committed == len(letters(clients))


def test_faults_with_successes_between_them_do_not_stop_the_worker() -> None:
    names = [f"story {number}" for number in range(80)]
    clients = MemoryClients(stories(*names))
    run(clients, RecordingStep(failing_on(*names[::2])))
    assert len(letters(clients)) == 40
    assert enriched(clients) == names[1::2]


class FixedEnricher:
    """Enriches every story alike, and remembers which it was given."""

    def __init__(self) -> None:
        self.given: list[str | None] = []

    def enrich(self, stories: Sequence[Story]) -> list[Any]:
        self.given += [story.headline for story in stories]
        return [an_enrichment() for _ in stories]


def a_message(story: Story) -> Message[Story]:
    return Message(STORIES, 0, 0, kafka_key(story.id), story.to_json(), story)


def test_a_withdrawn_story_passes_the_enrich_step_without_an_enrichment() -> None:
    killed = a_story(pub_status=PubStatus.CANCELED, headline=None, body=())
    enricher = FixedEnricher()
    before, between, after = EnrichStep(enricher).process(
        [a_message(one) for one in (a_story(headline="a"), killed, a_story(headline="b"))]
    )
    assert enricher.given == ["a", "b"]
    assert isinstance(between, Output)
    assert between.record == EnrichedStory(story=killed)
    for result in (before, after):
        assert isinstance(result, Output)
        assert cast(EnrichedStory, result.record).enrichment is not None
