"""What is said when jars can't be fetched, and while they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newswire.errors import StackError
from newswire.stack.interrupt import Interrupt
from newswire.stack.java import Jdk
from newswire.stack.maven import copy_dependencies
from newswire.stack.progress import silent


def test_without_maven_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError, match="no mvn on the PATH; install it"):
        fetch(tmp_path)


def test_a_maven_that_fails_is_quoted_and_its_log_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_maven(tmp_path, "echo '[INFO] x'; echo '[ERROR] no route to host'; exit 1", monkeypatch)
    with pytest.raises(StackError, match="no route to host") as failed:
        fetch(tmp_path)
    assert str(tmp_path / "maven.log") in str(failed.value)


def test_downloads_are_told_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = "[INFO] Downloaded from central: scheme://host/a.jar (1.5 MB at 3 MB/s)"
    fake_maven(tmp_path, f"echo '{line}'; echo '{line}'", monkeypatch)
    told: list[str] = []
    with Interrupt() as interrupt:
        copy_dependencies(
            tmp_path / "pom.xml",
            tmp_path,
            tmp_path / "maven.log",
            Jdk(tmp_path, 25),
            lambda doing, done: told.append(doing),
            interrupt,
        )
    assert told[-1] == "fetching jars: 2 files, 3 MB"


def test_a_maven_that_says_nothing_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.stack.maven.SILENCE", 0.2)
    fake_maven(tmp_path, "exec sleep 60", monkeypatch)
    with pytest.raises(StackError, match="has said nothing for"):
        fetch(tmp_path)


def fake_maven(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "mvn").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "mvn").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def fetch(folder: Path) -> None:
    with Interrupt() as interrupt:
        copy_dependencies(
            folder / "pom.xml",
            folder,
            folder / "maven.log",
            Jdk(folder, 25),
            silent,
            interrupt,
        )
