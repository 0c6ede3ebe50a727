"""What was archived is what became of it: counted from the archive, not from what runs say."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from newswire.archive.outcomes import Fate, Outcomes
from newswire.archive.raw import Day, RawArchive
from newswire.archive.seen import SeenStore
from newswire.archive.store import open_store
from newswire.balance import balance
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.errors import DependencyUnavailable
from newswire.ingest.release import release
from newswire.ingest.replay import Pace, Selection, replay
from newswire.ingest.report import DocumentReport, Outcome
from newswire.search.balance import INDEX, Row
from newswire.search.client import open_client
from newswire.search.document import document
from newswire.search.writer import IndexWriter
from newswire.setup import prepare
from tests import shell
from tests.factories import a_raw_reference, a_story, an_enriched_story
from tests.ingesting import ingest, one, text
from tests.ninjs import killed, ninjs
from tests.services import Watch

NO_STORY = b"<html><body><form><a href='/login'>Log in</a></form></body></html>"


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


@pytest.fixture
def source(request: pytest.FixtureRequest) -> str:
    name = request.node.originalname.replace("_", "-").removeprefix("test-")
    return f"balance-{name}"[:60].strip("-")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    def written(data: bytes) -> Path:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        path.write_bytes(data)
        return path

    return written


Write = Callable[[bytes], Path]


def counted(settings: Settings, source: str) -> dict[str, int]:
    """The counts of a source's only day that aren't 0."""
    (row,) = balance(settings, source=source)
    counts = row.model_dump(exclude={"source", "day", "quality", "counted_at"})
    return {name: count for name, count in counts.items() if count}


def replayed(settings: Settings, source: str) -> list[DocumentReport]:
    pace = Pace(settings, rate=1000, most_lag=10**9)
    return list(replay(settings, Selection.parse(source, settings.s3_bucket), pace))


def test_each_archived_document_is_published_a_duplicate_held_or_dead(
    stack: Settings, source: str, write: Write
) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    copy = ninjs(f"urn:{source}:1", 1)
    ingest(
        stack,
        source,
        write(copy),
        write(copy + b"\n"),
        write(copy + b"\n\n"),
        write(text("A strike of balances ends")),
        write(ninjs(f"urn:{source}:2", 1, embargoed=later)),
        write(NO_STORY),
    )
    expected = {"archived": 6, "published": 2, "duplicates": 2, "held": 1, "dead": 1}
    assert counted(stack, source) == expected
    assert sorted(one.outcome for one in replayed(stack, source)) == [
        Outcome.DEAD, Outcome.HELD, *[Outcome.UNCHANGED] * 4,
    ]  # fmt: skip
    assert counted(stack, source) == expected, "what is read again counts as it did at its best"


def test_the_same_bytes_and_what_never_came_count_once_and_not_at_all(
    stack: Settings, source: str, write: Write, tmp_path: Path
) -> None:
    copy = ninjs(f"urn:{source}", 1)
    ingest(stack, source, write(copy), write(copy), tmp_path / "is-not-there")
    assert counted(stack, source) == {"archived": 1, "published": 1}


def test_what_was_killed_before_it_was_noted_is_unaccounted_for_until_it_is_taken_in_again(
    stack: Settings, source: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(ninjs(f"urn:{source}", 1))

    def die(publisher: Publisher) -> None:
        raise DependencyUnavailable("Kafka is away", "wait")

    with monkeypatch.context() as away:
        away.setattr(Publisher, "flush", die)
        away.setattr(Publisher, "__exit__", lambda *_: None)
        with pytest.raises(DependencyUnavailable):
            one(stack, source, path)
    assert counted(stack, source) == {"archived": 1, "unaccounted": 1}
    one(stack, source, path)
    assert counted(stack, source) == {"archived": 1, "published": 1}


def test_what_was_published_and_killed_before_it_was_remembered_is_no_duplicate(
    stack: Settings, source: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(ninjs(f"urn:{source}", 1))

    def die(*_: object) -> None:
        raise DependencyUnavailable("S3 is away", "wait")

    for forgets in ("remember_story", "remember_document"):
        with monkeypatch.context() as away:
            away.setattr(SeenStore, forgets, die)
            with pytest.raises(DependencyUnavailable):
                one(stack, source, path)
    one(stack, source, path)
    assert counted(stack, source) == {"archived": 1, "published": 1}


def test_what_its_source_has_no_more_is_accounted_for_by_a_replay_and_has_its_dead_letter(
    stack: Settings, source: str, dead: Watch
) -> None:
    archive = RawArchive(open_store(stack))
    for data in (ninjs(f"urn:{source}", 1), NO_STORY):
        archive.archive(data, source=source, uri="file:gone", media_type="text/plain")
    assert counted(stack, source) == {"archived": 2, "unaccounted": 2}
    for _ in range(2):
        replayed(stack, source)
        assert counted(stack, source) == {"archived": 2, "published": 1, "dead": 1}
        assert len(dead.records()) == 1


def test_what_was_held_becomes_published_when_it_is_released(
    stack: Settings, source: str, write: Write
) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    one(stack, source, write(ninjs(f"urn:{source}", 1, embargoed=until)))
    assert counted(stack, source) == {"archived": 1, "held": 1}
    release(stack, clock=lambda: until + timedelta(minutes=1))
    assert counted(stack, source) == {"archived": 1, "published": 1}


def test_what_was_held_and_superseded_or_killed_waits_for_nothing_any_more(
    stack: Settings, source: str, write: Write
) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    ingest(
        stack,
        source,
        write(ninjs(f"urn:{source}:moved", 1, embargoed=until)),
        write(ninjs(f"urn:{source}:moved", 2, embargoed=until)),
        write(ninjs(f"urn:{source}:killed", 1, embargoed=until)),
        write(killed(f"urn:{source}:killed", 2)),
    )
    assert counted(stack, source) == {"archived": 4, "held": 3, "published": 1}
    release(stack, clock=lambda: until + timedelta(minutes=1))
    assert counted(stack, source) == {"archived": 4, "published": 2, "duplicates": 2}


def test_what_was_held_and_cannot_be_read_when_it_is_due_is_dead(
    stack: Settings, source: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    one(stack, source, write(ninjs(f"urn:{source}", 1, embargoed=until)))
    short = stack.model_copy(update={"parse_max_bytes": 10})
    release(short, clock=lambda: until + timedelta(minutes=1))
    assert counted(stack, source) == {"archived": 1, "dead": 1}


def test_the_best_of_several_notes_counts_whatever_their_order(
    stack: Settings, source: str
) -> None:
    store = open_store(stack)
    outcomes = Outcomes(store)
    raw = RawArchive(store).archive(b"x", source=source, uri="file:x", media_type="text/plain")
    (day,) = RawArchive(store).days(source)
    best = []
    for fate in (
        Fate.DEAD,
        Fate.HELD,
        Fate.DEAD,
        Fate.DUPLICATE,
        Fate.HELD,
        Fate.PUBLISHED,
        Fate.DEAD,
    ):
        outcomes.note(raw.key, fate)
        best.append(_only(outcomes, day))
    assert best == ["dead", "held", "held", "duplicates", "duplicates", "published", "published"]


def _only(outcomes: Outcomes, day: Day) -> str:
    count = outcomes.count(day)
    (name,) = (name for name in ("published", "duplicates", "held", "dead") if getattr(count, name))
    assert (count.archived, count.unaccounted) == (1, 0)
    return name


def test_the_rows_are_kept_in_elasticsearch_once_with_the_marks_of_the_stories(
    stack: Settings, source: str, write: Write
) -> None:
    one(stack, source, write(ninjs(f"urn:{source}", 1)))
    now = datetime.now(UTC)
    marked = [
        {"reason": reason, "detail": "as it came"} for reason in ("body-short", "date-missing")
    ]
    raw = a_raw_reference(source=source, archived_at=now)
    with open_client(stack) as client:
        stories = [
            a_story(id=f"{source}-{number}", raw=raw, quality=marked[:number], first_created=now)
            for number in range(3)
        ]
        IndexWriter(client).write([document(an_enriched_story(story)) for story in stories])
        client.indices.refresh(index="newswire-stories-*")
        for _ in range(2):
            (row,) = balance(stack, source=source, now=now)
        client.indices.refresh(index=INDEX)
        found = client.search(index=INDEX, query={"term": {"source": source}})["hits"]["hits"]
        mapping = client.indices.get_mapping(index=INDEX)[INDEX]["mappings"]
    assert row.quality == {"body-short": 2, "date-missing": 1}
    assert [hit["_id"] for hit in found] == [f"{source}/{now.date()}"]
    assert Row.model_validate(found[0]["_source"]) == row
    assert mapping["dynamic"] == "strict"


def test_only_the_days_that_are_wanted_are_counted(stack: Settings, source: str) -> None:
    archive = RawArchive(open_store(stack))
    days = [datetime(2024, 5, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
    for day in days:
        archive.archive(b"x", source=source, uri="file:x", media_type="text/plain", now=day)
    dates = [day.date() for day in days]
    assert [row.day for row in balance(stack, source=source)] == dates
    assert [row.day for row in balance(stack, source=source, since=dates[1])] == dates[1:]
    assert [row.day for row in balance(stack, source=source, until=dates[1])] == dates[:2]


def test_the_command_prints_a_table_and_names_what_is_missing_and_its_remedy(
    stack: Settings, source: str, write: Write
) -> None:
    one(stack, source, write(ninjs(f"urn:{source}", 1)))
    newswire = partial(shell.newswire, stack, "balance")
    good = newswire("--source", source)
    assert (good.returncode, good.stderr) == (0, "")
    heading, row = good.stdout.splitlines()
    assert heading.split()[:8] == (
        "source day archived published duplicates held dead unaccounted".split()
    )
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    assert row.split()[:8] == [source, day, "1", "1", "0", "0", "0", "0"]
    RawArchive(open_store(stack)).archive(b"x", source=source, uri="x", media_type="text/plain")
    bad = newswire("--source", source, "--json")
    assert bad.returncode == 1
    assert json.loads(bad.stdout)["unaccounted"] == 1
    assert bad.stderr.endswith(f"newswire replay --from raw/{source}/{day.replace('-', '/')}/\n")
    assert bad.stderr.count("\n") == 1
    none = newswire("--source", "balance-of-nobody")
    assert (none.returncode, none.stdout, none.stderr) == (0, "", "Nothing was archived.\n")
