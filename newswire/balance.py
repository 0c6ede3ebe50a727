"""The balance of the ingest: for each source and day, what was archived is what became of it.

    archived = published + duplicates + held + dead + unaccounted

Counted from the archive itself and the notes beside it, not from what runs say of themselves. What
is unaccounted for is at work, or was killed before it was done: to be 0 in the end.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

from newswire.archive.outcomes import Outcomes
from newswire.archive.raw import RawArchive
from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.search.balance import Row, keep, marks
from newswire.search.client import open_client


def balance(
    settings: Settings,
    *,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
    now: datetime | None = None,
) -> list[Row]:
    """Count each source and day, and keep the rows in Elasticsearch.

    Args:
        settings: where the archive and Elasticsearch are.
        source: only this one.
        since: archived on this day, in UTC, or later.
        until: archived on this day, in UTC, or earlier.
        now: when it is counted.

    Returns:
        A row for each day of a source on which something was archived.

    Raises:
        DependencyUnavailable: S3 or Elasticsearch does not answer.
    """
    store = open_store(settings)
    outcomes = Outcomes(store)
    counted_at = now or datetime.now(UTC)
    with open_client(settings) as client:
        marked = marks(client, source, since, until)
        rows = []
        for day in RawArchive(store).days(source):
            if (since and day.date < since) or (until and until < day.date):
                continue
            count = outcomes.count(day)
            rows.append(
                Row(
                    source=day.source,
                    day=day.date,
                    unaccounted=count.unaccounted,
                    quality=marked.get((day.source, day.date), {}),
                    counted_at=counted_at,
                    **asdict(count),
                )
            )
        keep(client, rows)
    return rows
