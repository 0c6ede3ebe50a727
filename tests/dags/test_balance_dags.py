"""`balance_today` on real servers, run by Airflow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newswire.airflow_home import ensure_airflow_db
from newswire.archive.raw import RawArchive
from newswire.archive.store import open_store
from newswire.config import Settings
from newswire.search.balance import INDEX, Row
from newswire.search.client import open_client
from newswire.setup import prepare
from tests.airflow import run_dag
from tests.ingesting import one
from tests.ninjs import ninjs

SOURCE = "dag-balance"


def test_a_run_keeps_the_rows_and_fails_where_a_day_that_is_over_is_not_accounted_for(
    stack: Settings, tmp_path: Path
) -> None:
    prepare(stack)
    ensure_airflow_db(stack)
    path = tmp_path / "story.json"
    path.write_bytes(ninjs("urn:test:dag-balance", 1))
    one(stack, SOURCE, path)
    good = run_dag(stack, "balance_today")
    assert good.returncode == 0, good.stdout
    with open_client(stack) as client:
        client.indices.refresh(index=INDEX)
        (hit,) = client.search(index=INDEX, query={"term": {"source": SOURCE}})["hits"]["hits"]
    row = Row.model_validate(hit["_source"])
    assert (row.archived, row.published, row.unaccounted) == (1, 1, 0)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    RawArchive(open_store(stack)).archive(
        b"x", source=SOURCE, uri="file:x", media_type="text/plain", now=yesterday
    )
    bad = run_dag(stack, "balance_today")
    assert bad.returncode != 0
    assert f"newswire replay --from raw/{SOURCE}/{yesterday:%Y/%m/%d}/" in bad.stdout
