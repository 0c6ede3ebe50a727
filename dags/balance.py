"""Counts what became of the archived documents, by source and day, and keeps it in Elasticsearch.

`balance_today` counts today and yesterday, each hour. `balance_month` counts the last 31 days, each
day, since an embargo that ends or a replay changes what became of older documents. Both fail where
documents of a day that is over are unaccounted for, and say how they are taken in again.
`newswire balance` does the same by hand.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import DAG, dag, task
from airflow.sdk.exceptions import AirflowFailException
from fetch_tasks import COMMON

log = logging.getLogger(__name__)


def balance_dag(name: str, schedule: str, days: int, description: str) -> DAG:
    """The DAG that counts today and so many days before it."""

    @task
    def count() -> list[dict[str, Any]]:
        """Count and keep the rows; returns them."""
        from newswire.balance import balance
        from newswire.config import load_settings

        since = datetime.now(UTC).date() - timedelta(days=days)
        return [row.model_dump(mode="json") for row in balance(load_settings(), since=since)]

    @task
    def check(rows: list[dict[str, Any]]) -> None:
        """Log the rows; fail where documents of a day that is over are unaccounted for."""
        from newswire.search.balance import Row, remedy

        today = datetime.now(UTC).date()
        missing = []
        for row in map(Row.model_validate, rows):
            log.info("%s", row.model_dump_json())
            if row.unaccounted and row.day < today:
                missing.append(remedy(row))
        if missing:
            raise AirflowFailException("; ".join(missing))

    @dag(
        dag_id=name,
        schedule=schedule,
        tags=["newswire", "balance"],
        description=description,
        doc_md=__doc__,
        is_paused_upon_creation=False,
        **COMMON,
    )
    def build() -> None:
        as_task: Any = check
        as_task(count())

    return build()


balance_dag("balance_today", "7 * * * *", 1, "Counts what became of the documents of today")
balance_dag("balance_month", "37 3 * * *", 31, "Counts what became of the documents of a month")
