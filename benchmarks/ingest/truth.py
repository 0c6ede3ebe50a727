"""What real wire files state: one JSON object a line, made from the files themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from newswire.config import ROOT
from newswire.errors import ConfigError

DEFAULT = ROOT.parent / "shared" / "wire" / "truth.jsonl"
"""Beside the checkout; ``--truth`` names another."""

_AS_SENT = "wire file as sent"


@dataclass(frozen=True)
class Row:
    """One file and what it states; ``None`` or an empty list: it states nothing."""

    path: Path
    name: str
    """The path as the truth has it, relative to its own folder."""
    format: str
    as_sent: bool
    """A wire file as its agency sent it: no example of a specification, nothing edited."""
    stated: dict[str, JsonValue]


def load(truth: Path) -> list[Row]:
    """Every row of a truth file.

    Raises:
        ConfigError: there is none, or it isn't in this form.
    """
    try:
        text = truth.read_text("utf-8")
    except OSError as error:
        raise ConfigError(
            f"no truth to measure against: {truth}: {error.strerror}",
            "name one with --truth FILE; the wire files that it speaks of lie beside it",
        ) from error
    try:
        return [_row(truth.parent, json.loads(line)) for line in text.splitlines() if line.strip()]
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{truth} isn't in the form of a truth file: {error}") from error


def _row(folder: Path, stated: dict[str, JsonValue]) -> Row:
    name = str(stated["file"])
    return Row(
        path=folder / name,
        name=name,
        format=str(stated["format"]),
        as_sent=str(stated.get("authenticity") or "").startswith(_AS_SENT),
        stated=stated,
    )
