"""``python -m newswire.airflow_standalone``: `airflow standalone` that ends when it is asked to.

Airflow's own ends its parts on Ctrl-C only; a polite kill would leave all of them running. And it
waits for its scheduler, which waits for the running tasks, which try for minutes to report to the
API server that was ended beside them. Here each of SIGINT, SIGTERM and SIGHUP ends it: politely
first, by force after ``GRACE_S`` seconds or at the second signal.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import psutil

GRACE_S = 20.0
"""Most tasks end within it. A task that is killed loses nothing: what it has not produced is
fetched again when it is tried again."""


def run(program: Callable[[], None], grace_s: float = GRACE_S) -> None:
    """Run a program that ends its child processes on KeyboardInterrupt, and see that it does.

    Where it or a descendant still runs after ``grace_s`` seconds, all of them are killed and this
    process ends with status 1. Call it from the main thread.
    """
    at_once, forced = threading.Event(), threading.Event()
    stopping: list[threading.Thread] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopping:
            at_once.set()
            return
        # Found now: a descendant whose parent ends is nobody's, and would not be found later.
        known = psutil.Process().children(recursive=True)
        arguments = (at_once, grace_s, known, forced)
        stopping.append(threading.Thread(target=_kill_after, args=arguments, daemon=True))
        stopping[0].start()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    program()
    if forced.is_set():
        sys.exit(1)


def _kill_after(
    at_once: threading.Event,
    grace_s: float,
    known: list[psutil.Process],
    forced: threading.Event,
) -> None:
    at_once.wait(grace_s)
    forced.set()
    # One by one, not by their group: a task has a group of its own, and ours is our caller's too.
    for process in {*known, *psutil.Process().children(recursive=True)}:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    sys.stderr.write("Airflow still ran: it was killed, with all that it had started\n")
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    from airflow.__main__ import main

    run(main)
