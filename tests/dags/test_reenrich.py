"""`reenrich` on real servers, run by Airflow, while the workers run."""

from __future__ import annotations

from pathlib import Path

from newswire.airflow_home import ensure_airflow_db
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.renewal import stale
from newswire.search.client import open_client
from newswire.setup import prepare
from tests.airflow import run_dag
from tests.renewing import MONTHS, both, come_in, numbered, of_the_new_generation, working
from tests.services import start_group_at


def test_a_run_renews_what_is_stale_and_the_next_has_nothing_to_do(
    stack: Settings, tmp_path: Path
) -> None:
    prepare(stack)
    ensure_airflow_db(stack)
    start_group_at(stack, "enrich", STORIES, end=True)
    start_group_at(stack, "index", ENRICHED, end=True)
    now = of_the_new_generation(stack, tmp_path)
    with open_client(stack) as client:
        for index in client.indices.get(index=MONTHS):
            client.indices.delete(index=index)
        come_in(now, client, *numbered(3))
        with working(now, *both(client)):
            done = run_dag(now, "reenrich")
            assert done.returncode == 0, done.stdout
            assert "3 renewed of 3 sent, 0 overtaken, 0 failed; 0 are still stale" in done.stdout
            assert stale(now).stale == 0
            again = run_dag(now, "reenrich")
        assert again.returncode == 0, again.stdout
        assert "0 renewed of 0 sent" in again.stdout
