"""`claims` on real servers, run by Airflow with the models that ship."""

from __future__ import annotations

import pytest

from newswire.airflow_home import ensure_airflow_db
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.search.claims_index import ALL
from newswire.search.client import open_client
from newswire.setup import prepare
from tests.airflow import run_dag
from tests.claims import shown, telling
from tests.renewing import MONTHS
from tests.services import drain, produce, start_group_at
from workers.index import build


@pytest.mark.timeout(600)
def test_a_run_judges_what_is_new_and_the_next_has_nothing_to_do(stack: Settings) -> None:
    prepare(stack)
    ensure_airflow_db(stack)
    start_group_at(stack, "enrich", STORIES, end=True)
    start_group_at(stack, "index", ENRICHED, end=True)
    with open_client(stack) as client:
        for index in client.indices.get(index=[MONTHS, ALL]):
            client.indices.delete(index=index)
        produce(stack, ENRICHED, [telling("alpha", "confirmed"), telling("beta", "confirmed", 1)])
        drain(stack, build(stack))
        done = run_dag(stack, "claims")
        assert done.returncode == 0, done.stdout
        assert "2 stories judged" in done.stdout
        assert "; 0 are left" in done.stdout
        assert {*shown(client)} == {("alpha", "beta"), ("beta", "alpha")}
        again = run_dag(stack, "claims")
        assert again.returncode == 0, again.stdout
        assert "0 stories judged, 0 pairs kept; 0 are left" in again.stdout
