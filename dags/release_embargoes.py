"""Publishes what was held under an embargo, in the minute after that has ended.

What is due is noted in S3, so that no restart of anything forgets it; a run that is missed is made
good by the next one. `newswire release` does the same by hand.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import dag, task
from fetch_tasks import COMMON, announce

log = logging.getLogger(__name__)


@task
def release_due() -> dict[str, Any]:
    """Release every story whose embargo has ended; returns the totals."""
    from newswire.config import load_settings
    from newswire.ingest.release import release
    from newswire.ingest.report import DocumentReport, totals

    def tell(report: DocumentReport) -> None:
        log.info("%s: %s", report.uri, report.outcome)
        for line in report.errors:
            log.warning("failed: %s", line)

    return totals(release(load_settings(), progress=tell)).model_dump()


@dag(
    schedule="* * * * *",
    tags=["newswire", "embargo"],
    description="Publishes what was held under an embargo, once that has ended",
    doc_md=__doc__,
    is_paused_upon_creation=False,
    **COMMON,
)
def release_embargoes() -> None:
    """Publish the held stories whose embargo has ended."""
    announce(release_due())


release_embargoes()
