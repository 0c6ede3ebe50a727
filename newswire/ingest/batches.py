"""What a fetch DAG hands from task to task: batches of documents, and what became of them.

Small, JSON-ready, and free of everything heavy: DAG files import this when they are parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from newswire.ingest.report import DocumentReport, Outcome, Totals, totals

MOST_LINES = 20
"""Lines of a kind that a report repeats; the task's own log has all of them."""


class Batch(BaseModel):
    """Documents of one source that one task ingests."""

    model_config = ConfigDict(frozen=True)

    uris: tuple[str, ...]
    source: str
    internal: bool = False
    """May lie on a private or loopback address."""
    expect: str | None = None
    """The one format that the documents must have."""


class BatchReport(BaseModel):
    """What became of a batch."""

    model_config = ConfigDict(frozen=True)

    totals: Totals = Totals()
    dead: int = 0
    """Documents that held no story at all."""
    errors: tuple[str, ...] = ()
    """The first lines that say what went wrong where."""
    embargoes: tuple[str, ...] = ()
    """The first lines that say which story is held until when."""

    @property
    def all_dead(self) -> bool:
        """Whether there were documents, and a story in none of them."""
        return 0 < self.totals.documents == self.dead


def split(documents: Batch, parts: int) -> list[Batch]:
    """At most ``parts`` batches of nearly equal size, none of them empty, in the same order."""
    uris = documents.uris
    count = min(parts, len(uris))
    bounds = [len(uris) * part // count for part in range(count + 1)] if count else []
    return [
        documents.model_copy(update={"uris": uris[begin:end]}) for begin, end in pairwise(bounds)
    ]


def summarise(reports: Sequence[DocumentReport]) -> BatchReport:
    """The report of one batch."""
    return BatchReport(
        totals=totals(reports),
        dead=sum(report.outcome is Outcome.DEAD for report in reports),
        errors=tuple(line for report in reports for line in report.errors)[:MOST_LINES],
        embargoes=tuple(line for report in reports for line in report.embargoes)[:MOST_LINES],
    )


def merge(reports: Iterable[BatchReport]) -> BatchReport:
    """The report of all batches of a run."""
    whole = BatchReport()
    for report in reports:
        whole = BatchReport(
            totals=whole.totals + report.totals,
            dead=whole.dead + report.dead,
            errors=(whole.errors + report.errors)[:MOST_LINES],
            embargoes=(whole.embargoes + report.embargoes)[:MOST_LINES],
        )
    return whole
