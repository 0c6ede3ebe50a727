"""Every kind of bad input in one batch with good documents, through the command line."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.setup import prepare
from newswire.stories.model import DeadLetter, Story
from tests.services import Watch, letters
from tests.webserver import WebServer, replying, web_server

BODY = "Pilots in Brindle Bay voted on Friday to end a strike of nine days, their union said. " * 2
GOOD_TEXT = f"Pilots end strike in Brindle Bay\n\n{BODY}\n\n{BODY}\n".encode()
GOOD_PAGE = (
    f"<html><body><article><h1>Ferry line orders three ships</h1><p>{BODY}</p><p>{BODY}</p>"
    "</article></body></html>"
).encode()
HEADLESS = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>W</title><item><guid>headless</guid>'
    f"<description>{BODY}</description></item></channel></rss>"
).encode()


@dataclass(frozen=True)
class Bad:
    """A document that can't be taken, and what must be said of it."""

    name: str
    """The last part of its address."""
    stage: str
    error: str
    cause: str
    """A pattern of its line."""
    data: bytes | None = None
    """Of a file; none: there is no such file, or an address that answers in its own way."""
    entry: str = ""
    """``#`` and the part of it that is at fault, where it isn't the whole."""

    @property
    def origin(self) -> str:
        return self.name + self.entry


FILES = [
    Bad("empty.txt", "parse", "EmptyInput", r"empty", b""),
    Bad("blank.txt", "parse", "EmptyInput", r"white space|empty", b" \n\t\n"),
    Bad("binary.dat", "parse", "BinaryInput", r"not text", b"\x7fELF" + bytes(range(256)) * 8),
    Bad(
        "login.html", "parse", "NoArticle", r"without an article",
        b"<html><body><form><a href='/login'>Log in</a></form></body></html>",
    ),
    Bad(
        "feed.xml", "parse", "MalformedInput", r"XML",
        b'<?xml version="1.0"?>\nthis was to be a feed\n',
    ),
    Bad("headless.xml", "parse", "NoHeadline", r"without a title", HEADLESS, "#headless"),
    Bad(
        "large.txt", "parse", "InputTooLarge",
        r"bytes, over the limit of .*NEWSWIRE_PARSE_MAX_BYTES",
        b"A very long story\n\n" + b"And it goes on. " * (50 * 2**20 // 16),
    ),
    Bad(
        "klingon.xml", "parse", "UnknownEncoding", r"klingon",
        b'<?xml version="1.0" encoding="klingon"?><rss version="2.0"></rss>',
    ),
]  # fmt: skip
UNREACHABLE = [
    Bad("nowhere.txt", "fetch", "FetchError", r"No such file"),
    Bad("refused", "fetch", "FetchError", r"Connection refused"),
    Bad("silent", "fetch", "FetchError", r"no answer within 0\.5 s"),
    Bad("round", "fetch", "FetchError", r"redirected more than 5 times"),
    Bad("gone", "fetch", "FetchError", r"HTTP 404 Not Found"),
]
each_bad_one = pytest.mark.parametrize(
    "bad", [*FILES, *UNREACHABLE], ids=lambda bad: str(bad.origin)
)


@dataclass(frozen=True)
class Batch:
    """What became of the batch."""

    addresses: list[str]
    code: int
    reports: dict[str, dict[str, object]]
    lines: list[str]
    """On stderr."""
    letters: dict[str, DeadLetter]
    stories: list[Story]


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture(scope="module")
def batch(
    stack: Settings, web: WebServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Batch]:
    prepare(stack)
    folder = tmp_path_factory.mktemp("documents")
    for bad in FILES:
        (folder / bad.name).write_bytes(bad.data or b"")
    (folder / "good.txt").write_bytes(GOOD_TEXT)
    web.serve("/page.html", GOOD_PAGE)
    web.on("/silent", lambda request: web.done.wait(60) and None)
    web.on("/round", replying(301, headers={"Location": "/round"}))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        addresses = [
            *(str(folder / bad.name) for bad in FILES),
            str(folder / "nowhere.txt"),
            f"http://127.0.0.1:{nobody.getsockname()[1]}/refused",
            *(f"{web.url}/{path}" for path in ("silent", "round", "gone")),
        ]
        # One of the good ones in the midst of the bad ones, one after them.
        addresses.insert(3, f"{web.url}/page.html")
        addresses.append(str(folder / "good.txt"))
        yield run(stack, addresses)


def run(stack: Settings, addresses: list[str]) -> Batch:
    dead, stories = letters(stack), Watch(stack, STORIES, Story)
    environment = {name: value for name, value in os.environ.items() if "NEWSWIRE" not in name}
    ran = subprocess.run(
        [Path(sys.executable).with_name("newswire"), "ingest", "--internal", "--json",
         "--source", "bad-input", *addresses],
        env=environment
        | {"NEWSWIRE_DATA_DIR": str(stack.data_dir), "NEWSWIRE_FETCH_TIMEOUT": "0.5"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    reports = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [report["uri"] for report in reports] == addresses, ran.stderr
    return Batch(
        addresses,
        ran.returncode,
        {last(report["uri"]): report for report in reports},
        [line for line in ran.stderr.splitlines() if line],
        {last(letter.origin.uri): letter for letter in dead.records()},
        stories.records(),
    )


def last(address: str) -> str:
    return address.rpartition("/")[2]


@each_bad_one
def test_it_is_one_line_naming_source_and_cause(batch: Batch, bad: Bad) -> None:
    (line,) = (one for one in batch.lines if f"/{bad.origin}: " in one)
    address, _, said = line.partition(f"/{bad.origin}: ")
    assert address.startswith(("/", "http://127.0.0.1:"))
    assert re.search(bad.cause, said), said


@each_bad_one
def test_it_is_a_dead_letter_with_the_bytes_where_any_were_got(
    stack: Settings, batch: Batch, bad: Bad
) -> None:
    letter = batch.letters[bad.origin]
    assert (letter.stage, letter.error) == (bad.stage, bad.error)
    assert letter.origin.source == "bad-input"
    assert re.search(bad.cause, letter.message)
    key = letter.raw.key if letter.raw else None
    assert batch.reports[bad.name]["raw_key"] == key
    stored = open_store(stack).get(key) if key else None
    assert (stored.data if stored else None) == bad.data


def test_the_good_ones_go_through(batch: Batch) -> None:
    assert sorted(story.headline or "" for story in batch.stories) == [
        "Ferry line orders three ships",
        "Pilots end strike in Brindle Bay",
    ]
    for name in ("good.txt", "page.html"):
        assert batch.reports[name]["outcome"] == "published"


def test_nothing_else_is_a_dead_letter_and_the_exit_code_tells_that_something_was_bad(
    batch: Batch,
) -> None:
    bad = {one.origin for one in (*FILES, *UNREACHABLE)}
    assert batch.letters.keys() == bad
    assert batch.code == 1
    assert batch.lines[-1] == (
        "15 documents, 0 unchanged; stories: 2 published, 0 held; 13 failed, 13 new dead letters"
    )
    assert len(batch.lines) == len(bad) + 1


def test_the_same_batch_once_more_fails_as_before_and_makes_no_second_dead_letter(
    stack: Settings, batch: Batch
) -> None:
    again = run(stack, batch.addresses)
    assert (again.code, again.letters, again.stories) == (1, {}, [])
    assert again.lines[-1] == (
        "15 documents, 2 unchanged; stories: 0 published, 0 held; 13 failed, 0 new dead letters"
    )
