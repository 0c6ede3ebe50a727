"""What became of each document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Outcome(StrEnum):
    """What became of a document."""

    PUBLISHED = "published"
    """At least one new story, or new version, was produced."""
    UNCHANGED = "unchanged"
    """Nothing new in it: nothing was produced."""
    DEAD = "dead"
    """No story could be had: a dead letter says why."""


class DocumentReport(BaseModel):
    """What became of one document; small enough to be an XCom."""

    model_config = ConfigDict(frozen=True)

    uri: str
    outcome: Outcome
    story_ids: tuple[str, ...] = ()
    """Of every story in the document, new or not."""
    published: int = 0
    held: int = 0
    """Embargoed stories: left for a later fetch, after their time."""
    errors: tuple[str, ...] = ()
    """One line for each dead letter: where and why."""
    raw_key: str | None = None


def totals(reports: Iterable[DocumentReport]) -> dict[str, int]:
    """Counts over all documents, for a log line."""
    counts: Counter[str] = Counter(documents=0, published=0, unchanged=0, held=0, dead_letters=0)
    for report in reports:
        counts["documents"] += 1
        counts["published"] += report.published
        counts["unchanged"] += report.outcome is Outcome.UNCHANGED
        counts["held"] += report.held
        counts["dead_letters"] += len(report.errors)
    return dict(counts)
