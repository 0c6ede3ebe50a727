"""What a server asks of us holds over runs: through the ingest, with the notes in a real S3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newswire.archive.notes import StoredNotes
from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.ingest import pipeline
from newswire.ingest.batches import summarise
from newswire.ingest.pipeline import SourceRules
from newswire.ingest.report import DocumentReport, Outcome, totals
from newswire.setup import prepare
from newswire.sources.access import Access
from newswire.sources.files import list_settled
from tests.ingesting import page, text
from tests.services import Watch, letters
from tests.webserver import WebServer, replying


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


def run(stack: Settings, source: str, *uris: str, **about: Any) -> list[DocumentReport]:
    return pipeline.ingest(uris, SourceRules(source, internal=True, **about), stack)


def test_a_server_that_says_come_later_gets_no_dead_letter_and_no_request_until_then(
    stack: Settings, stories: Watch, web: WebServer
) -> None:
    dead = letters(stack)
    busy = web.on("/busy", replying(503, headers={"Retry-After": "3600"}))
    other = web.serve("/other", page(f"{web.url}/other", "A bridge opens."))
    reports = run(stack, "busy", busy, other)
    assert [one.outcome for one in reports] == [Outcome.WAITING, Outcome.WAITING]
    assert f"{busy}: {web.url} wants to be left alone until " in (reports[0].waits or "")
    counted = totals(reports)
    assert (counted.waiting, counted.failed, counted.dead_letters) == (2, 0, 0)
    assert not summarise(reports).all_dead
    again = run(stack, "another-source", other)
    assert [one.outcome for one in again] == [Outcome.WAITING]
    assert [path for path, _ in web.requests] == ["/busy"]
    assert dead.records() == []
    # As it is when the hour is over.
    over = b'{"until": "2024-01-01T00:00:00Z"}'
    StoredNotes(open_store(stack)).write(f"wait {web.url}", over)
    assert [one.outcome for one in run(stack, "busy", other)] == [Outcome.PUBLISHED]


def test_robots_txt_is_asked_for_once_by_all_runs_and_what_it_forbids_is_a_dead_letter(
    stack: Settings, stories: Watch, web: WebServer
) -> None:
    dead = letters(stack)
    web.serve("/robots.txt", b"User-agent: Newswire\nDisallow: /no\n")
    uris = [
        web.serve(path, page(f"{web.url}{path}", f"Story of {path}.", headline=f"Story {path}"))
        for path in ("/yes", "/no")
    ]
    access = Access(robots=True, delay_s=0)
    for _ in range(2):
        reports = run(stack, "robots", *uris, access=access)
    assert [one.outcome for one in reports] == [Outcome.UNCHANGED, Outcome.DEAD]
    assert [path for path, _ in web.requests].count("/robots.txt") == 1
    assert "/no" not in [path for path, _ in web.requests]
    (letter,) = dead.records()
    assert "does not allow Newswire to fetch it" in letter.message


def test_a_file_that_grows_is_left_and_taken_by_the_run_after(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    whole = text("Dock workers vote")
    path.write_bytes(whole[:40])
    (listed,) = list_settled(tmp_path, "*", 0)
    assert listed.state is not None
    path.write_bytes(whole)
    (report,) = run(stack, "growing", listed.uri, listed={listed.uri: listed.state})
    assert (report.outcome, report.letters) == (Outcome.WAITING, 0)
    assert stories.records() == []
    (listed,) = list_settled(tmp_path, "*", 0)
    for outcome in (Outcome.PUBLISHED, Outcome.UNCHANGED):
        (report,) = run(stack, "growing", listed.uri, listed={listed.uri: listed.state or ""})
        assert report.outcome is outcome
    (story,) = stories.records()
    assert story.headline == "Dock workers vote"


def test_a_page_of_a_sitemap_is_not_asked_for_while_its_listing_says_the_same(
    stack: Settings, stories: Watch, web: WebServer
) -> None:
    uri = web.serve("/page", page(f"{web.url}/page", "A lock opens.", headline="Lock opens"))
    for state in ("2024-05-03", "2024-05-03", "2024-05-04", "2024-05-04"):
        run(stack, "listed", uri, listed={uri: state})
    assert [path for path, _ in web.requests] == ["/page", "/page"]
    assert len(stories.records()) == 1
