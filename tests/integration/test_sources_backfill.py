"""Sources with a past, run by Airflow over parts of it: `dags test` at a date, and a backfill."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from newswire.airflow_home import (
    airflow_command,
    airflow_environment,
    airflow_home,
    ensure_airflow_db,
)
from newswire.archive.store import s3_client
from newswire.config import Settings
from newswire.setup import prepare
from tests.ingesting import page, text
from tests.services import Watch, eventually
from tests.standalone import standalone_of
from tests.webserver import WebServer, replying, web_server

PATIENCE = 240
"""Seconds that one command of Airflow may take; some fifteen on an idle machine."""
DAYS = range(1, 6)

SOURCES = """\
sources:
  past-prefix:
    kind: s3
    url: s3://past/wire/
    dates: "%Y/%m/%d/"
    schedule: "@daily"
    internal: true
  past-site:
    kind: sitemap
    url: {url}/sitemap.xml
    schedule: "@daily"
    internal: true
  busy-site:
    kind: sitemap
    url: {url}/busy.xml
    robots: false
    internal: true
  busy-past:
    kind: sitemap
    url: {url}/busy.xml
    schedule: "@daily"
    robots: false
    internal: true
"""


@pytest.fixture(scope="module")
def site() -> Iterator[WebServer]:
    """A site with one page a day, and its sitemap."""
    with web_server() as server:
        entries = []
        for day in DAYS:
            url = f"{server.url}/page-{day}"
            server.serve(f"/page-{day}", page(url, f"Day {day}.", headline=f"Harbour day {day}"))
            entries.append(
                f"<url><loc>{url}</loc><lastmod>2024-05-0{day}T09:00:00Z</lastmod></url>"
            )
        server.serve("/sitemap.xml", f"<urlset>{''.join(entries)}</urlset>".encode())
        yield server


@pytest.fixture(scope="module")
def settings(
    stack: Settings, site: WebServer, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The running servers, with a prefix that has one story a day."""
    prepare(stack)
    ensure_airflow_db(stack)
    client = s3_client(stack)
    client.create_bucket(Bucket="past")
    for day in DAYS:
        key = f"wire/2024/05/0{day}/a.txt"
        client.put_object(Bucket="past", Key=key, Body=text(f"Lock day {day}"))
    declared = tmp_path_factory.mktemp("past") / "sources.yaml"
    declared.write_text(SOURCES.format(url=site.url), "utf-8")
    return stack.model_copy(update={"sources_file": declared})


def airflow(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        airflow_command(*arguments),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def airflow_until(sign: str, environment: dict[str, str], *arguments: str) -> str:
    """What a command says until it says a sign; it is ended then."""
    said = ""
    with subprocess.Popen(
        airflow_command(*arguments),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        assert running.stdout is not None
        patience = Timer(PATIENCE, running.kill)
        patience.start()
        for line in running.stdout:
            said += line
            if sign in line:
                break
        patience.cancel()
        running.kill()
    return said


@pytest.mark.parametrize(
    ("dag", "headline"), [("fetch_past_prefix", "Lock day 3"), ("fetch_past_site", "Harbour day 3")]
)
def test_a_run_at_a_date_takes_what_is_dated_in_its_interval(
    settings: Settings, stories: Watch, dag: str, headline: str
) -> None:
    log = airflow(airflow_environment(settings), "dags", "test", dag, "2024-05-04")
    assert [story.headline for story in stories.records()] == [headline], log
    assert "up_for_retry" not in log


def test_a_run_of_a_site_that_wants_to_be_left_alone_is_a_good_one(
    settings: Settings, stories: Watch
) -> None:
    with web_server() as busy:
        busy.on("/busy.xml", replying(503, headers={"Retry-After": "60"}))
        declared = settings.sources_file.with_name("busy.yaml")
        declared.write_text(SOURCES.format(url=busy.url), "utf-8")
        told = airflow_environment(settings.model_copy(update={"sources_file": declared}))
        log = airflow(told, "dags", "test", "fetch_busy_site")
        assert "wants to be left alone until" in log
        assert "up_for_retry" not in log
        assert [path for path, _ in busy.requests] == ["/busy.xml"]


@pytest.mark.parametrize("busy", ["/busy.xml", "/page"])
def test_a_run_over_the_past_that_leaves_something_is_tried_again_for_no_later_run_takes_it(
    settings: Settings, busy: str
) -> None:
    with web_server() as site:
        entry = f"<url><loc>{site.url}/page</loc><lastmod>2024-05-03</lastmod></url>"
        site.serve("/busy.xml", f"<urlset>{entry}</urlset>".encode())
        site.on(busy, replying(503, headers={"Retry-After": "60"}))
        declared = settings.sources_file.with_name("busy-past.yaml")
        declared.write_text(SOURCES.format(url=site.url), "utf-8")
        told = airflow_environment(settings.model_copy(update={"sources_file": declared}))
        again = "up_for_retry"
        log = airflow_until(again, told, "dags", "test", "fetch_busy_past", "2024-05-04")
        assert "wants to be left alone until" in log
        assert again in log


@pytest.mark.timeout(600)  # Airflow starts four times over
def test_a_backfill_takes_the_days_of_its_range_each_in_a_run_of_its_own(
    settings: Settings, stories: Watch, tmp_path: Path
) -> None:
    dags = ("fetch_past_prefix", "fetch_past_site")
    with standalone_of(settings, tmp_path) as running:
        running.log_in(airflow_home(settings) / "simple_auth_manager_passwords.json.generated")

        def states(dag: str) -> list[str]:
            """Of the runs of its backfill, of those that ended."""
            answer = running.client.get(f"/api/v2/dags/{dag}/dagRuns?limit=100").json()
            runs = [run for run in answer.get("dag_runs", []) if run["run_type"] == "backfill"]
            return [run["state"] for run in runs if run["state"] not in {"queued", "running"}]

        def known(dag: str) -> bool:
            return running.client.get(f"/api/v2/dags/{dag}").status_code == 200

        for dag in dags:
            assert eventually(lambda dag=dag: known(dag), 60, every=0.5), running.log_end()
            days = ("--from-date", "2024-05-01", "--to-date", "2024-05-02")
            airflow(running.environment, "backfill", "create", "--dag-id", dag, *days)
        for dag in dags:
            done = eventually(lambda dag=dag: len(states(dag)) == 2, PATIENCE, every=1)
            assert done, running.log_end()
            assert states(dag) == ["success", "success"], running.log_end()
    headlines = sorted(story.headline for story in stories.records())
    assert headlines == ["Harbour day 1", "Harbour day 2", "Lock day 1", "Lock day 2"]
