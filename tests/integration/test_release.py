"""Embargoes: nothing before its time, what was corrected or killed meanwhile as such, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.ingest.release import release
from newswire.ingest.report import DocumentReport, Outcome
from newswire.setup import prepare
from newswire.stack import StackConfig, start_server, stop_server
from newswire.stories.model import PubStatus, Story
from tests.ingesting import one
from tests.ninjs import killed, ninjs
from tests.services import Watch

UNTIL = datetime(2031, 5, 17, 6, tzinfo=UTC)
BEFORE = UNTIL - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_held(stack: Settings) -> None:
    prepare(stack)
    store = open_store(stack)
    for key in list(store.keys("state/held/")):
        store.delete(key)


@pytest.fixture
def deliver(stack: Settings, tmp_path: Path) -> Callable[..., DocumentReport]:
    """Ingest a document under a name of its own, before the embargo's end."""

    def ingested(data: bytes, now: datetime = BEFORE) -> DocumentReport:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        path.write_bytes(data)
        return one(stack, "embargoes", path, now=now)

    return ingested


def released(stack: Settings, now: datetime = UNTIL) -> list[DocumentReport]:
    return release(stack, clock=lambda: now)


def said(stories: Watch) -> list[tuple[str | None, int, PubStatus]]:
    records: list[Story] = stories.records()
    return [(story.headline, story.version, story.pub_status) for story in records]


Deliver = Callable[..., DocumentReport]


def test_a_story_is_published_when_its_embargo_ends_and_survives_a_restart_until_then(
    stack: Settings, stack_config: StackConfig, stories: Watch, deliver: Deliver
) -> None:
    copy = ninjs("urn:test:held", 1, embargoed=UNTIL)
    assert deliver(copy).outcome is Outcome.HELD
    stop_server(stack.data_dir, "s3", kill=True)
    start_server(stack_config, "s3")
    assert released(stack, BEFORE) == []
    assert stories.records() == []
    (report,) = released(stack)
    assert (report.outcome, report.story_ids) == (Outcome.PUBLISHED, ("urn:test:held",))
    assert said(stories) == [("Pilots end strike", 1, PubStatus.USABLE)]
    # Neither a second release nor the same copy from its source is news.
    assert released(stack) == []
    assert deliver(copy, UNTIL).outcome is Outcome.UNCHANGED
    assert len(stories.records()) == 1


def test_a_release_that_was_killed_before_it_could_forget_publishes_nothing_twice(
    stack: Settings, stories: Watch, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(ninjs("urn:test:twice", 1, embargoed=UNTIL))
    with monkeypatch.context() as patched:
        patched.setattr("newswire.archive.held.HeldStore.drop", lambda *_: None)
        released(stack)
    (report,) = released(stack)
    assert report.outcome is Outcome.UNCHANGED
    assert len(stories.records()) == 1


def test_a_story_that_is_killed_under_its_embargo_is_never_published(
    stack: Settings, stories: Watch, deliver: Deliver
) -> None:
    deliver(ninjs("urn:test:killed", 1, embargoed=UNTIL))
    assert deliver(killed("urn:test:killed", 2, embargoed=UNTIL)).outcome is Outcome.PUBLISHED
    # The kill is known at once, and what the story would have said is not.
    assert said(stories) == [(None, 2, PubStatus.CANCELED)]
    (report,) = released(stack)
    assert report.outcome is Outcome.UNCHANGED
    assert len(stories.records()) == 1


def test_what_was_corrected_under_the_embargo_goes_out_as_corrected(
    stack: Settings, stories: Watch, deliver: Deliver
) -> None:
    # The correction came first: order means nothing.
    deliver(ninjs("urn:test:corrected", 2, "CORRECTED-Pilots end strike", embargoed=UNTIL))
    deliver(ninjs("urn:test:corrected", 1, embargoed=UNTIL))
    assert len(released(stack)) == 1
    assert said(stories) == [("CORRECTED-Pilots end strike", 2, PubStatus.USABLE)]


def test_an_embargo_that_was_moved_is_kept_as_moved(
    stack: Settings, stories: Watch, deliver: Deliver
) -> None:
    later = UNTIL + timedelta(hours=1)
    deliver(ninjs("urn:test:moved", 1, embargoed=UNTIL))
    deliver(ninjs("urn:test:moved", 2, embargoed=later))
    assert released(stack) == []
    assert len(released(stack, later)) == 1
    assert [version for _, version, _ in said(stories)] == [2]


def test_a_newer_version_without_an_embargo_outruns_the_one_that_is_held(
    stack: Settings, stories: Watch, deliver: Deliver
) -> None:
    deliver(ninjs("urn:test:outrun", 1, embargoed=UNTIL))
    deliver(ninjs("urn:test:outrun", 2, "Free at last"))
    (report,) = released(stack)
    assert report.outcome is Outcome.UNCHANGED
    assert said(stories) == [("Free at last", 2, PubStatus.USABLE)]


def test_only_the_story_that_is_due_leaves_its_document(
    stack: Settings, stories: Watch, deliver: Deliver
) -> None:
    later = UNTIL + timedelta(hours=1)
    both = [ninjs("urn:test:due", 1, embargoed=UNTIL), ninjs("urn:test:not", 1, embargoed=later)]
    deliver(b"[" + b",".join(both) + b"]")
    (report,) = released(stack)
    assert report.story_ids == ("urn:test:due",)
    assert len(stories.records()) == 1
    assert len(released(stack, later)) == 1


def test_a_held_story_that_can_not_be_read_any_more_is_a_dead_letter(
    stack: Settings, dead: Watch, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(ninjs("urn:test:unread", 1, embargoed=UNTIL))

    def fails(*_: object, **__: object) -> None:
        raise ValueError("a fault of the parser")

    with monkeypatch.context() as patched:
        patched.setattr("newswire.ingest.parsing.parse", fails)
        (report,) = released(stack)
    assert report.outcome is Outcome.DEAD
    (letter,) = dead.records()
    assert letter.raw.key == report.raw_key
    assert released(stack) == []
