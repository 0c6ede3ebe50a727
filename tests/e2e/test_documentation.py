"""Every command that the documentation shows is run, in order, as a reader would type it."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from newswire.config import ROOT, Settings, load_settings
from newswire.stack import StackConfig
from tests.services import eventually

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
KNOWN_ADDRESSES = ("http://127.0.0.1:9200", "127.0.0.1:9092")
SAMPLE = "samples/mobilisation-petition.txt"

NOT_RUN = {
    "make": "run only as far as `make --dry-run`: it would install, or run these tests again",
    "docker": "no container engine in the tests; tests/unit/test_compose.py checks the files",
    "sh docker/write-env.sh": "tests/unit/test_write_env.py runs it in a folder of its own",
    ".venv/bin/python -m benchmarks": "needs real wire files and pages, which can't be shipped; "
    "tests/unit/test_benchmarks_ingest.py runs it on files of its own",
    ".venv/bin/python -m training.evaluate": "needs the corpora, which can't be shipped; "
    "tests/unit/test_training_goals.py runs it on rows of its own",
    ".venv/bin/python -m training.bench_odd": "takes minutes; tests/unit/test_enrichment_odd.py "
    "enriches what it makes up",
}


def blocks(document: Path, language: str) -> Iterator[str]:
    for found, text in BLOCK.findall(document.read_text("utf-8")):
        if found == language:
            yield text


def commands(document: Path) -> Iterator[str]:
    """The commands of a document's `sh` blocks; one whose quotes stay open goes on."""
    for block in blocks(document, "sh"):
        pending = ""
        for line in block.splitlines():
            pending = f"{pending}\n{line}" if pending else line
            try:
                words = shlex.split(pending, comments=True)
            except ValueError:
                continue
            if words and not pending.endswith("\\"):
                yield pending
            if not pending.endswith("\\"):
                pending = ""


class Reader:
    """Somebody at a shell in the checkout, with servers of his own."""

    def __init__(self, config: StackConfig) -> None:
        self._config = config
        self.environment = {
            **{name: value for name, value in os.environ.items() if "NEWSWIRE_" not in name},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "NEWSWIRE_DATA_DIR": str(config.data_dir),
            "AIRFLOW__API__PORT": str(free_port()),
        }

    @property
    def settings(self) -> Settings:
        return load_settings(data_dir=self._config.data_dir)

    def run(self, command: str) -> str:
        """Run a command; its addresses are replaced by those that this reader's servers have."""
        if command.startswith("newswire up"):
            command = f"newswire up --kafka-port 0 --elasticsearch-port 0 --s3-port 0 #{command}"
        else:
            actual = (self.settings.elasticsearch_url, self.settings.kafka_bootstrap)
            for known, own in zip(KNOWN_ADDRESSES, actual, strict=True):
                command = command.replace(known, own)
        command = command.replace("curl ", "curl --fail --silent --show-error ")
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture
def reader(own: StackConfig) -> Reader:
    return Reader(own)


def test_every_make_target_that_is_mentioned_exists(reader: Reader) -> None:
    mentioned = {
        command for document in DOCUMENTS for command in commands(document) if "make " in command
    }
    assert {command.split()[1] for command in mentioned} >= {"demo", "test", "install", "lint"}
    for command in mentioned:
        reader.run(command.replace("make ", "make --dry-run "))


@pytest.mark.timeout(900)
def test_every_command_does_what_the_documentation_says(reader: Reader) -> None:
    shown: dict[str, str] = {}
    for document in DOCUMENTS:
        for command in commands(document):
            reason = next((NOT_RUN[head] for head in NOT_RUN if command.startswith(head)), None)
            if reason is not None:
                sys.stderr.write(f"not run: {command.strip()}: {reason}\n")
            elif "airflow standalone" in command:
                stands_up(command, reader)
            elif command.startswith("newswire down") or command in shown:
                continue  # at the very end; and what was shown once needs no second time
            else:
                shown[command] = reader.run(command)
    assert "nuclear" in shown["newswire search nuclear power"]
    reader.run("newswire down --purge")
    left = [path.name for path in reader.settings.data_dir.iterdir()]
    assert set(left) <= {"stack.lock", "standalone.log"}, (
        "`down --purge` removes all that Newswire wrote"
    )


@pytest.mark.timeout(300)
def test_the_demo_shows_a_story_with_a_stance_and_the_readmes_consumer_reads_it(
    reader: Reader,
) -> None:
    reader.run("newswire up")
    printed = reader.run(f"make demo STORY={SAMPLE}")
    assert "Summary" in printed
    assert "Stance" in printed
    address = re.search(r"curl '(http[^']*_id:[^']*)'", printed)
    assert address is not None
    assert '"headline"' in reader.run(f"curl '{address[1]}'")

    (program,) = blocks(ROOT / "README.md", "python")
    program = program.replace(KNOWN_ADDRESSES[1], reader.settings.kafka_bootstrap)
    consumed = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=reader.environment, capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    assert "org.newswire.enriched.usable" in consumed
    assert "mobilisation-russia" in consumed

    started = time.monotonic()
    again = reader.run(f"make demo STORY={SAMPLE}")
    assert "newswire.stories.v1  nothing new" in again
    sys.stderr.write(f"a second demo took {time.monotonic() - started:.0f} s\n")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def stands_up(command: str, reader: Reader) -> None:
    """`airflow standalone` goes on until it is stopped: wait until it is healthy, then stop it."""
    log = reader.settings.data_dir / "standalone.log"
    with (
        log.open("w") as file,
        subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=ROOT, env=reader.environment, stdout=file, stderr=file, start_new_session=True,
        ) as process,
    ):  # fmt: skip
        try:
            assert eventually(
                lambda: process.poll() is not None or healthy(reader), 180, every=1
            ), log.read_text()
            assert process.poll() is None, log.read_text()
        finally:
            process.terminate()
            # Even where a scheduled run has just begun: then it takes its time, which has an end.
            process.wait(timeout=60)


def healthy(reader: Reader) -> bool:
    port = reader.environment["AIRFLOW__API__PORT"]
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/api/v2/monitor/health", timeout=2
        ) as answer:
            return b'"healthy"' in answer.read()
    except OSError:
        return False
