"""What became of each document."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from newswire.stories.model import Moment


class Outcome(StrEnum):
    """What became of a document."""

    PUBLISHED = "published"
    """At least one new story, or new version, was produced."""
    HELD = "held"
    """Nothing new in it but stories under an embargo: `newswire release` publishes them then."""
    UNCHANGED = "unchanged"
    """Nothing new in it: nothing was produced."""
    WAITING = "waiting"
    """Left for a later run: its server wants to be left alone, or somebody is writing to it."""
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
    """Embargoed stories, and until when."""
    errors: tuple[str, ...] = ()
    """One line for each thing that failed, the document or an entry of it: where and why."""
    letters: int = 0
    """New dead letters: fewer than failed where it failed in the same way before."""
    raw_key: str | None = None
    waits: str | None = None
    """Why it is left for a later run."""

    def became(self, story_id: str) -> Outcome:
        """What became of one of its stories, as far as the document's outcome tells."""
        if story_id in self.held:
            return Outcome.HELD
        return Outcome.UNCHANGED if self.outcome is Outcome.HELD else self.outcome

    @property
    def embargoes(self) -> tuple[str, ...]:
        """One line for each story that is held."""
        return tuple(
            f"{self.uri}: {story_id} is held until {until:%Y-%m-%d %H:%M} UTC"
            for story_id, until in self.held.items()
        )


class Totals(BaseModel):
    """Counts over documents; ``str`` makes them a line for people."""

    model_config = ConfigDict(frozen=True)

    documents: int = 0
    published: int = 0
    """New stories, and new versions of stories."""
    unchanged: int = 0
    """Documents with nothing new in them."""
    held: int = 0
    """Stories under an embargo."""
    failed: int = 0
    """Documents and entries that hold no story, whether they did before or not."""
    dead_letters: int = 0
    """New ones."""
    waiting: int = 0
    """Documents that are left for a later run."""

    def __add__(self, other: Totals) -> Totals:
        mine, others = self.model_dump(), other.model_dump()
        return Totals(**{name: count + others[name] for name, count in mine.items()})

    def __str__(self) -> str:
        # Few runs have any that wait: the line that everybody reads stays short.
        waiting = f", {self.waiting} left for a later run" if self.waiting else ""
        return (
            f"{self.documents} documents, {self.unchanged} unchanged{waiting}; "
            f"stories: {self.published} published, {self.held} held; "
            f"{self.failed} failed, {self.dead_letters} new dead letters"
        )


def totals(reports: Iterable[DocumentReport]) -> Totals:
    """Count over all documents."""
    return sum((_counted(report) for report in reports), Totals())


def _counted(report: DocumentReport) -> Totals:
    return Totals(
        documents=1,
        published=report.published,
        unchanged=int(report.outcome is Outcome.UNCHANGED),
        held=len(report.held),
        failed=len(report.errors),
        dead_letters=report.letters,
        waiting=int(report.outcome is Outcome.WAITING),
    )
