"""How a server process is recognised, and ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from newswire.stack.process import alive, end, find, listens, mark, spawn, tail

_SERVE = "import sys; print('ready', flush=True); sys.stdin.read()"
_STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + _SERVE


@contextmanager
def running(script: str, *arguments: str) -> Iterator[psutil.Process]:
    """A Python process that has said it is ready."""
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield psutil.Process(child.pid)
        finally:
            child.kill()


def test_a_server_is_found_by_the_mark_of_its_directory(tmp_path: Path) -> None:
    mine, other = tmp_path / "kafka", tmp_path / "kafka2"
    with running(_SERVE, mark(mine)) as process:
        assert find([mine, other]) == {mine: [process], other: []}


def test_a_child_that_ended_and_that_nobody_waited_for_does_not_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = spawn([sys.executable, "-c", "print('bye')"], tmp_path, log)
    process.wait(10)
    assert not alive(process)
    assert tail(log) == "bye"


def test_a_server_is_in_a_session_of_its_own_and_keeps_the_log_before(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("before")
    script = "import os; print(os.getsid(0) == os.getpid(), os.getcwd())"
    spawn([sys.executable, "-c", script], tmp_path, log).wait(10)
    assert log.read_text() == f"True {tmp_path}\n"
    assert (tmp_path / "log.1").read_text() == "before"


def test_what_ignores_a_polite_end_is_killed() -> None:
    with running(_SERVE) as polite, running(_STUBBORN) as stubborn:
        assert end([polite, stubborn], grace=0.3) == [stubborn]
        assert not alive(stubborn)
        assert not alive(polite)


def test_a_port_of_another_process_is_not_listened_on_by_this_one() -> None:
    listen = (
        "import socket, sys; s = socket.create_server(('127.0.0.1', 0));"
        " print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    with running(_SERVE) as other, running(listen) as server:
        (connection,) = server.net_connections("tcp")
        port = connection.laddr.port
        assert listens(server, port)
        assert not listens(other, port)


def test_the_tail_of_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert tail(tmp_path / "none") == ""
