"""How fast each format is read, beside what its bare parser does on the same files.

The bare parser is what any reader of the format has to do first, and no more: ``lxml.etree`` for
XML, ``json.loads`` for JSON, ``feedparser.parse`` for a feed, ``trafilatura.extract`` for a page.
An old text wire has none. Both take turns on the same bytes, in one process, each first in every
other round: who comes second finds the bytes in the processor's cache. The best of the rounds
counts, so that whatever else the machine does counts least.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import feedparser
import trafilatura
from lxml import etree

from newswire.errors import BadInput
from newswire.formats import Parsed, parse

Bare = Callable[[bytes], object]
_LARGEST = 2**21
"""Bytes of a file that is timed: one huge file would be all that is measured."""


def _lxml(data: bytes) -> object:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


_BARE: dict[str, tuple[str, Bare, float]] = {
    "feed": ("feedparser", feedparser.parse, 0.8),
    "html": ("trafilatura", trafilatura.extract, 0.8),
    "xml": ("lxml", _lxml, 0.25),
    "json": ("json.loads", json.loads, 0.15),
}
"""By kind: its bare parser, and the share of its speed that is the goal."""


@dataclass
class Timed:
    """The files of one format."""

    bare: str
    """The bare parser's name; empty: there is none."""
    goal: float
    files: int = 0
    stories: int = 0
    seconds: float = 0.0
    bare_seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Stories a second."""
        return self.stories / self.seconds if self.seconds else 0.0

    @property
    def share(self) -> float | None:
        """Of the bare parser's speed; ``None``: there is none."""
        return self.bare_seconds / self.seconds if self.bare and self.seconds else None


@dataclass
class _File:
    data: bytes = field(repr=False)
    uri: str
    bare: Bare | None
    timed: Timed
    seconds: float = float("inf")
    bare_seconds: float = float("inf")

    def time_ours(self) -> None:
        """Read it once, and keep the least time."""
        self.seconds = min(self.seconds, _time(partial(parse, uri=self.uri), self.data))

    def time_bare(self) -> None:
        """The same with its bare parser, where it has one."""
        if self.bare is not None:
            self.bare_seconds = min(self.bare_seconds, _time(self.bare, self.data))


def measure(paths: Iterable[Path], rounds: int) -> dict[str, Timed]:
    """Time the files that can be read, by the format that each turns out to be.

    Args:
        paths: the files; gzip is expanded before anything is timed.
        rounds: how often each file is read by either parser.
    """
    found: dict[str, Timed] = {}
    files = [one for path in paths if (one := _file(path, found)) is not None]
    for number in range(rounds):
        for file in files:
            turns = (file.time_ours, file.time_bare)
            for turn in turns if number % 2 else reversed(turns):
                turn()
    for file in files:
        file.timed.seconds += file.seconds
        if file.bare is not None:
            file.timed.bare_seconds += file.bare_seconds
    return found


def together(timed: Iterable[Timed]) -> list[Timed]:
    """The sums over the formats that have one bare parser; left out where that is one format."""
    sums: dict[str, list[Timed]] = {}
    for one in timed:
        if one.bare:
            sums.setdefault(one.bare, []).append(one)
    return [
        Timed(
            bare,
            some[0].goal,
            sum(one.files for one in some),
            sum(one.stories for one in some),
            sum(one.seconds for one in some),
            sum(one.bare_seconds for one in some),
        )
        for bare, some in sorted(sums.items())
        if len(some) > 1
    ]


def _time(parser: Bare, data: bytes) -> float:
    start = time.perf_counter()
    parser(data)
    return time.perf_counter() - start


def _file(path: Path, found: dict[str, Timed]) -> _File | None:
    """A file that both parsers can read; the timing of its format counts it."""
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        uri = f"https://news.example/{path.name}"
        if len(data) > _LARGEST:
            return None
        parsed = parse(data, uri=uri)
        name, bare, goal = _BARE.get(_kind(parsed), ("", None, 0.0))
        if bare is not None:
            bare(data)
    except (BadInput, OSError, EOFError, ValueError, etree.LxmlError):
        return None
    timed = found.setdefault(parsed.format, Timed(name, goal))
    timed.files += 1
    timed.stories += len(parsed.drafts)
    return _File(data, uri, bare, timed)


def _kind(parsed: Parsed) -> str:
    if parsed.format in {"feed", "html"}:
        return parsed.format
    return next((kind for kind in ("json", "xml") if parsed.media_type.endswith(kind)), "")
