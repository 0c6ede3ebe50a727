"""`newswire airflow standalone`: scheduler, pages and all, as one that tries Newswire starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from newswire.airflow_home import (
    PORT_VARIABLE,
    airflow_command,
    airflow_environment,
    airflow_home,
    ensure_airflow_db,
)
from newswire.config import Settings
from newswire.setup import prepare
from tests.services import eventually
from tests.webserver import WebServer, web_server

STORY = """\
Ferry line adds a second crossing

By Lea Brandt

OSTEND, May 2 - The ferry line will add a second crossing a day from June, it said on Thursday.

"The first one has been full since March," said its director, Piet Maas.
"""


@dataclass(frozen=True)
class Standalone:
    """A running one: its first process, its log, and its pages' server as an administrator."""

    process: subprocess.Popen[bytes]
    log: Path
    client: httpx.Client

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
        triggered = self.client.post(runs, json={"logical_date": None, "conf": conf})
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


@pytest.fixture
def standalone(
    stack: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Standalone]:
    prepare(stack)
    ensure_airflow_db(stack)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv(PORT_VARIABLE, str(port))
    log = tmp_path / "standalone.log"
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as out, httpx.Client(base_url=url, timeout=60) as client:
        process = subprocess.Popen(
            airflow_command("standalone"),
            env=airflow_environment(stack),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        running = Standalone(process, log, client)
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


def hang(server: WebServer) -> None:
    server.done.wait(300)


def test_it_runs_a_dag_listens_on_loopback_only_and_ends_whole_though_a_task_runs(
    standalone: Standalone, stack: Settings, tmp_path: Path
) -> None:
    standalone.log_in(airflow_home(stack) / "simple_auth_manager_passwords.json.generated")
    story = tmp_path / "ferry.txt"
    story.write_text(STORY, "utf-8")
    run = standalone.trigger(uris=[str(story)], source="standalone-test")

    def state() -> str:
        return str(standalone.client.get(run).json()["state"])

    assert eventually(lambda: state() not in {"queued", "running"}, 90, every=0.5)
    assert state() == "success", standalone.log_end()

    with web_server() as server:
        address = server.on("/never", lambda request: hang(server))
        standalone.trigger(uris=[address], source="standalone-test", internal=True)
        assert eventually(lambda: bool(server.requests), 90), standalone.log_end()

        processes = standalone.processes()
        listening = {
            connection.laddr.ip
            for process in processes
            for connection in process.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}

        standalone.process.send_signal(signal.SIGTERM)
        standalone.process.wait(60)
        _, left = psutil.wait_procs(processes, timeout=20)
        assert left == []
