"""Documents into the archive and the topic, on the real S3 and Kafka."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswire.archive.raw import RawArchive
from newswire.archive.seen import SeenStore
from newswire.archive.store import open_store
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.errors import DependencyUnavailable
from newswire.ingest import parsing
from newswire.ingest.report import DocumentReport, Outcome
from newswire.setup import prepare
from newswire.stack import StackConfig, start_server, stop_server
from tests.ingesting import BODY, entry, feed, ingest, one, page, text
from tests.services import Watch, letters
from tests.webserver import WebServer, unless_known


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


def stored(settings: Settings, key: str | None) -> bytes:
    assert key is not None
    found = open_store(settings).get(key)
    assert found is not None
    return found.data


def test_a_document_is_archived_untouched_and_its_story_says_where(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    # No other test has this copy: from another source it would be no news.
    data = text("Pilots end strike, says the archive").replace(b"\n", b"\r\n")
    path.write_bytes(data)
    report = one(stack, "archived", path)
    assert (report.outcome, report.published, report.errors) == (Outcome.PUBLISHED, 1, ())
    (story,) = stories.records()
    assert story.raw.key == report.raw_key
    assert stored(stack, story.raw.key) == data
    assert story.raw.sha256 == hashlib.sha256(data).hexdigest()
    assert (story.raw.uri, story.raw.source) == (str(path), "archived")
    assert story.raw.key == (f"raw/archived/{story.raw.archived_at:%Y/%m/%d}/{story.raw.sha256}")


def test_bytes_that_no_parser_can_read_are_archived_all_the_same(
    stack: Settings, tmp_path: Path
) -> None:
    watch = letters(stack)
    path = tmp_path / "a.gif"
    path.write_bytes(b"GIF89a" + bytes(range(256)))
    report = one(stack, "unreadable", path)
    assert report.outcome is Outcome.DEAD
    (letter,) = watch.records()
    assert (letter.stage, letter.error) == ("parse", "BinaryInput")
    assert letter.raw.key == report.raw_key
    assert stored(stack, report.raw_key) == path.read_bytes()


def test_a_parser_that_breaks_is_the_fault_of_its_document_alone(
    stack: Settings, stories: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = parsing.parse

    def parse(data: bytes, **about: Any) -> Any:
        if b"Breaks" in data:
            raise RecursionError("too deep")
        return really(data, **about)

    monkeypatch.setattr(parsing, "parse", parse)
    watch = letters(stack)
    for name in ("Breaks", "Holds"):
        (tmp_path / name).write_bytes(text(f"{name} the parser"))
    broken, whole = ingest(stack, "parser", tmp_path / "Breaks", tmp_path / "Holds")
    assert (broken.outcome, whole.outcome) == (Outcome.DEAD, Outcome.PUBLISHED)
    assert [letter.message for letter in watch.records()] == [
        "the parser failed: RecursionError: too deep"
    ]
    assert len(stories.records()) == 1


def test_fetching_again_what_has_not_changed_produces_nothing(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(feed(entry("same-1", "First"), entry("same-2", "Second")))
    first, again = one(stack, "same", path), one(stack, "same", path)
    assert (first.outcome, first.published) == (Outcome.PUBLISHED, 2)
    assert (again.outcome, again.published) == (Outcome.UNCHANGED, 0)
    assert again.story_ids == first.story_ids == ("same-1", "same-2")
    assert len(stories.records()) == 2


def test_only_what_is_new_in_a_feed_is_produced(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(feed(entry("new-1", "First")))
    one(stack, "growing", path)
    path.write_bytes(feed(entry("new-2", "Second"), entry("new-1", "First")))
    report = one(stack, "growing", path)
    assert report.published == 1
    assert sorted(story.id for story in stories.records()) == ["new-1", "new-2"]


def test_copy_that_changes_under_the_same_date_gets_a_higher_version_each_time(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    path = tmp_path / "feed.xml"
    for headline in ("One", "Two", "Three", "One"):
        path.write_bytes(feed(entry("changing", headline)))
        assert one(stack, "changing", path).published == 1
    versions = [story.version for story in stories.records()]
    at = int(datetime(2024, 5, 17, 12, tzinfo=UTC).timestamp() * 1000)
    assert versions == [at, at + 1, at + 2, at + 3]


def test_a_page_without_a_date_that_returns_to_what_it_was_is_news(
    stack: Settings, stories: Watch, web: WebServer
) -> None:
    url = f"{web.url}/page"
    for headline in ("Pilots strike", "Pilots end strike", "Pilots strike"):
        web.serve("/page", page(url, BODY, headline=headline))
        assert one(stack, "undated", url).published == 1
    first, second, third = stories.records()
    assert first.headline == third.headline != second.headline
    assert first.id == second.id == third.id
    assert first.version < second.version < third.version


def test_what_is_older_than_what_was_published_is_not_published(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    dates = ("Fri, 17 May 2024 12:00:00 GMT", "Thu, 16 May 2024 12:00:00 GMT")
    for number, date in enumerate(dates):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(feed(entry("backfilled", f"Number {number}", date)))
        report = one(stack, "backfilled", path)
    assert [story.headline for story in stories.records()] == ["Number 0"]
    assert (report.outcome, len(report.story_ids)) == (Outcome.UNCHANGED, 1)


@pytest.mark.parametrize("source", ["resent", "resent-elsewhere"])
def test_copy_that_is_sent_again_later_outranks_what_was_said_in_between_and_is_no_news(
    stack: Settings, stories: Watch, tmp_path: Path, source: str
) -> None:
    sent = [
        ("resent", "Strike ends", "Fri, 17 May 2024 12:00:00 GMT"),
        (source, "Strike ends", "Fri, 17 May 2024 14:00:00 GMT"),
        ("resent", "Strike goes on", "Fri, 17 May 2024 13:00:00 GMT"),
        ("resent", "Strike ends at noon", "Fri, 17 May 2024 15:00:00 GMT"),
    ]
    for number, (name, headline, date) in enumerate(sent):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(feed(entry(f"sent-again-{source}", headline, date)))
        one(stack, name, path)
    assert [story.headline for story in stories.records()] == ["Strike ends", "Strike ends at noon"]


def test_a_source_that_says_its_own_again_after_what_another_said_is_news_if_it_is_dated_later(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    sent = [
        ("ours", "Strike ends", "Fri, 17 May 2024 12:00:00 GMT"),
        ("theirs", "Strike goes on", "Fri, 17 May 2024 13:00:00 GMT"),
        ("ours", "Strike ends", "Fri, 17 May 2024 12:00:00 GMT"),
        ("ours", "Strike ends", "Fri, 17 May 2024 14:00:00 GMT"),
    ]
    for number, (name, headline, date) in enumerate(sent):
        path = tmp_path / f"{number}.xml"
        path.write_bytes(feed(entry("said-by-two", headline, date)))
        one(stack, name, path)
    headlines = [story.headline for story in stories.records()]
    assert headlines == ["Strike ends", "Strike goes on", "Strike ends"]


def test_a_server_that_says_not_modified_is_believed(
    stack: Settings, stories: Watch, web: WebServer
) -> None:
    url = web.on("/feed", unless_known(feed(entry("conditional", "First")), '"v1"'))
    assert one(stack, "conditional", url).outcome is Outcome.PUBLISHED
    assert one(stack, "conditional", url).outcome is Outcome.UNCHANGED
    assert [sent.get("If-None-Match") for _, sent in web.requests] == [None, '"v1"']
    assert len(stories.records()) == 1


def test_what_kafka_did_not_acknowledge_is_not_remembered(
    stack: Settings, stories: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text("Not acknowledged"))

    def flush(publisher: Publisher) -> None:
        raise DependencyUnavailable("no acknowledgement")

    with monkeypatch.context() as patched:
        patched.setattr(Publisher, "flush", flush)
        with pytest.raises(DependencyUnavailable):
            one(stack, "unacknowledged", path)
    assert one(stack, "unacknowledged", path).published == 1
    # Maybe twice, since closing the producer still sends; but as one version, and never not at all.
    assert {story.version for story in stories.records()} == {stories.records()[0].version}


def test_s3_away_stops_the_fetch_and_loses_nothing(
    stack: Settings, stack_config: StackConfig, stories: Watch, tmp_path: Path
) -> None:
    watch = letters(stack)
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for path in paths:
        path.write_bytes(text(f"Kept for later, {path.name}"))
    stop_server(stack.data_dir, "s3")
    try:
        with pytest.raises(DependencyUnavailable, match=r"S3 bucket .* does not answer"):
            ingest(stack, "s3-away", *paths)
        assert stories.records() == []
    finally:
        start_server(stack_config, "s3")
    reports = ingest(stack, "s3-away", *paths)
    assert [report.outcome for report in reports] == [Outcome.PUBLISHED] * 2
    assert len(stories.records()) == 2
    assert watch.records() == []


@pytest.mark.parametrize(
    "declared",
    ["text/html; charset=utf-8", "text/html; title=\xe9", "x" * 5000, "nonsense", "a/b; c\x01"],
    ids=["usual", "not ASCII", "long", "no type", "control"],
)
def test_any_declared_type_can_be_archived(stack: Settings, declared: str) -> None:
    archive = RawArchive(open_store(stack))
    reference = archive.archive(
        declared.encode(), source="types", uri="https://example.org/", media_type=declared
    )
    assert stored(stack, reference.key) == declared.encode()


def test_any_address_can_be_archived_and_the_first_time_stays_the_time(stack: Settings) -> None:
    archive = RawArchive(open_store(stack))
    for uri in ("https://example.org/ä?ö=ü#%", "https://example.org/" + "x" * 10_000):
        about = {"source": "addresses", "uri": uri, "media_type": "text/plain"}
        first = archive.archive(uri.encode(), **about)
        again = archive.archive(uri.encode(), **about)
        assert again == first
        assert first.uri == uri


def test_a_file_name_that_is_not_utf8_is_no_obstacle(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    Path(name).write_bytes(text("Coffee in Brindle Bay"))
    report = one(stack, "names", name)
    assert report.published == 1
    assert report.uri.endswith("caf\\udce9.txt")
    assert stories.records()[0].raw.uri == report.uri
    assert one(stack, "names", name).outcome is Outcome.UNCHANGED


def ingest_unaware(settings: Settings, source: str, file: Path) -> DocumentReport:
    """As another task does that read the notes before anything of the story was written."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SeenStore, "story", lambda *_: None)
        return one(settings, source, file)


DATED = '<meta property="article:published_time" content="2024-05-17T12:00:00Z">'


@pytest.mark.parametrize("date", [DATED, ""], ids=["dated", "undated"])
def test_two_copies_of_a_story_at_one_moment_get_two_versions_and_one_month(
    stack: Settings, tmp_path: Path, stories: Watch, date: str
) -> None:
    name = f"side-by-side-{bool(date)}".lower()
    for number in (1, 2):
        file = tmp_path / f"{number}.html"
        copy = f"Copy number {number} of the story about the harbour."
        file.write_bytes(page(f"https://example.org/{name}", copy, date=date))
        assert ingest_unaware(stack, name, file).outcome is Outcome.PUBLISHED
    first, second = stories.records()
    assert first.id == second.id
    assert first.version < second.version
    assert first.first_created == second.first_created


def test_a_copy_that_was_not_noted_finds_its_own_claim_again(
    stack: Settings, tmp_path: Path, stories: Watch
) -> None:
    file = tmp_path / "again.html"
    file.write_bytes(page("https://example.org/again", "The same copy.", date=DATED))
    for source in ("again-one", "again-two"):
        ingest_unaware(stack, source, file)
    first, second = stories.records()
    assert (first.id, first.version) == (second.id, second.version)
