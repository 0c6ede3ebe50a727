"""The environment in which the embedded Airflow runs."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newswire.airflow_home import (
    airflow_environment,
    airflow_home,
    ensure_airflow_db,
    remove_airflow_home,
)
from newswire.config import ROOT, Settings, load_settings, stack_file
from newswire.errors import NewswireError

KEY = "made-up-secret"
RUNNING = {
    "kafka_bootstrap": "127.0.0.1:41001",
    "s3_endpoint": "http://127.0.0.1:41003",
    "s3_access_key": "newswire-key",
    "s3_secret_key": KEY,
}


@pytest.fixture(autouse=True)
def _no_settings_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("NEWSWIRE_", "AIRFLOW_")):
            monkeypatch.delenv(name)


@pytest.fixture
def running(tmp_path: Path) -> Path:
    """A data directory whose stack.json says where servers are."""
    stack_file(tmp_path).write_text(json.dumps({"settings": RUNNING, "servers": []}), "utf-8")
    return tmp_path


def read_in_a_task(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    with monkeypatch.context() as patched:
        for name in list(os.environ):
            patched.delenv(name)
        for name, value in environment.items():
            patched.setenv(name, value)
        return load_settings()


def test_a_task_finds_the_running_servers_without_a_key_in_its_environment(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(data_dir=running)
    environment = airflow_environment(settings)
    assert KEY not in " ".join(environment.values())
    assert read_in_a_task(environment, monkeypatch) == settings


def test_a_task_follows_servers_that_have_moved(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = airflow_environment(load_settings(data_dir=running))
    moved = {"settings": RUNNING | {"kafka_bootstrap": "127.0.0.1:42001"}}
    stack_file(running).write_text(json.dumps(moved), "utf-8")
    assert read_in_a_task(environment, monkeypatch).kafka_bootstrap == "127.0.0.1:42001"


@pytest.mark.parametrize(
    "given",
    [
        {"kafka_bootstrap": "broker.example.org:9092"},
        {"s3_endpoint": None, "s3_access_key": None, "s3_secret_key": None},
        {"fetch_max_redirects": 0, "fetch_timeout": 2.5},
        {"sources_file": ROOT / "other.yaml"},
    ],
)
def test_what_was_set_otherwise_is_handed_to_the_tasks(
    running: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, object]
) -> None:
    settings = load_settings(data_dir=running, **given)
    assert read_in_a_task(airflow_environment(settings), monkeypatch) == settings


def test_another_airflow_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", "/srv/airflow")
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql://airflow@db/airflow")
    monkeypatch.setenv("AIRFLOW__SECRETS__BACKEND", "example.Backend")
    environment = airflow_environment(load_settings(data_dir=tmp_path))
    assert environment["AIRFLOW_HOME"] == str(tmp_path / "airflow")
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == (
        f"sqlite:///{tmp_path / 'airflow' / 'airflow.db'}"
    )
    assert "AIRFLOW__SECRETS__BACKEND" not in environment


def test_connections_of_sources_are_handed_to_the_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AIRFLOW_CONN_WIRE", "NEWSWIRE_CONN_WIRE"):
        monkeypatch.setenv(name, "ftp://ada:pw@ftp.example.org")
    environment = airflow_environment(load_settings(data_dir=tmp_path))
    assert {"AIRFLOW_CONN_WIRE", "NEWSWIRE_CONN_WIRE"} <= environment.keys()


def test_every_address_is_on_loopback_and_on_the_port_that_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API__PORT", "18081")
    environment = airflow_environment(load_settings(data_dir=tmp_path))
    assert environment["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert environment["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:18081"
    assert environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == (
        "http://127.0.0.1:18081/execution/"
    )


def test_what_fetches_has_slots_beside_the_dags_that_wait_behind_live_news(tmp_path: Path) -> None:
    environment = airflow_environment(load_settings(data_dir=tmp_path))
    waiting = [own for own in (ROOT / "dags").glob("*.py") if "Turn(" in own.read_text("utf-8")]
    assert len(waiting) >= 2
    assert int(environment["AIRFLOW__CORE__PARALLELISM"]) > len(waiting)


def test_airflow_finds_its_own_program_first(tmp_path: Path) -> None:
    path = airflow_environment(load_settings(data_dir=tmp_path))["PATH"].split(os.pathsep)
    assert path[0] == str(tmp_path / "airflow" / "bin")


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    kept = airflow_home(settings) / "keep"
    kept.parent.mkdir(parents=True)
    kept.touch()
    with pytest.raises(NewswireError, match="is not Newswire's"):
        ensure_airflow_db(settings)
    remove_airflow_home(settings)
    assert kept.exists()
    assert list(kept.parent.iterdir()) == [kept]
