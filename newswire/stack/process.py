"""Server processes: started apart from us, recognised later, ended politely."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

GRACE = 20.0
"""Seconds that a server has to end after SIGTERM: Elasticsearch and Kafka flush to disk."""

_MARK = "-Dnewswire.server="


def mark(directory: Path) -> str:
    """The JVM argument by which the server of ``directory`` is recognised.

    A process id alone is reused, and a creation time moves with the clock; the command line of a
    server says whose it is, also when the file that had its number is lost.
    """
    return f"{_MARK}{directory}"


def spawn(command: Sequence[str], directory: Path, log: Path) -> psutil.Process:
    """Start a server in a session of its own, so that Ctrl-C in this terminal isn't its end.

    Standard output and error go to ``log``; the log before is kept beside it with ``.1`` added.

    Raises:
        OSError: the program can't be run, or the log can't be written.
    """
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    with log.open("wb") as out:
        child = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # The server outlives this object on purpose, and psutil waits for it: without a return code
    # Popen would warn that a child is still running.
    child.returncode = 0
    return psutil.Process(child.pid)


def alive(process: psutil.Process) -> bool:
    """Whether it runs. A child that has ended and that nobody waited for doesn't."""
    try:
        if process.status() != psutil.STATUS_ZOMBIE:
            return process.is_running()
        process.wait(0)
    except psutil.TimeoutExpired:
        pass
    except psutil.NoSuchProcess:
        pass
    return False


def listens(process: psutil.Process, port: int) -> bool:
    """Whether it is this process that listens on ``port``: another's answer says nothing of it."""
    try:
        return any(
            connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            for connection in process.net_connections("tcp")
        )
    except psutil.Error:
        return False


def find(directories: Iterable[Path]) -> dict[Path, list[psutil.Process]]:
    """The running servers of each of ``directories``, by their command lines."""
    found: dict[Path, list[psutil.Process]] = {directory: [] for directory in directories}
    marks = {mark(directory): directory for directory in found}
    for process in psutil.process_iter(["cmdline"]):
        for argument in process.info["cmdline"] or ():
            if (directory := marks.get(argument)) and alive(process):
                found[directory].append(process)
    return found


def end(processes: Sequence[psutil.Process], grace: float = GRACE) -> list[psutil.Process]:
    """SIGTERM, then SIGKILL for what still runs after ``grace`` seconds; returns the latter."""
    for process in processes:
        _quietly(process.terminate)
    _, left = psutil.wait_procs(processes, timeout=grace)
    kill(left)
    return left


def kill(processes: Sequence[psutil.Process]) -> None:
    """SIGKILL, and wait until they are gone."""
    for process in processes:
        _quietly(process.kill)
    psutil.wait_procs(processes, timeout=10)


def tail(log: Path, lines: int = 12) -> str:
    """The last ``lines`` of a log; empty where there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 32_768))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


def _quietly(action: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        action()
