"""The corpora as they lie: JSONL, gzip or plain, and the part of each that is held back."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import UnionType
from typing import Literal

from newswire.errors import ConfigError

Part = Literal["train", "dev"]

Id = str | int | float
"""What a row may be called by; an answer has it as it is written."""

GZIP = b"\x1f\x8b"
"""How a gzip file begins, whatever its name."""

DEV_SHARE = 5
"""One group of so many is held back where a corpus has no development part."""


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of a JSONL file, gzip or plain, with or without the mark by which UTF-8 begins.

    Raises:
        ConfigError: naming the file or the line that can't be read.
    """
    try:
        with path.open("rb") as file:
            # Peeked at: what is read from a pipe is gone. A name that promises gzip is held to it,
            # lest a file that lost its beginning be read as text.
            packed = path.suffix == ".gz" or file.peek(len(GZIP)).startswith(GZIP)
            lines = gzip.GzipFile(fileobj=file) if packed else file
            for number, line in enumerate(lines, 1):
                own = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if own.strip():
                    yield _row(own, f"{path}:{number}")
    except (OSError, EOFError, zlib.error) as error:
        # The last two are those of a gzip file that was cut off, or is damaged.
        raise ConfigError(
            f"{path} can't be read: {error}", "name the corpora with --data"
        ) from error


def _row(line: bytes, where: str) -> dict[str, object]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ConfigError(f"{where}: not UTF-8") from None
    except ValueError as error:
        raise ConfigError(f"{where}: not JSON: {error}") from None
    if not isinstance(row, dict):
        raise ConfigError(f"{where}: not a JSON object")
    return row


def rows_of(
    path: Path, part: str | None, limit: int | None, needed: Mapping[str, type | UnionType]
) -> list[dict[str, object]]:
    """The first rows of one part of a file; without a part, of all of it.

    Args:
        path: JSONL, gzip or plain.
        part: What the rows have as ``split``.
        limit: How many at most.
        needed: The fields that each row must have, and their types.

    Raises:
        ConfigError: as :func:`read_rows`, or naming the row and what it lacks.
    """
    out = []
    for number, row in enumerate(read_rows(path), 1):
        if part is not None and row.get("split") != part:
            continue
        require(row, needed, f"{path}: row {number}")
        out.append(row)
    return out[:limit]


def require(row: Mapping[str, object], needed: Mapping[str, type | UnionType], where: str) -> None:
    """Check that a row has the fields that it must have.

    Raises:
        ConfigError: naming what it lacks.
    """
    lacks = [name for name, kind in needed.items() if not isinstance(row.get(name), kind)]
    if lacks:
        raise ConfigError(f"{where} lacks {', '.join(lacks)}")


def span_of(stated: object, text: str) -> tuple[int, int]:
    """``[start, end]`` within a row's text.

    Raises:
        ValueError: it is none.
    """
    match stated:
        case [int(start), int(end)] if 0 <= start < end <= len(text):
            return start, end
    raise ValueError(f"{str(stated)[:40]} is no span of its text")


def held_back(group: str) -> bool:
    """Whether a group (a target, a claim, an article) is in the made development part."""
    return hashlib.sha256(group.encode("utf-8")).digest()[0] % DEV_SHARE == 0
