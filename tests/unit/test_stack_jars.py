"""What is said when the launchers don't compile."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswire.errors import StackError
from newswire.stack.interrupt import Interrupt
from newswire.stack.jars import ensure_jars
from newswire.stack.java import Jdk
from newswire.stack.progress import silent


def program(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_compiler_that_fails_is_quoted_in_one_line_and_its_log_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = ["Launcher.java:3: error: no such class", "import there.is.None;", "1 error"]
    program(tmp_path / "mvn", "exit 0")
    program(
        tmp_path / "jdk" / "bin" / "javac",
        "\n".join(f"echo '{one}' >&2" for one in said) + "\nexit 1",
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with Interrupt() as interrupt, pytest.raises(StackError) as failed:
        ensure_jars(tmp_path / "cache", Jdk(tmp_path / "jdk", 25), silent, interrupt)
    log = tmp_path / "cache" / "embedded" / "javac.log"
    assert str(failed.value).endswith(f": {said[0]}; see {log}")
    assert "\n" not in str(failed.value)
    assert log.read_text("utf-8").splitlines() == said
