"""Publish what was held under an embargo, once that has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from newswire.archive.held import HeldStore
from newswire.archive.outcomes import Fate, Outcomes
from newswire.archive.store import open_store
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.ingest.again import ArchiveReader
from newswire.ingest.report import DocumentReport, Outcome


def release(
    settings: Settings,
    *,
    progress: Callable[[DocumentReport], None] = lambda report: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[DocumentReport]:
    """Publish every story whose embargo has ended. What is due is in S3: no restart forgets it.

    A story that was corrected meanwhile goes out as corrected, and one that was killed doesn't.
    It is dropped from what is held only when it is published: killed in between, the next run
    finds it published.

    Returns:
        A report for each story that was due.

    Raises:
        DependencyUnavailable: Kafka or S3 doesn't answer; the rest is released by the next run.
    """
    store = open_store(settings)
    held = HeldStore(store)
    outcomes = Outcomes(store)
    due = list(held.due(clock(), superseded=lambda old: outcomes.note(old.raw_key, Fate.DUPLICATE)))
    if not due:
        return []
    reports = []
    with Publisher(settings, "/newswire/release") as publisher:
        reader = ArchiveReader(settings, store, publisher, letters=True, clock=clock)
        for story in due:
            report = reader.document(story.raw_key, only=story.key)
            if report.outcome is Outcome.DEAD:
                # It waits for nothing any more, and that nobody could read it counts.
                outcomes.withdraw(story.raw_key, Fate.HELD)
            held.drop(story)
            progress(report)
            reports.append(report)
    return reports
