"""The corpora as they lie: JSONL, gzip or plain, and the part of each that is held back."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from newswire.errors import ConfigError

Part = Literal["train", "dev"]

DEV_SHARE = 5
"""One group of so many is held back where a corpus has no development part."""


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of a JSONL file, gzip or plain.

    Raises:
        ConfigError: naming the file or the line that can't be read.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise ConfigError(f"{path}:{number}: not JSON: {error}") from None
                if not isinstance(row, dict):
                    raise ConfigError(f"{path}:{number}: not a JSON object")
                yield row
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read: {error}", "name the corpora with --data"
        ) from error


def held_back(group: str) -> bool:
    """Whether a group (a target, a claim, an article) is in the made development part."""
    return hashlib.sha256(group.encode("utf-8")).digest()[0] % DEV_SHARE == 0
