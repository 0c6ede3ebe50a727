"""`newswire airflow standalone` as a fixture: scheduler, pages and all."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from newswire.airflow_home import (
    PORT_VARIABLE,
    airflow_command,
    airflow_environment,
    ensure_airflow_db,
)
from newswire.config import Settings
from newswire.setup import prepare
from tests.services import eventually


@dataclass(frozen=True)
class Standalone:
    """A running one: its first process, its log, and its pages' server as an administrator."""

    process: subprocess.Popen[bytes]
    log: Path
    client: httpx.Client
    environment: dict[str, str]

    def healthy(self) -> bool:
        with suppress(httpx.HTTPError):
            health = self.client.get("/api/v2/monitor/health").json()
            parts = ("metadatabase", "scheduler", "dag_processor", "triggerer")
            return all(health[part]["status"] == "healthy" for part in parts)
        return False

    def log_end(self) -> str:
        return self.log.read_text("utf-8", "replace")[-4000:]

    def trigger(self, **conf: object) -> str:
        """Run the DAG for documents named by hand. Returns the address of the run."""
        runs = "/api/v2/dags/fetch_documents/dagRuns"
        for _ in range(5):
            triggered = self.client.post(runs, json={"logical_date": None, "conf": conf})
            # On SQLite Airflow's server may wait for a transaction that waits for it, for some
            # seconds, when a task reports at that very moment. Its own clients try again.
            if triggered.status_code < 500:
                break
        assert triggered.status_code == 200, triggered.text
        return f"{runs}/{triggered.json()['dag_run_id']}"

    def log_in(self, passwords: Path) -> None:
        password = json.loads(passwords.read_text())["admin"]
        answer = self.client.post(
            "/auth/token", json={"username": "admin", "password": password}
        ).raise_for_status()
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def processes(self) -> list[psutil.Process]:
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]


@contextmanager
def standalone_of(settings: Settings, folder: Path) -> Iterator[Standalone]:
    """One that runs; ``folder`` gets its log."""
    prepare(settings)
    ensure_airflow_db(settings)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = airflow_environment(settings) | {
        PORT_VARIABLE: str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
    }
    log = folder / "standalone.log"
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as out, httpx.Client(base_url=url, timeout=60) as client:
        process = subprocess.Popen(
            airflow_command("standalone"),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        running = Standalone(process, log, client, environment)
        started: list[psutil.Process] = []
        try:
            assert eventually(running.healthy, 150, every=0.5), running.log_end()
            started = running.processes()
            yield running
        finally:
            with suppress(psutil.NoSuchProcess):
                started += running.processes()
            for one in started:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            process.kill()
            process.wait()
