"""What Airflow makes of the DAG files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.contracts.topics import STORIES
from newswire.sources.declared import read_sources
from tests.dags.parsing import Parsed, Parser

TWO_SOURCES = """
sources:
  city-desk:
    kind: directory
    path: inbox
    schedule: "*/10 * * * *"
  harbour-feed:
    kind: feed
    url: https://news.example.org/rss.xml
  sleeping:
    kind: document
    uri: https://news.example.org/page.html
    enabled: false
"""


BALANCES = {"balance_today": "7 * * * *", "balance_month": "37 3 * * *"}
BRINGING_NONE = {"reenrich", "claims", *BALANCES}
"""The DAGs that bring no stories in."""

OF_ITSELF = {"fetch_documents", "release_embargoes", *BRINGING_NONE}
"""The DAGs that need no declared source."""


@pytest.fixture
def declared(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "sources.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_every_dag_file_of_the_project_imports(project: Parsed) -> None:
    assert project.errors == {}


def test_every_enabled_source_of_the_project_has_its_dag(project: Parsed) -> None:
    sources = read_sources(ROOT / "sources.yaml")
    enabled = {f"fetch_{name.replace('-', '_')}" for name, one in sources.items() if one.enabled}
    assert set(project.dags) == enabled | OF_ITSELF


def test_parsing_loads_no_client_no_parser_and_no_model(project: Parsed) -> None:
    assert project.heavy == ()


def test_a_fetch_discovers_then_ingests_batches_then_reports_then_announces(
    project: Parsed,
) -> None:
    for name in set(project.dags) - {"release_embargoes", *BRINGING_NONE}:
        tasks = project.dags[name]["tasks"]
        assert {name: task["upstream"] for name, task in tasks.items()} == {
            "discover": [],
            "ingest_documents": ["discover"],
            "report": ["ingest_documents"],
            "announce": ["report"],
        }
        assert [name for name, task in tasks.items() if task["mapped"]] == ["ingest_documents"]


def test_the_topic_of_stories_is_an_asset_that_the_last_task_updates(project: Parsed) -> None:
    for dag in (dag for name, dag in project.dags.items() if name not in BRINGING_NONE):
        outlets = {name: task["outlets"] for name, task in dag["tasks"].items() if task["outlets"]}
        assert outlets == {"announce": [[STORIES, f"kafka://newswire:9092/{STORIES}"]]}


def test_the_balance_is_counted_and_then_checked_each_hour_and_each_day(project: Parsed) -> None:
    for name, schedule in BALANCES.items():
        dag = project.dags[name]
        assert (dag["schedule"], dag["paused"]) == (schedule, False)
        tasks = dag["tasks"]
        assert {name: task["upstream"] for name, task in tasks.items()} == {
            "count": [],
            "check": ["count"],
        }


def test_stale_enrichments_are_renewed_each_hour_by_one_run_at_a_time(project: Parsed) -> None:
    dag = project.dags["reenrich"]
    assert (dag["schedule"], dag["paused"], dag["catchup"]) == ("27 * * * *", False, False)
    assert dag["max_active_runs"] == 1
    assert {name: task["upstream"] for name, task in dag["tasks"].items()} == {"renew": []}


def test_claims_are_judged_each_hour_by_one_run_at_a_time(project: Parsed) -> None:
    dag = project.dags["claims"]
    assert (dag["schedule"], dag["paused"], dag["catchup"]) == ("47 * * * *", False, False)
    assert dag["max_active_runs"] == 1
    assert {name: task["upstream"] for name, task in dag["tasks"].items()} == {"judge": []}


def test_a_server_that_does_not_answer_is_tried_again_and_a_mistake_is_not(
    project: Parsed,
) -> None:
    assert project.retries == {
        "DependencyUnavailable": "retry",
        "NoAnswer": "retry",
        "NotYet": "retry",
        "FetchError": "fail",
        "ConfigError": "fail",
    }


EVERY_KIND = """
sources:
  sitemaps: {kind: sitemap, url: "https://example.org/sitemap.xml", schedule: "@hourly"}
  prefix: {kind: s3, url: "s3://bucket/in/", dates: "%Y/%m/%d", schedule: "0 6 * * *"}
  drop: {kind: ftp, url: "ftps://example.org/out", schedule: "@hourly"}
  safe-drop: {kind: sftp, url: "sftp://example.org/out", connection: drop}
  mailbox: {kind: imap, url: "imaps://example.org/INBOX", connection: mail, schedule: "@daily"}
  mail: {kind: maildir, path: mail, schedule: "@once"}
"""


def test_every_kind_of_source_has_a_dag_and_names_what_it_fetches(
    parser: Parser, declared: Callable[[str], Path]
) -> None:
    parsed = parser.parse(declared(EVERY_KIND))
    assert parsed.errors == {}
    assert parsed.heavy == ()
    schedules = {name: dag["schedule"] for name, dag in parsed.dags.items() if "fetch_" in name}
    assert schedules == {
        "fetch_sitemaps": "0 * * * *",
        "fetch_prefix": "0 6 * * *",
        "fetch_drop": "@hourly",
        "fetch_safe_drop": None,
        "fetch_mailbox": "0 0 * * *",
        "fetch_mail": "@once",
        "fetch_documents": None,
    }
    assert "`s3://bucket/in/`" in parsed.dags["fetch_prefix"]["doc"]


def test_a_source_gives_its_dag_schedule_tags_and_description(
    parser: Parser, declared: Callable[[str], Path]
) -> None:
    parsed = parser.parse(declared(TWO_SOURCES))
    assert parsed.errors == {}
    assert set(parsed.dags) == {"fetch_city_desk", "fetch_harbour_feed"} | OF_ITSELF
    city = parsed.dags["fetch_city_desk"]
    assert city["schedule"] == "*/10 * * * *"
    assert city["tags"] == ["directory", "fetch", "newswire"]
    assert (city["paused"], city["catchup"], city["max_active_runs"]) == (False, False, 1)
    release = parsed.dags["release_embargoes"]
    assert (release["schedule"], release["paused"]) == ("* * * * *", False)
    assert {task["owner"] for task in city["tasks"].values()} == {"newswire"}
    assert "`city-desk`" in city["doc"]
    assert "https://news.example.org/rss.xml" in parsed.dags["fetch_harbour_feed"]["doc"]


def test_a_mistake_in_the_sources_is_an_import_error_with_line_and_cause(
    parser: Parser, declared: Callable[[str], Path]
) -> None:
    path = declared("sources:\n  desk:\n    kind: directory\n    path: in\n    paralel: 3\n")
    parsed = parser.parse(path)
    (last_line,) = parsed.errors["fetch.py"].strip().splitlines()[-1:]
    assert last_line.startswith(f"newswire.errors.ConfigError: {path}:5: ")
    assert "paralel" in last_line
    assert set(parsed.dags) == OF_ITSELF, "what needs no declared source goes on"


def test_a_schedule_that_airflow_cannot_read_names_its_source(
    parser: Parser, declared: Callable[[str], Path]
) -> None:
    parsed = parser.parse(declared(TWO_SOURCES.replace("*/10 * * * *", "every ten minutes")))
    (last_line,) = parsed.errors["fetch.py"].strip().splitlines()[-1:]
    assert "city-desk" in last_line
    assert "every ten minutes" in last_line
