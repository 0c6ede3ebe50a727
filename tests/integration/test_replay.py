"""Everything that was archived, read again: what a newer parser reads replaces the older, once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from newswire.archive.raw import RawArchive
from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.errors import ConfigError
from newswire.ingest import replay as module
from newswire.ingest.replay import Pace, Selection, replay
from newswire.ingest.report import DocumentReport, Outcome
from newswire.setup import prepare
from newswire.stories import finish
from newswire.stories.model import PubStatus, Story
from tests.ingesting import change_drafts, one, page
from tests.ninjs import killed, ninjs
from tests.services import Watch


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


@pytest.fixture
def source(request: pytest.FixtureRequest) -> str:
    return request.node.originalname.replace("_", "-").removeprefix("test-")[:60].strip("-")


@pytest.fixture
def deliver(stack: Settings, tmp_path: Path, source: str) -> Callable[[bytes], DocumentReport]:
    def ingested(data: bytes) -> DocumentReport:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        path.write_bytes(data)
        return one(stack, source, path)

    return ingested


Deliver = Callable[[bytes], DocumentReport]


def replayed(stack: Settings, place: str) -> list[DocumentReport]:
    pace = Pace(stack, rate=1000, most_lag=10**9)
    return list(replay(stack, Selection.parse(place, stack.s3_bucket), pace))


def newer_parser(monkeypatch: pytest.MonkeyPatch, headline: str) -> None:
    """A parser that reads another headline, and has the next revision."""
    monkeypatch.setattr(finish, "PARSER_REVISION", finish.PARSER_REVISION + 1)
    change_drafts(monkeypatch, lambda read: setattr(read, "headline", headline))


def said(stories: Watch) -> list[tuple[str | None, int, int]]:
    records: list[Story] = stories.records()
    return [(story.headline, story.version, story.parser) for story in records]


def test_the_same_parser_publishes_nothing(
    stack: Settings, stories: Watch, deliver: Deliver, source: str
) -> None:
    deliver(ninjs("urn:replay:same", 1))
    deliver(page("https://example.org/replay-same", "Pilots in Brindle Bay voted on Friday."))
    before = len(stories.records())
    reports = replayed(stack, source)
    assert [report.outcome for report in reports] == [Outcome.UNCHANGED] * 2
    assert len(stories.records()) == before == 2


@pytest.mark.parametrize("dated", [True, False])
def test_what_a_newer_parser_reads_differently_is_published_under_the_version_that_it_has(
    stack: Settings, stories: Watch, deliver: Deliver, source: str, dated: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    date = '<meta property="article:published_time" content="2024-05-17T12:00:00Z">'
    address = f"https://example.org/replay-{dated}"
    for first in ("The first copy of this story.", "The second copy, which followed it."):
        deliver(page(address, first, date=date if dated else ""))
    (_, first, _), (_, second, _) = said(stories)
    newer_parser(monkeypatch, "Better read")
    replayed(stack, source)
    assert [one for one in said(stories) if one[0] == "Better read"] == [
        ("Better read", second, finish.PARSER_REVISION)
    ]
    assert first < second
    replayed(stack, source)
    assert len(stories.records()) == 3


def test_what_was_superseded_or_killed_is_not_published_again(
    stack: Settings, stories: Watch, deliver: Deliver, source: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    deliver(ninjs("urn:replay:killed", 1))
    deliver(ninjs("urn:replay:killed", 2))
    deliver(killed("urn:replay:killed", 3))
    newer_parser(monkeypatch, "Better read")
    replayed(stack, source)
    *_, last = stories.records()
    assert (last.version, last.pub_status) == (3, PubStatus.CANCELED)
    assert [version for _, version, _ in said(stories)] == [1, 2, 3, 3]


def test_a_topic_and_a_memory_that_were_lost_are_filled_from_the_archive(
    stack: Settings, stories: Watch, deliver: Deliver, source: str
) -> None:
    deliver(ninjs("urn:replay:lost", 2, "The second"))
    before = said(stories)
    store = open_store(stack)
    for key in list(store.keys("state/stories/")):
        store.delete(key)
    replayed(stack, source)
    assert said(stories) == before * 2


def test_bytes_that_no_parser_reads_are_named_and_have_no_second_dead_letter(
    stack: Settings, dead: Watch, deliver: Deliver, source: str
) -> None:
    deliver(b"<html><body><form><a href='/login'>Log in</a></form></body></html>")
    deliver(ninjs("urn:replay:beside", 1))
    reports = replayed(stack, source)
    assert sorted(report.outcome for report in reports) == [Outcome.DEAD, Outcome.UNCHANGED]
    assert [len(report.errors) for report in reports if report.errors] == [1]
    assert len(dead.records()) == 1


def test_only_the_days_and_the_prefix_that_are_wanted_are_read(stack: Settings) -> None:
    store = open_store(stack)
    archive = RawArchive(store)
    keys = {}
    for name in ("replay-days", "replay-days-too"):
        for day in (1, 2, 3):
            moment = datetime(2024, 5, day, tzinfo=UTC)
            data = json.dumps([name, day]).encode()
            archived = archive.archive(
                data, source=name, uri="x", media_type="text/plain", now=moment
            )
            keys[name, day] = archived.key

    def selected(place: str, since: date | None = None, until: date | None = None) -> set[str]:
        selection = Selection.parse(place, stack.s3_bucket, since, until)
        return set(module._keys(archive, selection))

    mine = {day: keys["replay-days", day] for day in (1, 2, 3)}
    assert selected("replay-days") == set(mine.values())
    assert selected("raw/replay-days/2024/05/02/") == {mine[2]}
    assert selected(f"s3://{stack.s3_bucket}/{mine[3]}") == {mine[3]}
    assert selected("replay-days", date(2024, 5, 2), date(2024, 5, 2)) == {mine[2]}
    assert set(keys.values()) <= selected("raw/")


@pytest.mark.parametrize("place", ["s3://another/raw/", "state/stories/"])
def test_a_place_without_archived_bytes_is_refused(stack: Settings, place: str) -> None:
    with pytest.raises(ConfigError):
        Selection.parse(place, stack.s3_bucket)


def test_live_news_goes_first(stack: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    behind = iter([500, 300, 100, 0])
    monkeypatch.setattr(module, "lag", lambda *_: next(behind))
    told: list[int] = []
    slept: list[float] = []
    pace = Pace(stack, rate=1000, most_lag=100, waiting=told.append, sleep=slept.append)
    pace.wait()
    assert told == [500, 300]
    assert [pause for pause in slept if pause] == [2.0, 2.0]


def test_no_more_documents_are_sent_than_the_rate_allows(
    stack: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "lag", lambda *_: 0)
    slept: list[float] = []
    pace = Pace(stack, rate=0.01, most_lag=0, sleep=slept.append)
    for _ in range(3):
        pace.wait()
    assert [round(pause) for pause in slept] == [0, 100, 200]
