"""What a story is, given everything that was ever said of it: the oracle of the whole pipeline.

Arrival order means nothing. Topics, workers and index are right when, whatever was delivered late,
twice or again, a story ends as the fold of its history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from newswire.stories.identity import fingerprint
from newswire.stories.model import PubStatus, Story

WITHDRAWAL = {PubStatus.USABLE: 0, PubStatus.WITHHELD: 1, PubStatus.CANCELED: 2}
"""How much a status withdraws of its version."""


class Precedence(NamedTuple):
    """Compared part by part; the greatest of a history is what stays."""

    version: int
    withdrawal: int
    """Of one version: a kill outranks a withholding, and both outrank the copy."""
    generation: int
    """Of one copy: the newer enrichment."""
    version_created: datetime
    """Of what a provider sent under one version: the later by its own date, ..."""
    archived_at: datetime
    """... by its arrival, ..."""
    parser: int
    """... and of one arrival what the newer parser read."""
    fingerprint: str
    """Means nothing; what is left is decided, and always in the same way."""


def precedence(story: Story, generation: int = 0) -> Precedence:
    """Where a version stands among the others of its story.

    Args:
        story: the version.
        generation: that of its enrichment, where it has one; what is withdrawn has none.
    """
    return Precedence(
        story.version,
        WITHDRAWAL[story.pub_status],
        generation,
        story.version_created,
        story.raw.archived_at,
        story.parser,
        fingerprint(story),
    )


def fold(history: Iterable[Story]) -> Story:
    """The version that stays of a story's history.

    Args:
        history: versions of one story, in any order, each as often as it came.

    Raises:
        ValueError: an empty history.
    """
    return max(history, key=precedence)
