"""A failure makes one dead letter until it changes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import pytest

from newswire.contracts.topics import DEAD_LETTERS
from newswire.errors import FetchError, MalformedInput, NoArticle, NoHeadline
from newswire.ingest.failures import Failures, writable
from newswire.stories.model import DeadLetter, Origin, Record

ORIGIN = Origin(source="desk", uri="https://example.org/feed.xml")


@dataclass
class Topic:
    """What was sent."""

    letters: list[DeadLetter] = field(default_factory=list)

    def publish(self, topic: str, record: Record, key: bytes | None) -> None:
        assert (topic, isinstance(record, DeadLetter)) == (DEAD_LETTERS, True)
        assert isinstance(record, DeadLetter)
        assert key == (record.origin.uri or "").encode()
        self.letters.append(record)

    def failures(self, before: Collection[str] = ()) -> Failures:
        return Failures(self.publish, ORIGIN, before)


def test_the_same_failure_at_the_next_fetch_is_a_line_and_no_letter() -> None:
    topic = Topic()
    first = topic.failures()
    first.add("parse", NoHeadline("an entry without a title"), entry="a")
    again = topic.failures(first.remembered)
    again.add("parse", NoHeadline("an entry without a title"), entry="a")
    line = "https://example.org/feed.xml#a: an entry without a title"
    assert (first.letters, first.lines) == (1, (line,))
    assert again.letters == 0
    assert again.lines == (f"{line} (as at the last fetch: no new dead letter)",)
    assert again.remembered == first.remembered
    assert [letter.origin.uri for letter in topic.letters] == ["https://example.org/feed.xml#a"]


def test_another_cause_another_class_and_another_entry_are_other_failures() -> None:
    topic = Topic()
    first = topic.failures()
    first.add("parse", NoHeadline("no title"), entry="a")
    others = topic.failures(first.remembered)
    others.add("parse", NoHeadline("no title at all"), entry="a")
    others.add("parse", NoArticle("no title"), entry="a")
    others.add("parse", NoHeadline("no title"), entry="b")
    others.add("parse", NoHeadline("no title"))
    assert others.letters == 4
    assert others.remembered.keys().isdisjoint(first.remembered)


@pytest.mark.parametrize(
    ("cause", "later"),
    [
        (
            "no answer: peer closed connection (received 1205 bytes, expected 4096)",
            "no answer: peer closed connection (received 318 bytes, expected 4096)",
        ),
        (
            "wire.example.org is at 10.0.0.3, which is not a public address",
            "wire.example.org is at fd00::17, which is not a public address",
        ),
        (
            "redirected more than 5 times, last to https://example.org/?session=ab",
            "redirected more than 5 times, last to https://example.org/?session=cd",
        ),
        ("HTTP 503 Busy since 12:04:11Z", "HTTP 503 Busy since 12:09:54Z"),
        (
            "not XML: mismatched tag, line 71, column 2",
            "not XML: mismatched tag, line 8, column 20",
        ),
    ],
    ids=["bytes", "address", "session", "time", "line"],
)
def test_a_failure_whose_text_differs_at_each_fetch_is_the_same_one(cause: str, later: str) -> None:
    topic = Topic()
    first = topic.failures()
    first.add("fetch", FetchError(cause))
    again = topic.failures(first.remembered)
    again.add("fetch", FetchError(later))
    assert (again.letters, again.remembered.keys()) == (0, first.remembered.keys())
    assert again.lines[0].startswith(f"https://example.org/feed.xml: {later} (as at"), (
        "as it is now"
    )


def test_another_status_of_http_is_another_cause() -> None:
    topic = Topic()
    first = topic.failures()
    first.add("fetch", FetchError("HTTP 503 Service Unavailable"))
    gone = topic.failures(first.remembered)
    gone.add("fetch", FetchError("HTTP 410 Gone"))
    assert gone.letters == 1


def test_several_parts_of_one_id_are_told_by_their_keys() -> None:
    topic = Topic()
    failures = topic.failures()
    for day in (1, 2):
        cause = f"'Day {day}' has the id of a newer entry"
        failures.add("parse", MalformedInput(cause), entry="a", key=f"a Day {day}")
    assert failures.letters == 2


def test_a_place_that_moves_is_told_by_its_key() -> None:
    topic = Topic()
    first, moved = topic.failures(), topic.failures()
    first.add("parse", NoHeadline("no title"), entry="entry 3", key="what it says")
    moved.add("parse", NoHeadline("no title"), entry="entry 4", key="what it says")
    assert first.remembered.keys() == moved.remembered.keys()


def test_what_is_remembered_of_a_failure_is_short() -> None:
    failures = Topic().failures()
    failures.add("fetch", FetchError("x" * 10_000))
    assert [len(line) for line in failures.remembered.values()] == [500]


def test_an_address_is_written_without_credentials_and_in_utf8() -> None:
    assert writable("https://ada:secret@example.org/") == "https://***@example.org/"
    assert writable("/in/caf\udce9.txt") == "/in/caf\\udce9.txt"
