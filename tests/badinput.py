"""Bad documents in one batch with good ones, through `newswire ingest`: what is said of each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.stories.model import DeadLetter, Story
from tests.services import Watch, letters


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


@dataclass(frozen=True)
class Batch:
    """What became of the batch."""

    source: str
    addresses: list[str]
    code: int
    reports: dict[str, dict[str, object]]
    lines: list[str]
    """On stderr."""
    letters: dict[str, DeadLetter]
    letters_sent: int
    stories: list[Story]


def run(stack: Settings, source: str, addresses: Sequence[str]) -> Batch:
    """Ingest documents by the command line, with the default limits but half a second's silence."""
    dead, stories = letters(stack), Watch(stack, STORIES, Story)
    environment = {name: value for name, value in os.environ.items() if "NEWSWIRE" not in name}
    ran = subprocess.run(
        [Path(sys.executable).with_name("newswire"), "ingest", "--internal", "--json",
         "--source", source, *addresses],
        env=environment
        | {"NEWSWIRE_DATA_DIR": str(stack.data_dir), "NEWSWIRE_FETCH_TIMEOUT": "0.5"},
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    reports = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [report["uri"] for report in reports] == list(addresses), ran.stderr
    sent = dead.records()
    return Batch(
        source,
        list(addresses),
        ran.returncode,
        {last(report["uri"]): report for report in reports},
        [line for line in ran.stderr.splitlines() if line],
        {last(letter.origin.uri): letter for letter in sent},
        len(sent),
        stories.records(),
    )


def last(address: str) -> str:
    """What a document is called in these tests: the last part of its address."""
    return address.rpartition("/")[2]


def check_line(batch: Batch, bad: Bad) -> None:
    """It is one line that names source and cause."""
    (line,) = (one for one in batch.lines if f"/{bad.origin}: " in one)
    address, _, said = line.partition(f"/{bad.origin}: ")
    assert address.startswith(("/", "http://127.0.0.1:", "ftp://127.0.0.1:"))
    assert re.search(bad.cause, said), said


def check_letter(stack: Settings, batch: Batch, bad: Bad) -> None:
    """It is a dead letter, with the key of its bytes in the archive where any were got."""
    letter = batch.letters[bad.origin]
    assert (letter.stage, letter.error) == (bad.stage, bad.error)
    assert letter.origin.source == batch.source
    assert re.search(bad.cause, letter.message)
    assert "\n" not in letter.message
    key = letter.raw.key if letter.raw else None
    assert batch.reports[bad.name]["raw_key"] == key
    stored = open_store(stack).get(key) if key else None
    assert (stored.data if stored else None) == bad.data
