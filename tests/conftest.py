"""The real servers under the tests that need them: one embedded stack for the whole run.

The stack ends with the test process, however that ends: at the end of the run, on Ctrl-C, and by a
guard process when the run is killed or aborted by a time limit.
"""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest

from newswire.config import Settings, load_settings, stack_file
from newswire.stack import StackConfig, down, up
from newswire.stack.process import tail
from tests.webserver import WebServer, web_server

# What an example takes says how busy the machine is, and nothing of the code.
hypothesis.settings.register_profile("newswire", deadline=None)
hypothesis.settings.load_profile("newswire")

_LOGS = pytest.StashKey[str]()
_GUARD = """
import sys
from pathlib import Path
from newswire.stack import down
sys.stdin.read()  # ends when the test process does
down(Path(sys.argv[1]), purge=True)
"""


# A job in the background of a shell has SIGINT ignored, and so have its children: the tests of
# interrupts would interrupt nothing.
signal.signal(signal.SIGINT, signal.default_int_handler)


@contextlib.contextmanager
def guarded(data_dir: Path) -> Iterator[None]:
    """Stop and remove the stack of ``data_dir`` when this process is gone, however it goes."""
    command = [sys.executable, "-c", _GUARD, str(data_dir)]
    # Not as a context manager: that one doesn't wait for its end on Ctrl-C.
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield
    finally:
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait(60)


@pytest.fixture(scope="session")
def stack_config(tmp_path_factory: pytest.TempPathFactory) -> StackConfig:
    """A stack of the run's own: free ports, a temporary data directory, the usual cache of jars."""
    return StackConfig(
        data_dir=tmp_path_factory.mktemp("newswire"),
        cache_dir=load_settings().cache_dir,
        kafka_port=0,
        elasticsearch_port=0,
        s3_port=0,
    )


@pytest.fixture(scope="session")
def stack(stack_config: StackConfig, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Kafka, Elasticsearch and S3, running and empty at first; the settings that lead to them."""
    data_dir = stack_config.data_dir
    with guarded(data_dir):
        state = up(stack_config)
        written = json.loads(stack_file(data_dir).read_text("utf-8"))
        try:
            # Given, not left to be read: a NEWSWIRE_ variable of the shell must not win.
            yield load_settings(data_dir=data_dir, **written["settings"])
        finally:
            if request.session.testsfailed:
                request.config.stash[_LOGS] = "\n".join(
                    f"--- {server.title}: {server.log}\n{tail(server.log, 15)}"
                    for server in state.servers
                )
            down(data_dir, purge=True)


@pytest.fixture
def own(stack_config: StackConfig, tmp_path: Path) -> Iterator[StackConfig]:
    """A stack that one test may do to as it likes; nothing of it runs at first."""
    with guarded(tmp_path):
        yield replace(stack_config, data_dir=tmp_path)
        down(tmp_path)


@pytest.fixture
def web() -> Iterator[WebServer]:
    """An HTTP server of one test's own."""
    with web_server() as server:
        yield server


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """After a failure: how the servers' logs end, since they are removed with the stack."""
    if logs := config.stash.get(_LOGS, None):
        terminalreporter.section("the embedded servers' logs")
        terminalreporter.write_line(logs)
