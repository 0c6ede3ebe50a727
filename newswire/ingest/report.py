"""What became of each document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from newswire.stories.model import Moment


class Outcome(StrEnum):
    """What became of a document."""

    PUBLISHED = "published"
    """At least one new story, or new version, was produced."""
    HELD = "held"
    """Nothing new in it but stories under an embargo: to be fetched again after their time."""
    UNCHANGED = "unchanged"
    """Nothing new in it: nothing was produced."""
    DEAD = "dead"
    """No story could be had: a dead letter says why, of this fetch or of an earlier one."""


class DocumentReport(BaseModel):
    """What became of one document; small enough to be an XCom."""

    model_config = ConfigDict(frozen=True)

    uri: str
    outcome: Outcome
    story_ids: tuple[str, ...] = ()
    """Of every story in the document, new or not."""
    published: int = 0
    held: dict[str, Moment] = {}
    """Embargoed stories, and until when: left for a later fetch, after their time."""
    errors: tuple[str, ...] = ()
    """One line for each thing that failed, the document or an entry of it: where and why."""
    letters: int = 0
    """New dead letters: fewer than failed where it failed in the same way before."""
    raw_key: str | None = None

    def became(self, story_id: str) -> Outcome:
        """What became of one of its stories, as far as the document's outcome tells."""
        if story_id in self.held:
            return Outcome.HELD
        return Outcome.UNCHANGED if self.outcome is Outcome.HELD else self.outcome

    @property
    def embargoes(self) -> tuple[str, ...]:
        """One line for each story that is held."""
        return tuple(
            f"{self.uri}: {story_id} is held until {until:%Y-%m-%d %H:%M} UTC, fetch it again then"
            for story_id, until in self.held.items()
        )


def totals(reports: Iterable[DocumentReport]) -> dict[str, int]:
    """Counts over all documents, for a log line."""
    counts: Counter[str] = Counter(
        documents=0, published=0, unchanged=0, held=0, failed=0, dead_letters=0
    )
    for report in reports:
        counts["documents"] += 1
        counts["published"] += report.published
        counts["unchanged"] += report.outcome is Outcome.UNCHANGED
        counts["held"] += len(report.held)
        counts["failed"] += len(report.errors)
        counts["dead_letters"] += report.letters
    return dict(counts)
