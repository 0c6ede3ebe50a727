"""The servers' jars: fetched by Maven once, then kept in a cache.

A folder of the cache holds one build, named by a hash of what it is made of. It gets that name in
its last step, so a folder that has the name is complete:

    <cache_dir>/embedded/<hash>/
        kafka/ elasticsearch/ s3proxy/   a classpath each
        modules/<name>/                  what Elasticsearch loads as its modules
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from newswire.config import ROOT
from newswire.errors import StackError
from newswire.stack.home import locked
from newswire.stack.interrupt import Interrupt
from newswire.stack.java import MINIMUM, Jdk
from newswire.stack.maven import copy_dependencies
from newswire.stack.progress import Progress

SOURCES = ROOT / "docker" / "embedded"
"""The poms, the Java sources and the templates of configuration."""

_NETTY = "transport-netty4"
_ESSENTIALS = "newswire-essentials"
_DESCRIPTOR = "plugin-descriptor.properties"


@dataclass(frozen=True)
class Jars:
    """One complete build."""

    directory: Path

    def classpath(self, server: str) -> str:
        """The value of ``java -cp`` for one of the servers."""
        return str(self.directory / server / "*")

    @property
    def modules(self) -> Path:
        """The folder of Elasticsearch's modules."""
        return self.directory / "modules"


def ensure_jars(cache_dir: Path, jdk: Jdk, progress: Progress, interrupt: Interrupt) -> Jars:
    """The jars; fetched and compiled where the cache hasn't got this build.

    Raises:
        StackError: no Maven, no way to its registry, or sources that don't compile.
    """
    build = cache_dir / "embedded" / fingerprint(SOURCES)
    if not build.exists():
        # Of two that start at the same time, one builds and the other finds.
        with locked(cache_dir / "embedded" / "build.lock", interrupt):
            if not build.exists():
                _build(build, jdk, progress, interrupt)
    return Jars(build)


def fingerprint(sources: Path) -> str:
    """A hash of what a build is made of: poms, Java sources, descriptors."""
    digest = hashlib.sha256()
    for path in sorted(sources.rglob("*")):
        if path.suffix == ".java" or path.name in {"pom.xml", _DESCRIPTOR}:
            digest.update(str(path.relative_to(sources)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _build(build: Path, jdk: Jdk, progress: Progress, interrupt: Interrupt) -> None:
    unfinished = build.with_name(f"{build.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    # Beside the build, not in it: an unfinished one is removed by the next attempt.
    log, compiled = build.with_name("maven.log"), build.with_name("javac.log")
    copy_dependencies(SOURCES / "pom.xml", unfinished, log, jdk, progress, interrupt)
    progress("compiling the launchers", None)
    for server in ("kafka", "elasticsearch"):
        classpath = unfinished / server
        source = SOURCES / server / "launcher"
        _compile(jdk, source, classpath, classpath / "launcher.jar", compiled)
    _lay_out_modules(unfinished, jdk, compiled)
    unfinished.rename(build)


def _lay_out_modules(build: Path, jdk: Jdk, log: Path) -> None:
    """What Elasticsearch loads as modules must not be on its classpath as well."""
    server = build / "elasticsearch"
    essentials = build / "modules" / _ESSENTIALS
    essentials.mkdir(parents=True)
    source = SOURCES / "elasticsearch" / "essentials"
    _compile(jdk, source, server, essentials / f"{_ESSENTIALS}.jar", log)
    shutil.copy(source / _DESCRIPTOR, essentials)

    netty = build / "modules" / _NETTY
    netty.mkdir()
    for jar in [*server.glob("netty-*.jar"), *server.glob(f"{_NETTY}-*.jar")]:
        jar.rename(netty / jar.name)
    (published,) = netty.glob(f"{_NETTY}-*.jar")
    with zipfile.ZipFile(published) as jar_file:
        descriptor = jar_file.read(f"META-INF/es-plugins/{_NETTY}/{_DESCRIPTOR}").decode()
    # As a Java module it would need the server to be one, which it is only in the distribution.
    lines = [line for line in descriptor.splitlines() if not line.startswith("modulename=")]
    (netty / _DESCRIPTOR).write_text("\n".join(lines), "utf-8")


def _compile(jdk: Jdk, source: Path, classpath: Path, jar: Path, log: Path) -> None:
    classes = jar.with_suffix(".classes")
    command = [str(jdk.javac), "--release", str(MINIMUM), "-nowarn", "-proc:none"]
    done = subprocess.run(
        [
            *command,
            "-cp",
            str(classpath / "*"),
            "-d",
            str(classes),
            *map(str, source.glob("*.java")),
        ],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,  # Ctrl-C is ours to take, and not a failure to compile
    )
    if done.returncode != 0:
        log.write_text(done.stderr, "utf-8")
        first = next(iter(done.stderr.splitlines()), f"it ended with status {done.returncode}")
        raise StackError(f"javac of {jdk.home} can't compile {source}: {first}", f"see {log}")
    with zipfile.ZipFile(jar, "w") as jar_file:
        for path in sorted(classes.rglob("*.class")):
            jar_file.write(path, path.relative_to(classes))
    shutil.rmtree(classes)
