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

FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\n",
    "binary.dat": b"\x7fELF" + bytes(range(256)) * 8,
    "login.html": b"<html><body><form><a href='/login'>Log in</a></form></body></html>",
    "feed.xml": b'<?xml version="1.0"?>\nthis was to be a feed\n',
    "headless.xml": HEADLESS,
    "large.txt": b"A very long story\n\n" + b"And it goes on. " * (50 * 2**20 // 16),
    "klingon.xml": b'<?xml version="1.0" encoding="klingon"?><rss version="2.0"></rss>',
}

EXPECTED = {
    "empty.txt": ("parse", "EmptyInput", r"empty"),
    "blank.txt": ("parse", "EmptyInput", r"white space|empty"),
    "binary.dat": ("parse", "BinaryInput", r"not text"),
    "login.html": ("parse", "NoArticle", r"without an article"),
    "feed.xml": ("parse", "MalformedInput", r"XML"),
    "headless.xml#headless": ("parse", "NoHeadline", r"without a title"),
    "large.txt": ("parse", "InputTooLarge", r"bytes, over the limit of .*NEWSWIRE_PARSE_MAX_BYTES"),
    "klingon.xml": ("parse", "UnknownEncoding", r"klingon"),
    "nowhere.txt": ("fetch", "FetchError", r"No such file"),
    "refused": ("fetch", "FetchError", r"Connection refused"),
    "silent": ("fetch", "FetchError", r"no answer within 0\.5 s"),
    "round": ("fetch", "FetchError", r"redirected more than 5 times"),
    "gone": ("fetch", "FetchError", r"HTTP 404 Not Found"),
}
"""By the last part of its address: the stage, the error and what its line says."""


@dataclass(frozen=True)
class Batch:
    """What became of the batch."""

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
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    (folder / "good.txt").write_bytes(GOOD_TEXT)
    web.serve("/page.html", GOOD_PAGE)
    web.on("/silent", lambda request: web.done.wait(60) and None)
    web.on("/round", replying(301, headers={"Location": "/round"}))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        addresses = [
            *(str(folder / name) for name in FILES),
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
        ran.returncode,
        {last(report["uri"]): report for report in reports},
        [line for line in ran.stderr.splitlines() if line],
        {last(letter.origin.uri): letter for letter in dead.records()},
        stories.records(),
    )


def last(address: str) -> str:
    return address.rpartition("/")[2]


@pytest.mark.parametrize("document", EXPECTED)
def test_it_is_one_line_naming_source_and_cause(batch: Batch, document: str) -> None:
    _, _, cause = EXPECTED[document]
    (line,) = (one for one in batch.lines if f"/{document}: " in one)
    address, _, said = line.partition(f"/{document}: ")
    assert address.startswith(("/", "http://127.0.0.1:"))
    assert re.search(cause, said), said


@pytest.mark.parametrize("document", EXPECTED)
def test_it_is_a_dead_letter_with_the_bytes_where_any_were_got(
    stack: Settings, batch: Batch, document: str
) -> None:
    stage, error, cause = EXPECTED[document]
    letter = batch.letters[document]
    assert (letter.stage, letter.error, letter.origin.source) == (stage, error, "bad-input")
    assert re.search(cause, letter.message)
    if stage == "fetch":
        assert letter.raw is None
        return
    assert letter.raw is not None
    stored = open_store(stack).get(letter.raw.key)
    assert stored is not None
    assert stored.data == FILES[document.partition("#")[0]]
    assert batch.reports[document.partition("#")[0]]["raw_key"] == letter.raw.key


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
    assert batch.letters.keys() == EXPECTED.keys()
    assert batch.code == 1
    assert batch.lines[-1] == ("15 documents, 2 published, 0 unchanged, 0 held, 13 dead_letters")
    assert len(batch.lines) == len(EXPECTED) + 1
