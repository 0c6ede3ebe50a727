"""A teacher's answers: written down without any text, and put beside what is right."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from newswire.errors import ConfigError
from training.corpora import read_rows
from training.questions import LABELS, Row

GOLD = 0.5
"""Weight of a row's own label, where it has one, beside what the teacher says."""
STEPS = 1000
"""Probabilities are written in these."""

Key = Mapping[str, object]
"""Where a passage without a label stands in the corpora, in words that JSON knows."""


def write_says(keys: Sequence[Key], said: np.ndarray, file: Path) -> None:
    """Write a line for each key, with the probabilities ``[keys, labels]`` of what it tells."""
    # No time in the file's head: the same labels are the same bytes.
    with gzip.GzipFile(file, "wb", mtime=0) as out:
        for key, own in zip(keys, said, strict=True):
            says = [round(float(value) * STEPS) for value in own]
            out.write(json.dumps({**key, "says": says}, separators=(",", ":")).encode() + b"\n")


def with_answers(
    rows: Sequence[Row], sources: Collection[str], file: Path, row_of: Callable[[Key], Row]
) -> Iterator[Row]:
    """``rows`` with a teacher's answers beside what is right; then others, with its answers alone.

    Args:
        rows: Of all corpora.
        sources: Of the rows that the teacher knows.
        file: What it says.
        row_of: The row without a label that a key tells; LookupError or ValueError where the
            corpora have none.

    Raises:
        ConfigError: the file is of other corpora.
    """
    by_id: dict[str, list[float]] = {}
    others: list[tuple[Row, list[float]]] = []
    for line in read_rows(file):
        match line:
            case {"id": str(id_), "says": [*values]}:
                by_id[id_] = _shares(values)
            case {"says": [*values], **key} if key:
                try:
                    others.append((row_of(key), _shares(values)))
                except (LookupError, ValueError) as error:
                    raise ConfigError(f"{file}: of {key}: {error}", "teach again") from error
            case _:
                raise ConfigError(f"{file}: not what training.teach writes", "run it again")
    for row in rows:
        if row.part == "train" and row.source in sources and row.id in by_id:
            assert row.label is not None
            gold = np.array(row.chances or np.eye(len(LABELS))[row.label])
            mixed = GOLD * gold + (1 - GOLD) * np.array(by_id[row.id])
            yield replace(row, chances=tuple(map(float, mixed)))
        else:
            yield row
    for row, says in others:
        yield replace(row, label=int(np.argmax(says)), chances=tuple(says))


def _shares(says: Sequence[object]) -> list[float]:
    values = [float(str(value)) for value in says]
    return [value / sum(values) for value in values]
