"""What a fetch DAG hands from task to task: batches of documents, and what became of them.

Small, JSON-ready, and free of everything heavy: DAG files import this when they are parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from newswire.ingest.report import DocumentReport, Outcome, Totals, totals
from newswire.sources.access import Access

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
    access: Access = Access()
    listed: dict[str, str] = {}
    """By document, its state as the source's listing has it."""
    past: bool = False
    """Of a run over the past: what it leaves is taken by no later run."""


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
    waits: tuple[str, ...] = ()
    """The first lines that say why a document is left for a later run."""

    @property
    def all_dead(self) -> bool:
        """Whether there were documents, and a story in none of them."""
        return 0 < self.totals.documents == self.dead


def split(documents: Batch, parts: int) -> list[Batch]:
    """At most ``parts`` batches of nearly equal size, none of them empty, in the same order."""
    uris = documents.uris
    count = min(parts, len(uris))
    bounds = [len(uris) * part // count for part in range(count + 1)] if count else []
    return [_part(documents, uris[begin:end]) for begin, end in pairwise(bounds)]


def _part(documents: Batch, uris: tuple[str, ...]) -> Batch:
    listed = {uri: documents.listed[uri] for uri in uris if uri in documents.listed}
    return documents.model_copy(update={"uris": uris, "listed": listed})


def summarise(reports: Sequence[DocumentReport]) -> BatchReport:
    """The report of one batch."""
    return BatchReport(
        totals=totals(reports),
        dead=sum(report.outcome is Outcome.DEAD for report in reports),
        errors=tuple(line for report in reports for line in report.errors)[:MOST_LINES],
        embargoes=tuple(line for report in reports for line in report.embargoes)[:MOST_LINES],
        waits=tuple(report.waits for report in reports if report.waits)[:MOST_LINES],
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
            waits=(whole.waits + report.waits)[:MOST_LINES],
        )
    return whole
