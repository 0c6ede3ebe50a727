"""`newswire airflow standalone`: scheduler, pages and all, as one that tries Newswire starts it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from newswire.airflow_home import airflow_home
from newswire.config import Settings
from tests.services import eventually
from tests.standalone import Standalone, standalone_of
from tests.webserver import WebServer, web_server

STORY = """\
Ferry line adds a second crossing

By Lea Brandt

OSTEND, May 2 - The ferry line will add a second crossing a day from June, it said on Thursday.

"The first one has been full since March," said its director, Piet Maas.
"""


@pytest.fixture
def standalone(stack: Settings, tmp_path: Path) -> Iterator[Standalone]:
    with standalone_of(stack, tmp_path) as running:
        yield running


def hang(server: WebServer) -> None:
    server.done.wait(300)


def listens_on(process: psutil.Process) -> list[str]:
    """Addresses; none of a task's process that has ended meanwhile."""
    with suppress(psutil.NoSuchProcess):
        return [
            connection.laddr.ip
            for connection in process.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
    return []


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
        listening = {address for process in processes for address in listens_on(process)}
        assert listening == {"127.0.0.1"}

        standalone.process.send_signal(signal.SIGTERM)
        standalone.process.wait(60)
        _, left = psutil.wait_procs(processes, timeout=20)
        assert left == []
