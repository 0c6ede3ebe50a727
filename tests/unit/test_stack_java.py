"""Which JDK is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswire.errors import StackError
from newswire.stack.java import Jdk, find_jdk, read_jdk


def install(home: Path, version: str, *, compiler: bool = True) -> Path:
    """Lay out what a JDK is recognised by."""
    (home / "bin").mkdir(parents=True)
    for tool in ["java", "javac"] if compiler else ["java"]:
        (home / "bin" / tool).write_text("#!/bin/sh\n")
        (home / "bin" / tool).chmod(0o755)
    (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return home


def test_java_home_wins_over_a_newer_one_elsewhere(tmp_path: Path) -> None:
    home = install(tmp_path / "mine", "21.0.2")
    install(tmp_path / "jvm" / "newer", "25")
    found = find_jdk({"JAVA_HOME": str(home)}, (f"{tmp_path}/jvm/*",))
    assert found == Jdk(home, 21)


def test_an_old_java_on_the_path_is_passed_over_for_a_newer_one_elsewhere(tmp_path: Path) -> None:
    old = install(tmp_path / "old", "17.0.15")
    new = install(tmp_path / "jvm" / "new", "25.0.3")
    found = find_jdk({"PATH": str(old / "bin"), "JAVA_HOME": str(old)}, (f"{tmp_path}/jvm/*",))
    assert found == Jdk(new, 25)


def test_the_path_is_followed_through_links_to_the_jdk(tmp_path: Path) -> None:
    home = install(tmp_path / "jdk", "23")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").symlink_to(home / "bin" / "java")
    assert find_jdk({"PATH": str(tmp_path / "bin")}, ()) == Jdk(home, 23)


def test_of_the_usual_places_the_newest_is_chosen(tmp_path: Path) -> None:
    for version in ("8", "21", "24.0.1", "17"):
        install(tmp_path / f"jdk-{version}", version)
    assert find_jdk({}, (f"{tmp_path}/*",)) == Jdk(tmp_path / "jdk-24.0.1", 24)


def test_a_runtime_without_a_compiler_is_passed_over(tmp_path: Path) -> None:
    install(tmp_path / "jre", "25", compiler=False)
    install(tmp_path / "jdk", "21")
    assert find_jdk({}, (f"{tmp_path}/*",)) == Jdk(tmp_path / "jdk", 21)


def test_without_a_jdk_one_line_says_what_to_install_and_what_was_found(tmp_path: Path) -> None:
    old = install(tmp_path / "old", "17.0.15")
    jre = install(tmp_path / "jre", "25", compiler=False)
    with pytest.raises(StackError) as missing:
        find_jdk({"JAVA_HOME": str(old), "PATH": str(old / "bin")}, (f"{tmp_path}/*",))
    line = str(missing.value)
    assert "\n" not in line
    assert "JDK 21 or newer" in line
    assert line.count(f"{old}: Java 17") == 1
    assert f"{jre}: no compiler" in line
    assert "openjdk-21-jdk" in line


def test_java_8_writes_its_version_in_another_form(tmp_path: Path) -> None:
    assert read_jdk(install(tmp_path / "old", "1.8.0_392")) == Jdk(tmp_path / "old", 8)


@pytest.mark.parametrize("release", [None, "", "JAVA_VERSION=?"])
def test_a_folder_that_is_no_java_is_none(tmp_path: Path, release: str | None) -> None:
    if release is not None:
        (tmp_path / "release").write_text(release)
    assert read_jdk(tmp_path) is None
