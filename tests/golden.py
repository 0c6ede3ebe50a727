"""What the models that ship make of the project's own stories, stored beside the tests.

    python -m tests.golden [FIELD …]     # or: make golden FIELDS="summary quotes"

writes ``tests/unit/data/enrichment/golden/FIELD.json`` anew, for the fields that a change meant to
change; without a field, for all. ``tests/unit/test_golden.py`` holds the enrichments against them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from newswire.config import ROOT, load_settings
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.targets import Target, Watchlist
from newswire.ingest.unarchived import read_stories
from newswire.stories.enriched import Enrichment
from newswire.stories.model import Story
from tests.unit.enrichment_stories import DATA, invented

FOLDER = DATA / "golden"

FIELDS = tuple(name for name in Enrichment.model_fields if name not in ("embedding", "provenance"))
"""Of an enrichment, each a file: what changes one of them leaves the others alone."""

TOLERANCE = 0.05
"""Of a probability: other processors round int8 products otherwise, by so much at most."""

DOUBTFUL = 3
"""Differences in what is made of the reader's words (:data:`OF_WORDS`): on another processor a word
that may be a part of a quote or not falls on the other side."""

OF_WORDS = ("entities", "quotes", "speakers")

WATCHLIST = Watchlist(
    revision=1,
    sha256="a" * 64,
    targets=(
        Target(id="nuclear", name="nuclear power", kind="topic", aliases=("nuclear plant",)),
        Target(id="rates", name="raising interest rates", kind="topic", aliases=("rate increase",)),
        Target(id="ellery", name="Ruth Ellery", kind="person", aliases=("Ellery",)),
        Target(id="carbon", name="Carbon should be taxed", kind="claim", aliases=("carbon tax",)),
        Target(id="death-penalty", name="death penalty", kind="topic"),
        Target(id="vaccination", name="Vaccination should be compulsory", kind="claim"),
        Target(id="mobilisation", name="mobilisation", kind="topic"),
        Target(id="aid", name="military aid", kind="topic"),
        Target(id="bank", name="central bank", kind="organisation"),
    ),
)

Plain = str | float | int | bool | None | list["Plain"] | dict[str, "Plain"]


def stories() -> dict[str, Story]:
    """The stories, by a name: those of ``samples/``, and those that were written for the tests."""
    out = {story.id: story for story in invented()}
    settings = load_settings()
    for file in sorted((ROOT / "samples").glob("*.[htx]*")):
        for number, story in enumerate(
            read_stories(file.read_bytes(), settings, uri=file.name).stories, 1
        ):
            out[f"{file.stem}-{number}"] = story
    return out


def enrich(own: Sequence[Story]) -> list[Enrichment]:
    """The enrichments of the stories, by the models that ship."""
    enricher = Enricher(
        models=ROOT / "models",
        watchlist=WATCHLIST,
        threads=1,
        clock=lambda: datetime(2024, 2, 3, tzinfo=UTC),
    )
    try:
        return enricher.enrich(own)
    finally:
        enricher.close()


def plain(made: Enrichment, field: str) -> Plain:
    """A field as JSON: a span is its offset and its text, and what a model thinks of it is left out
    but for probabilities."""
    return _plain(made.model_dump(mode="json", include={field}, exclude_none=True).get(field))


def _plain(value: object) -> Plain:
    if isinstance(value, Mapping):
        if {"start", "text"} <= value.keys() <= {"start", "end", "text", "score"}:
            return [_plain(value["start"]), str(value["text"])]
        return {str(key): _plain(own) for key, own in value.items() if key != "score"}
    if isinstance(value, list):
        return [_plain(own) for own in value]
    assert value is None or isinstance(value, str | float | int)
    return value


def differences(found: Plain, wanted: Plain, where: str = "") -> list[str]:
    """Where the two differ, by more than :data:`TOLERANCE` in a number that is no whole one."""
    if isinstance(found, float) and isinstance(wanted, float):
        same = abs(found - wanted) <= TOLERANCE
        return [] if same else [f"{where}: {found}, was {wanted}"]
    if isinstance(found, dict) and isinstance(wanted, dict):
        return [
            line
            for key in sorted({*found, *wanted})
            for line in differences(found.get(key), wanted.get(key), f"{where}.{key}")
        ]
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [
            line
            for at, (one, other) in enumerate(zip(found, wanted, strict=True))
            for line in differences(one, other, f"{where}[{at}]")
        ]
    return [] if found == wanted else [f"{where}: {found!r}, was {wanted!r}"]


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("fields", nargs="*", metavar="FIELD", help=", ".join(FIELDS))
    options = parser.parse_args(arguments)
    unknown = sorted({*options.fields} - {*FIELDS})
    if unknown:
        parser.error(f"no field of an enrichment: {', '.join(unknown)}; one of {', '.join(FIELDS)}")
    folder.mkdir(parents=True, exist_ok=True)
    own = stories()
    made = dict(zip(own, enrich(list(own.values())), strict=True))
    for field in options.fields or FIELDS:
        stored = {name: plain(one, field) for name, one in made.items()}
        if any(stored.values()):
            text = json.dumps(stored, indent=1, ensure_ascii=False)
            (folder / f"{field}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
