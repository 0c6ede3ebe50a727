"""Stories for the tests of enrichment: factories, and three invented wire stories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from newswire.stories.model import Block, Story
from tests.factories import a_raw_reference

DATA = Path(__file__).parent / "data" / "enrichment"
NOW = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)

RAW = a_raw_reference()


def story(
    *paragraphs: str | Block,
    headline: str | None = "A headline",
    language: str | None = None,
    name: str = "story",
) -> Story:
    """A story whose body is ``paragraphs``."""
    return Story(
        id=name,
        version=1,
        first_created=NOW,
        version_created=NOW,
        headline=headline,
        language=language,
        body=tuple(p if isinstance(p, Block) else Block(text=p) for p in paragraphs),
        raw=RAW,
    )


def invented() -> Sequence[Story]:
    """The stories of ``data/enrichment/stories.json``, which were written for these tests."""
    rows = json.loads((DATA / "stories.json").read_text("utf-8"))
    return [
        story(
            *(Block(kind=kind, text=text) for kind, text in row["body"]),
            headline=row["headline"],
            name=row["id"],
        )
        for row in rows
    ]
