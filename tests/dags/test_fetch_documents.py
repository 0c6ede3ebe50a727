"""`fetch_documents` on real servers, run by Airflow."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from newswire.airflow_home import ensure_airflow_db
from newswire.archive.store import open_store
from newswire.bus.tail import Tail
from newswire.config import Settings
from newswire.contracts.topics import DEAD_LETTERS, STORIES
from newswire.setup import prepare
from newswire.stories.model import DeadLetter, Story
from tests.airflow import run_dag

REFUSING = "http://127.0.0.1:9/story.html"
"""The discard service, which nobody runs."""

WIRE_COPY = """\
Ministers agree on a common scale of harbour fees

By Ann Porter

LISBON, March 3 - Port ministers agreed on Tuesday on a common scale of harbour fees that ends ten
years of dispute between the northern and the southern ports, officials said.

"This ends ten years of dispute," said Maria Costa, who led the talks for Portugal.

The scale applies from July. Ships that burn cleaner fuel will pay up to a third less than others.
"""
PAGE = """\
<!doctype html><html lang="en"><head><title>Rain ends the drought in the north</title>
<meta property="og:type" content="article"></head><body><article>
<h1>Rain ends the drought in the north</h1>
<p>Three days of heavy rain have ended the longest drought in the northern valleys since records
began, the weather office said on Monday.</p>
<p>Farmers said that the rain came just in time for the barley, which had been expected to fail in
most of the region this year.</p>
<p>"We had given up on it," said Tom Reed, who farms near the river.</p>
</article></body></html>
"""


@dataclass(frozen=True)
class Run:
    """One run of the DAG: how it ended, what it said and what came onto the topics."""

    code: int
    log: str
    stories: list[Story]
    letters: list[DeadLetter]


def fetch(settings: Settings, uris: list[str], *, internal: bool = True) -> Run:
    tail = Tail(settings, [STORIES, DEAD_LETTERS])
    conf = json.dumps({"uris": uris, "source": "dag-test", "internal": internal})
    done = run_dag(settings, "fetch_documents", "--conf", conf)
    stories, letters = [], []
    for seen in tail.since():
        assert seen.value is not None
        if seen.topic == STORIES:
            stories.append(Story.model_validate_json(seen.value))
        else:
            letters.append(DeadLetter.model_validate_json(seen.value))
    return Run(done.returncode, done.stdout, stories, letters)


@pytest.fixture(scope="module")
def servers(stack: Settings) -> Settings:
    prepare(stack)
    ensure_airflow_db(stack)
    return stack


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    (folder / "fees.txt").write_text(WIRE_COPY, "utf-8")
    (folder / "rain.html").write_text(PAGE, "utf-8")
    (folder / "empty.txt").touch()
    (folder / "picture.jpg").write_bytes(
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 8
    )
    return folder


@pytest.fixture(scope="module")
def documents(folder: Path) -> list[str]:
    return [*sorted(str(path) for path in folder.iterdir()), REFUSING]


@pytest.fixture(scope="module")
def first(servers: Settings, documents: list[str]) -> Run:
    return fetch(servers, documents)


def test_good_documents_go_through_beside_bad_ones(first: Run) -> None:
    assert first.code == 0, first.log
    headlines = Counter(story.headline for story in first.stories)
    assert headlines == {
        "Ministers agree on a common scale of harbour fees": 1,
        "Rain ends the drought in the north": 1,
    }


def test_the_raw_bytes_of_each_story_are_in_s3(first: Run, servers: Settings, folder: Path) -> None:
    archived = {story.raw.sha256: open_store(servers).get(story.raw.key) for story in first.stories}
    sent = [(folder / name).read_bytes() for name in ("fees.txt", "rain.html")]
    assert {key: one.data for key, one in archived.items() if one is not None} == {
        hashlib.sha256(data).hexdigest(): data for data in sent
    }


def test_each_bad_document_has_a_dead_letter_with_its_bytes_where_there_were_any(
    first: Run, servers: Settings, folder: Path
) -> None:
    letters = {letter.origin.uri: letter for letter in first.letters}
    causes = {uri: (letter.stage, letter.error) for uri, letter in letters.items()}
    empty, picture = str(folder / "empty.txt"), str(folder / "picture.jpg")
    assert causes == {
        empty: ("parse", "EmptyInput"),
        picture: ("parse", "BinaryInput"),
        REFUSING: ("fetch", "FetchError"),
    }
    assert letters[REFUSING].raw is None
    raw = letters[picture].raw
    assert raw is not None
    stored = open_store(servers).get(raw.key)
    assert stored is not None
    assert stored.data == (folder / "picture.jpg").read_bytes()


def test_the_report_counts_and_names_what_was_bad(first: Run, documents: list[str]) -> None:
    assert (
        "5 documents, 0 unchanged; stories: 2 published, 0 held; 3 failed, 3 new dead letters"
        in first.log
    )
    bad = [uri for uri in documents if not uri.endswith(("fees.txt", "rain.html"))]
    assert [uri for uri in bad if f"failed: {uri}: " not in first.log] == []


def test_a_second_run_produces_no_story_and_announces_nothing(
    first: Run, servers: Settings, folder: Path
) -> None:
    assert first.code == 0
    again = fetch(servers, [str(folder / "fees.txt"), str(folder / "rain.html")])
    assert again.code == 0, again.log
    assert (again.stories, again.letters) == ([], [])
    assert "nothing new on the topic" in again.log


def test_a_run_without_any_story_fails_each_time_and_says_why(
    servers: Settings, tmp_path: Path
) -> None:
    gone = str(tmp_path / "gone.txt")
    for letters in ([gone], []):
        run = fetch(servers, [gone])
        assert run.code != 0
        assert [letter.origin.uri for letter in run.letters] == letters
        assert f"a story in none of the 1 documents; the first: {gone}: " in run.log


def test_a_relative_path_is_refused_before_anything_is_fetched(servers: Settings) -> None:
    run = fetch(servers, ["story.txt"])
    assert run.code != 0
    assert "'story.txt' does not match" in run.log
    assert (run.stories, run.letters) == ([], [])
