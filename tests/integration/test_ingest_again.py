"""The same documents at one fetch after the other: what failed, what is held, what is ambiguous."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newswire.config import Settings
from newswire.ingest.report import DocumentReport, Outcome
from newswire.search.document import index_name
from newswire.setup import prepare
from tests.ingesting import change_drafts, entry, feed, one, text
from tests.ninjs import ninjs
from tests.services import Watch
from tests.webserver import WebServer, replying, unless_known

NO_ARTICLE = b"<html><body><form><a href='/login'>Log in</a></form></body></html>"
UNTIL = datetime(2031, 5, 17, 6, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


class Document:
    """A file that changes from fetch to fetch."""

    def __init__(self, settings: Settings, path: Path, source: str) -> None:
        self._settings, self._path, self._source = settings, path, source

    def holding(self, data: bytes) -> DocumentReport:
        self._path.write_bytes(data)
        return one(self._settings, self._source, self._path)


@pytest.fixture
def document(stack: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Document:
    source = request.node.originalname.replace("_", "-")[:60].strip("-")
    return Document(stack, tmp_path / "document", source)


def test_a_bad_entry_of_a_feed_makes_one_dead_letter_however_often_the_feed_changes(
    document: Document, dead: Watch
) -> None:
    bad, unnamed = entry("again-bad", None, body=""), entry(None, "No id, no text", body="")
    reports = [
        document.holding(feed(entry(f"again-{number}", f"Number {number}"), bad, unnamed))
        for number in range(2)
    ]
    # One more before it moves the entry that is known by its place only.
    reports.append(
        document.holding(feed(entry("again-2", "a"), entry("again-3", "b"), bad, unnamed))
    )
    assert [len(report.errors) for report in reports] == [2, 2, 2]
    assert [report.letters for report in reports] == [2, 0, 0]
    assert reports[1].errors[0].endswith("(as at the last fetch: no new dead letter)")
    assert len(dead.records()) == 2


def test_an_entry_makes_another_dead_letter_when_it_was_good_in_between_or_fails_differently(
    document: Document, dead: Watch
) -> None:
    good = entry("between-good", "Good")
    versions = (
        entry("between", None, body=""),
        entry("between", "Now with a title"),
        entry("between", None, body=""),
        entry("between", "Now without a text", body=""),
    )
    made = [document.holding(feed(version, good)).letters for version in versions]
    assert made == [1, 0, 1, 1]
    assert [letter.error for letter in dead.records()] == ["NoHeadline", "NoHeadline", "NoArticle"]


def test_bad_entries_are_still_known_after_the_feed_was_broken_as_a_whole(
    document: Document, dead: Watch
) -> None:
    whole = feed(entry("outage", None, body=""), entry("outage-good", "Good"))
    made = [document.holding(data).letters for data in (whole, NO_ARTICLE, b"", whole, NO_ARTICLE)]
    assert made == [1, 1, 1, 0, 1]
    assert len(dead.records()) == 4


def test_a_document_that_is_still_bad_fails_at_each_fetch_and_has_one_dead_letter(
    document: Document, dead: Watch
) -> None:
    reports = [document.holding(data) for data in (b" ", b" ", b"\n\n")]
    assert [report.outcome for report in reports] == [Outcome.DEAD] * 3
    assert [len(report.errors) for report in reports] == [1, 1, 1]
    assert [report.letters for report in reports] == [1, 0, 0]
    assert len(dead.records()) == 1


def test_an_address_that_can_not_be_fetched_makes_one_dead_letter_for_each_cause(
    stack: Settings, dead: Watch, web: WebServer
) -> None:
    url = f"{web.url}/moody"
    answers = (404, 404, 410, 410, 200, 200, 410)
    reports = []
    for status in answers:
        web.on("/moody", replying(status, text("Pilots end their strike again")))
        reports.append(one(stack, "moody", url))
    assert [report.outcome is Outcome.DEAD for report in reports] == [
        status != 200 for status in answers
    ]
    assert [report.letters for report in reports] == [1, 0, 1, 0, 0, 0, 1]
    assert [letter.message for letter in dead.records()] == [
        "HTTP 404 Not Found", "HTTP 410 Gone", "HTTP 410 Gone"
    ]  # fmt: skip


def test_of_two_entries_under_one_id_the_newer_counts_at_every_change_of_the_feed(
    document: Document, stories: Watch, dead: Watch
) -> None:
    newer = entry("twice", "The newer", "Sat, 18 May 2024 12:00:00 GMT")
    older = entry("twice", "The older", "Fri, 17 May 2024 12:00:00 GMT")
    reports = [
        document.holding(feed(*entries))
        for entries in (
            (newer, older),
            (older, newer),
            (entry("twice-other", "Another story"), newer, older),
        )
    ]
    assert [report.published for report in reports] == [1, 0, 1]
    assert [len(report.errors) for report in reports] == [1, 1, 1]
    assert sorted(story.headline or "" for story in stories.records()) == [
        "Another story", "The newer"
    ]  # fmt: skip
    (letter,) = dead.records()
    assert letter.message == "'The older' has the id of a newer entry of the same document"


def test_each_entry_that_gives_way_to_a_newer_one_has_its_dead_letter(
    document: Document, dead: Watch
) -> None:
    days = [
        entry("diary", f"Day {day}", f"Fri, {day + 16} May 2024 12:00:00 GMT") for day in (1, 2, 3)
    ]
    reports = [document.holding(feed(*entries)) for entries in (days, days[::-1])]
    assert [report.letters for report in reports] == [2, 0]
    assert sorted(letter.message[:7] for letter in dead.records()) == ["'Day 1'", "'Day 2'"]


def embargoed(monkeypatch: pytest.MonkeyPatch, until: datetime = UNTIL) -> None:
    change_drafts(monkeypatch, lambda draft: setattr(draft, "embargoed_until", until))


def test_a_held_story_says_until_when_at_each_fetch_and_is_published_after_that(
    stack: Settings, stories: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embargoed(monkeypatch)
    path = tmp_path / "a.txt"
    path.write_bytes(text("Strike ends in the morning"))
    before, after = UNTIL - timedelta(seconds=1), UNTIL
    for report in (one(stack, "embargo", path, now=before) for _ in range(2)):
        assert (report.outcome, report.published, report.errors) == (Outcome.HELD, 0, ())
        (story_id,) = report.story_ids
        assert report.held == {story_id: UNTIL}
        assert report.embargoes == (f"{path}: {story_id} is held until 2031-05-17 06:00 UTC",)
    assert stories.records() == []
    report = one(stack, "embargo", path, now=after)
    assert (report.outcome, report.published, report.held) == (Outcome.PUBLISHED, 1, {})
    assert len(stories.records()) == 1
    assert one(stack, "embargo", path, now=after).outcome is Outcome.UNCHANGED


def test_a_server_is_not_asked_for_changes_only_once_an_embargo_is_over(
    stack: Settings, web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    embargoed(monkeypatch)
    url = web.on("/held", unless_known(text("Pilots end a strike under embargo"), '"v1"'))
    reports = [
        one(stack, "held-page", url, now=now)
        for now in (UNTIL - timedelta(days=1), UNTIL - timedelta(hours=1), UNTIL)
    ]
    assert [report.outcome for report in reports] == [
        Outcome.HELD, Outcome.HELD, Outcome.PUBLISHED
    ]  # fmt: skip
    assert [sent.get("If-None-Match") for _, sent in web.requests] == [None, '"v1"', None]


def test_a_bad_entry_beside_a_held_story_has_one_dead_letter(
    stack: Settings, tmp_path: Path, dead: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    embargoed(monkeypatch)
    path = tmp_path / "feed.xml"
    for now, headline in ((UNTIL - timedelta(days=1), "One"), (UNTIL, "Two")):
        path.write_bytes(feed(entry("beside-held", headline), entry("beside-bad", None, body="")))
        one(stack, "beside-held", path, now=now)
    assert len(dead.records()) == 1


@pytest.mark.parametrize("year", ["2999", "1899", "0001"])
def test_a_date_that_can_not_be_true_makes_no_index_of_its_own(
    document: Document, stories: Watch, year: str
) -> None:
    stated = f"{year}-05-17T12:00:00Z"
    report = document.holding(feed(entry(f"absurd-{year}", "From another time", stated)))
    assert (report.published, report.errors) == (1, ())
    (story,) = stories.records()
    assert index_name(story) == f"newswire-stories-{story.raw.archived_at:%Y.%m}"
    moment = f"{year}-05-17T12:00:00+00:00"
    assert story.extra["dates_not_believed"] == {
        "first_created": moment, "version_created": moment
    }  # fmt: skip
    assert json.loads(story.to_json())["version"] < 2**43


def test_the_same_copy_from_another_source_is_no_news_and_its_change_is(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    path = tmp_path / "wire.json"
    path.write_bytes(ninjs("urn:test:other-source", None))
    outcomes = [one(stack, source, path).outcome for source in ("first-desk", "second-desk")]
    assert outcomes == [Outcome.PUBLISHED, Outcome.UNCHANGED]
    path.write_bytes(ninjs("urn:test:other-source", None, "Pilots vote again"))
    assert one(stack, "second-desk", path).outcome is Outcome.PUBLISHED
    assert [story.headline for story in stories.records()] == [
        "Pilots end strike", "Pilots vote again"
    ]  # fmt: skip
