"""Judges what stories say of each other's claims, the newest first, and keeps it for dashboards.

Each hour, for at most 55 minutes and `NEWSWIRE_CLAIMS_RATE` stories an hour, and only while the
workers have nothing else to do. What is new in the last `NEWSWIRE_CLAIMS_DAYS` days, or has changed
there, is judged; the next run takes what is left. `newswire judge` does the same by hand.
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
def judge() -> dict[str, Any]:
    """Judge what there is to judge within the budget; returns the totals."""
    from newswire.claims.judging import judge_new
    from newswire.config import load_settings
    from newswire.logs import quiet_libraries
    from newswire.renewal import Turn

    quiet_libraries()
    settings = load_settings()
    turn = Turn(settings, rate=settings.claims_rate, within_s=WITHIN_S)
    totals = judge_new(settings, turn)
    log.info("%s", totals)
    return totals.model_dump(mode="json")


@dag(
    dag_id="claims",
    schedule="47 * * * *",
    tags=["newswire", "enrichment"],
    description="Judges which stories back or deny the claims of others, behind live news",
    doc_md=__doc__,
    is_paused_upon_creation=False,
    **COMMON,
)
def claims_dag() -> None:
    """Judge claims."""
    judge()


claims_dag()
