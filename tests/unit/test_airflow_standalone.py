"""`airflow standalone` ends when it is asked to, with all that it started."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from newswire.stack.process import alive
from tests.services import eventually

# As Airflow is: a part of it is told to end and does, but what that part has started doesn't, and
# holds the pipe that the first process reads to its end.
PROGRAM = """
import os, signal, subprocess, sys
from newswire.airflow_standalone import run

TASK = '''
import os, signal
os.setpgid(0, 0)
signal.signal(signal.SIGTERM, signal.SIG_DFL if {obedient} else signal.SIG_IGN)
print(os.getpid(), flush=True)
signal.pause()
'''
PART = '''
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {task!r}]).wait()
'''

def program():
    task = TASK.format(obedient=sys.argv[2] == "obedient")
    command = [sys.executable, "-c", PART.format(task=task)]
    part = subprocess.Popen(command, stdout=subprocess.PIPE)
    pid = int(part.stdout.readline())
    try:
        print(pid, flush=True)
        signal.pause()
    except KeyboardInterrupt:
        part.terminate()
        os.kill(pid, signal.SIGTERM)
        print("ending", flush=True)
        part.stdout.read()

run(program, float(sys.argv[1]))
"""


@contextmanager
def started(grace_s: float, task: str) -> Iterator[tuple[subprocess.Popen[str], psutil.Process]]:
    """The program, and the task that runs in it."""
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(grace_s), task], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        running = psutil.Process(int(process.stdout.readline()))
        try:
            yield process, running
        finally:
            process.kill()
            if alive(running):
                running.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_task_that_does_not_end_is_killed_with_everything_else(number: signal.Signals) -> None:
    with started(0.05, "stubborn") as (process, task):
        process.send_signal(number)
        assert process.wait(10) == 1
        assert eventually(lambda: not alive(task), 10)


def test_a_task_that_ends_in_time_is_left_to_end() -> None:
    with started(3600, "obedient") as (process, task):
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert eventually(lambda: not alive(task), 10)


def test_a_second_signal_is_not_waited_after() -> None:
    with started(3600, "stubborn") as (process, task):
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline() == "ending\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 1
        assert eventually(lambda: not alive(task), 10)
