"""Which Java runs the embedded servers.

The ``java`` on the PATH is often older than another one that is installed, so every usual place
is looked at. Versions are read from the ``release`` file that each JDK carries: no process is run.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from newswire.errors import StackError

MINIMUM = 21
"""Elasticsearch 9 is compiled for Java 21."""

USUAL_PLACES = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
)
"""Where packages and installers put JDKs, as glob patterns of their homes."""

_VERSION = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)


@dataclass(frozen=True)
class Jdk:
    """A JDK: its home folder and its major version."""

    home: Path
    version: int

    @property
    def java(self) -> Path:
        """The launcher."""
        return self.home / "bin" / "java"

    @property
    def javac(self) -> Path:
        """The compiler; a mere runtime (JRE) has none."""
        return self.home / "bin" / "javac"


def find_jdk(
    environ: Mapping[str, str] | None = None, places: tuple[str, ...] = USUAL_PLACES
) -> Jdk:
    """The JDK of ``JAVA_HOME``, else of the PATH, else the newest of the usual places.

    Raises:
        StackError: none of them is a JDK of version 21 or newer.
    """
    environ = os.environ if environ is None else environ
    too_old: list[str] = []
    for home in _homes(environ, places):
        jdk = read_jdk(home)
        if jdk is None:
            continue
        if jdk.version >= MINIMUM and jdk.javac.exists():
            return jdk
        lack = f"Java {jdk.version}" if jdk.version < MINIMUM else "no compiler, only a runtime"
        too_old.append(f"{jdk.home}: {lack}")
    found = f" (found {', '.join(dict.fromkeys(too_old))})" if too_old else ""
    raise StackError(
        f"the embedded servers need a JDK {MINIMUM} or newer{found}",
        f"install one, such as the package openjdk-{MINIMUM}-jdk-headless or a build of"
        " Eclipse Temurin, or point JAVA_HOME at one",
    )


def read_jdk(home: Path) -> Jdk | None:
    """What is installed at ``home``; None where that is no Java."""
    try:
        release = (home / "release").read_text("utf-8", "replace")
    except OSError:
        return None
    version = _VERSION.search(release)
    if version is None or not (home / "bin" / "java").exists():
        return None
    return Jdk(home, int(version[1]))


def _homes(environ: Mapping[str, str], places: tuple[str, ...]) -> Iterator[Path]:
    if java_home := environ.get("JAVA_HOME"):
        yield Path(java_home)
    if java := shutil.which("java", path=environ.get("PATH", "")):
        yield Path(java).resolve().parent.parent
    usual = {home for place in places for home in _glob(place)}
    jdks = [jdk for home in usual if (jdk := read_jdk(home))]
    yield from (jdk.home for jdk in sorted(jdks, key=lambda jdk: (-jdk.version, str(jdk.home))))


def _glob(place: str) -> list[Path]:
    pattern = Path(place).expanduser()
    return list(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
