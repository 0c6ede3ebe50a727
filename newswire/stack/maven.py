"""Maven, as far as the stack needs it: fetch jars, say how far it is, and don't hang."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from newswire.errors import StackError
from newswire.stack.interrupt import POLL, Interrupt
from newswire.stack.java import Jdk
from newswire.stack.progress import Progress

SILENCE = 180.0
"""Seconds without a line of output after which Maven is taken for stuck."""

_DOWNLOADED = re.compile(rb"Downloaded from .*\.jar \(([\d.]+) ([kM]?B)")
_BYTES = {b"B": 1, b"kB": 1_000, b"MB": 1_000_000}
_ERROR = re.compile(r"^\[ERROR\] +(\S.*)$", re.MULTILINE)


def copy_dependencies(
    pom: Path, target: Path, log: Path, jdk: Jdk, progress: Progress, interrupt: Interrupt
) -> None:
    """Fetch the dependencies of each module of ``pom`` into ``target/<module>/``.

    Raises:
        StackError: there is no Maven, or it failed; the error names its log and first reason.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise StackError(
            "the embedded servers are fetched by Maven, and there is no mvn on the PATH",
            "install it, such as the package maven",
        )
    process = subprocess.Popen(
        [
            maven,
            "--batch-mode",
            f"--file={pom}",
            f"-Djars.dir={target}",
            "dependency:copy-dependencies",
        ],
        # The JDK that was found: mvn looks for one by itself, and may find none.
        env={**os.environ, "JAVA_HOME": str(jdk.home)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    count, size = 0, 0.0
    with process, log.open("wb") as out:
        try:
            for output in _output(process, interrupt):
                out.write(output)
                for amount, unit in _DOWNLOADED.findall(output):
                    count, size = count + 1, size + float(amount) * _BYTES[unit]
                    progress(f"fetching jars: {count} files, {size / 1e6:.0f} MB", None)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        reason = _ERROR.search(log.read_text("utf-8", "replace"))
        raise StackError(
            "Maven could not fetch the servers' jars:"
            f" {reason[1] if reason else f'it ended with status {process.returncode}'}",
            f"see {log}; if its registry can't be reached, configure a mirror in Maven's settings",
        )


def _output(process: subprocess.Popen[bytes], interrupt: Interrupt) -> Iterator[bytes]:
    """Output by whole lines, several at a time."""
    assert process.stdout is not None, "it was made with a pipe"
    heard = time.monotonic()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            interrupt.check()
            if selector.select(POLL):
                read = os.read(process.stdout.fileno(), 65_536)
                if not read:
                    break
                heard = time.monotonic()
                lines, newline, rest = (rest + read).rpartition(b"\n")
                yield lines + newline
            elif time.monotonic() - heard > SILENCE:
                raise StackError(
                    f"Maven has said nothing for {SILENCE:.0f} seconds",
                    "check the network, then try again: what it has fetched is kept",
                )
    yield rest
