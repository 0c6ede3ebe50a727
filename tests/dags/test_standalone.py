"""`newswire airflow standalone`: scheduler, pages and all, as one that tries Newswire starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
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

STORY = """\
Ferry line adds a second crossing

By Lea Brandt

OSTEND, May 2 - The ferry line will add a second crossing a day from June, it said on Thursday.

"The first one has been full since March," said its director, Piet Maas.
"""


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


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
        started = []
        try:
            assert eventually(running.healthy, 150), log.read_text("utf-8", "replace")[-4000:]
            started = running.processes()
            yield running
        finally:
            for one in started:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            process.kill()
            process.wait()


def test_it_runs_a_dag_listens_on_loopback_only_and_ends_whole(
    standalone: Standalone, stack: Settings, tmp_path: Path
) -> None:
    standalone.log_in(airflow_home(stack) / "simple_auth_manager_passwords.json.generated")
    story = tmp_path / "ferry.txt"
    story.write_text(STORY, "utf-8")
    runs = "/api/v2/dags/fetch_documents/dagRuns"
    conf = {"uris": [str(story)], "source": "standalone-test"}
    triggered = standalone.client.post(runs, json={"logical_date": None, "conf": conf})
    assert triggered.status_code == 200, triggered.text
    run = f"{runs}/{triggered.json()['dag_run_id']}"

    def state() -> str:
        return str(standalone.client.get(run).json()["state"])

    assert eventually(lambda: state() not in {"queued", "running"}, 90)
    assert state() == "success", standalone.log.read_text("utf-8", "replace")[-4000:]

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
