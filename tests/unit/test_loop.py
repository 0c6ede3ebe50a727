"""The loop of the workers, over clients that hold a topic in memory."""

from __future__ import annotations

import json
import threading
from typing import Any, cast

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaTimeoutError

from newswire.config import load_settings
from newswire.contracts.cloudevents import decode
from newswire.contracts.topics import DEAD_LETTERS, ENRICHED, STORIES
from newswire.errors import DependencyUnavailable
from newswire.stories.model import DeadLetter, Story
from tests.factories import a_story
from tests.memory import MemoryClients, RecordingStep, failing_on, passed_on, stories
from workers import loop as loop_module
from workers.clients import Clients
from workers.loop import Counts, Loop, StepBroken
from workers.step import Result

SETTINGS = load_settings()


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


def test_what_a_step_cannot_begin_without_is_waited_for_in_the_group() -> None:
    clients = MemoryClients(stories("a"))
    step = RecordingStep(outages_before=[DependencyUnavailable("away")] * 3)
    counts = run(clients, step)
    assert counts.waits == 3
    assert clients.waits >= 3
    assert step.outages_before == []
    assert enriched(clients) == ["a"]


def test_a_worker_that_is_stopped_before_it_could_begin_ends() -> None:
    stop = threading.Event()
    clients = MemoryClients(stories("a"))
    step = RecordingStep()

    def prepare() -> None:
        stop.set()
        raise DependencyUnavailable("away")

    step.prepare = prepare  # type: ignore[method-assign]
    assert run(clients, step, stop).consumed == 0
    assert step.calls == []


def test_kafka_away_before_the_beginning_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    kafka_failures = iter([KafkaTimeoutError("away too")])
    clients = MemoryClients(stories("a"))

    def stay_in_group(needed: set[TopicPartition]) -> bool:
        for failure in kafka_failures:
            raise failure
        return True

    monkeypatch.setattr(clients, "stay_in_group", stay_in_group)
    run(clients, RecordingStep(outages_before=[DependencyUnavailable("away")] * 2))
    assert enriched(clients) == ["a"]


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


def test_a_worker_without_partitions_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger=loop_module.__name__)
    clients = MemoryClients([], has_partition=False)
    polls = iter([False, False, True])
    clients.at_end = lambda: next(polls)  # type: ignore[method-assign]
    run(clients, RecordingStep())
    assert [one.message.split(":")[0] for one in caplog.records] == ["waits for partitions"]
