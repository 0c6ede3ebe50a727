"""The steps that every fetch DAG has after it has found its documents.

    batches -> ingest_documents (mapped: one task a batch) -> report -> announce

The work is in `newswire.ingest`; what is heavy is imported by the task that needs it, never when
Airflow parses this file.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule, XComArg, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from newswire.contracts.topics import STORIES
from newswire.errors import DependencyUnavailable, NewswireError, NotYet
from newswire.ingest.batches import Batch, BatchReport, merge, summarise
from newswire.ingest.report import Totals
from newswire.sources.connections import NoAnswer

log = logging.getLogger(__name__)

STORIES_ASSET = Asset(name=STORIES, uri=f"kafka://newswire:9092/{STORIES}")
"""The topic as an asset. Its address is a name, the same wherever the broker is: an asset's URI is
its identity. Airflow's Kafka provider, where it is installed, wants this form."""

RETRIES: dict[str, Any] = {
    "retries": 4,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=5),
    # A dependency comes back; a wrong setting or an unreadable source stays as it is. Anything
    # else, such as a task that was killed, is Airflow's own to retry.
    "retry_policy": ExceptionRetryPolicy(
        rules=[
            RetryRule(
                exception=DependencyUnavailable,
                action=RetryAction.RETRY,
                reason="a server does not answer: nothing is dropped, try again",
            ),
            RetryRule(
                exception=NoAnswer,
                action=RetryAction.RETRY,
                reason="a source's server does not answer: its documents can't be listed",
            ),
            RetryRule(
                exception=NotYet,
                action=RetryAction.RETRY,
                reason="a server wants to be left alone, and no later run takes what is left",
            ),
            RetryRule(
                exception=NewswireError,
                action=RetryAction.FAIL,
                reason="trying again would not help",
            ),
        ]
    ),
}

COMMON: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,
    # Two runs of a source would fetch the same documents side by side.
    "max_active_runs": 1,
    # A task that hangs would hold up its source for ever: there is one run at a time.
    "default_args": {"owner": "newswire", "execution_timeout": timedelta(hours=1), **RETRIES},
}
"""What all fetch DAGs have in common."""


@task
def ingest_documents(batch: dict[str, Any]) -> dict[str, Any]:
    """Fetch, archive, parse and produce a batch. Bad input becomes dead letters, never an error.

    Raises:
        NotYet: a server wants to be left alone, in a run over the past.
    """
    from newswire.config import load_settings
    from newswire.ingest.pipeline import SourceRules, ingest
    from newswire.logs import quiet_libraries

    quiet_libraries()
    documents = Batch.model_validate(batch)
    rules = SourceRules(
        documents.source,
        documents.internal,
        documents.expect,
        access=documents.access,
        listed=documents.listed,
    )
    batch_report = summarise(ingest(documents.uris, rules, load_settings()))
    if documents.past and batch_report.waits:
        # What is done already isn't fetched again when the task is retried.
        raise NotYet(
            f"{batch_report.totals.waiting} documents of the past are left: {batch_report.waits[0]}"
        )
    return batch_report.model_dump(mode="json")


# With no documents there is no batch, and Airflow skips what would have been mapped over them.
@task(trigger_rule="none_failed", multiple_outputs=False)
def report(reports: list[dict[str, Any]]) -> dict[str, int]:
    """Log the totals; fail the run where there were documents and a story in none of them."""
    run = merge(BatchReport.model_validate(one) for one in reports)
    log.info("%s", run.totals)
    for line in run.errors:
        log.warning("failed: %s", line)
    for line in run.embargoes:
        log.info("embargo: %s", line)
    for line in run.waits:
        log.info("left for a later run: %s", line)
    if run.all_dead:
        raise AirflowFailException(
            f"a story in none of the {run.dead} documents; the first: {run.errors[0]}"
        )
    return run.totals.model_dump()


@task(outlets=[STORIES_ASSET])
def announce(totals: dict[str, int], outlet_events: Any = None) -> None:
    """Tell the DAGs that wait for new stories; skipped where there are none."""
    if not Totals.model_validate(totals).published:
        raise AirflowSkipException("nothing new on the topic")
    outlet_events[STORIES_ASSET].extra = totals


def fetch_steps(batches: XComArg) -> None:
    """Everything after a DAG's own `discover`."""
    # To a type checker a task is the function that it was made of; here it makes an XComArg.
    as_task: Any = report
    announce(as_task(ingest_documents.expand(batch=batches)))
