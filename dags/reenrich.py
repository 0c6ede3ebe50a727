"""Renews what an older revision of the models or the watch-list made, the newest first.

Each hour, for at most 55 minutes and `NEWSWIRE_REENRICH_RATE` stories an hour, and only while the
workers have nothing else to do. The next run takes what is left. A run that finds the workers
making nothing newer fails: they are to be started again. `newswire stale` counts what there is to
do, and `newswire reenrich` does the same by hand.
"""

from __future__ import annotations

import logging
from typing import Any

from airflow.sdk import dag, task
from fetch_tasks import COMMON

log = logging.getLogger(__name__)

WITHIN_S = 55 * 60
"""Done before the next run begins, and before the task is taken for one that hangs."""


@task
def renew() -> dict[str, Any]:
    """Renew what there is to renew within the budget; returns the totals."""
    from newswire.config import load_settings
    from newswire.logs import quiet_libraries
    from newswire.renewal import Turn, reenrich

    quiet_libraries()
    settings = load_settings()
    turn = Turn(settings, rate=settings.reenrich_rate, within_s=WITHIN_S)
    totals = reenrich(settings, turn)
    for line in totals.failed:
        log.warning("failed: %s", line)
    log.info("%s", totals)
    return totals.model_dump(mode="json")


@dag(
    dag_id="reenrich",
    schedule="27 * * * *",
    tags=["newswire", "enrichment"],
    description="Renews what older models or an older watch-list made, behind live news",
    doc_md=__doc__,
    is_paused_upon_creation=False,
    **COMMON,
)
def reenrich_dag() -> None:
    """Renew stale enrichments."""
    renew()


reenrich_dag()
