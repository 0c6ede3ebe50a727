"""The embedded stack: Kafka, Elasticsearch and S3Proxy, started and stopped as one.

All are real servers, on loopback only, with their data under one directory.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

import psutil

from newswire.errors import StackError
from newswire.stack import process, record
from newswire.stack.home import Home
from newswire.stack.interrupt import Interrupt
from newswire.stack.jars import ensure_jars
from newswire.stack.java import find_jdk
from newswire.stack.launch import START_DEADLINE, Launcher, Wanted
from newswire.stack.ports import ANY
from newswire.stack.progress import Progress, silent
from newswire.stack.record import Records, ServerRecord
from newswire.stack.servers import ELASTICSEARCH, KAFKA, S3, SERVERS, Server


@dataclass(frozen=True)
class StackConfig:
    """Where a stack lives and on which ports.

    A port that is None is the server's usual one where that is free, else any; 0 is any free one.
    """

    data_dir: Path
    cache_dir: Path
    """The servers' jars, shared by all stacks of a checkout."""
    kafka_port: int | None = None
    elasticsearch_port: int | None = None
    s3_port: int | None = None

    def port(self, server: Server) -> int | None:
        """The configured port of ``server``."""
        return {
            KAFKA.name: self.kafka_port,
            ELASTICSEARCH.name: self.elasticsearch_port,
            S3.name: self.s3_port,
        }[server.name]


class State(StrEnum):
    """What can be said of a server."""

    RUNNING = "running"
    UNREADY = "not answering"
    STOPPED = "stopped"
    STALE = "ended unexpectedly"


@dataclass(frozen=True)
class ServerStatus:
    """One server now. ``uptime`` is in seconds, ``memory`` in bytes (resident)."""

    name: str
    title: str
    state: State
    address: str | None
    pid: int | None
    uptime: float | None
    memory: int | None
    log: Path
    data: Path


@dataclass(frozen=True)
class StackState:
    """What `up` left: all servers running.

    ``notes`` are lines for people about what was found amiss and put right.
    """

    servers: tuple[ServerStatus, ...]
    already_running: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stopped:
    """What `down` did: titles of the servers that it ended, and of those that had to be killed."""

    ended: tuple[str, ...]
    killed: tuple[str, ...]
    purged: bool


def up(config: StackConfig, progress: Progress = silent) -> StackState:
    """Start whatever of the stack doesn't run, and wait until all of it is ready.

    Interrupted (SIGINT, SIGTERM, SIGHUP) or failed, it kills what it has started.

    Raises:
        StackError: no JDK or Maven, a port that is taken, a server that doesn't start.
        KeyboardInterrupt: on SIGINT, when all is put away.
        SystemExit: on SIGTERM and SIGHUP, likewise.
    """
    return _start(config, SERVERS, progress)


def start_server(config: StackConfig, name: str, progress: Progress = silent) -> StackState:
    """Start one server of a stack, on the port that it had. Errors as `up`."""
    return _start(config, (_server(name),), progress)


def stop_server(data_dir: Path, name: str, *, kill: bool = False) -> None:
    """Stop one server, with SIGKILL if ``kill``; its record keeps its port for the next start.

    Raises:
        StackError: there is no such server.
    """
    server = _server(name)
    home = Home(data_dir.resolve())
    with Interrupt() as interrupt, home.locked(interrupt):
        running = process.find([home.of(name)])[home.of(name)]
        (process.kill if kill else process.end)(running)
        records = record.read(home.file)
        if server.name in records:
            records[name] = record.stopped(records[name])
            record.write(home.file, records, home.credentials())


def down(data_dir: Path, *, purge: bool = False, progress: Progress = silent) -> Stopped:
    """Stop all servers; with ``purge`` remove their data and logs too (the jars stay).

    Raises:
        StackError: a directory to be removed isn't one that `up` made.
    """
    home = Home(data_dir.resolve())
    if not data_dir.exists():
        return Stopped((), (), purged=False)
    with Interrupt() as interrupt, home.locked(interrupt):
        found = _find(home, SERVERS)
        running = [(server, one) for server in SERVERS for one in found[server.name]]
        if running:
            progress(f"stopping {', '.join(server.title for server, _ in running)}", None)
        killed = process.end([one for _, one in running])
        home.file.unlink(missing_ok=True)
        return Stopped(
            tuple(server.title for server, _ in running),
            tuple(server.title for server, one in running if one in killed),
            purged=purge and home.purge(),
        )


def status(data_dir: Path) -> tuple[ServerStatus, ...]:
    """Every server of the stack in ``data_dir``, running or not. Asks each whether it serves.

    Raises:
        StackError: ``stack.json`` is unreadable.
    """
    home = Home(data_dir.resolve())
    records = record.read(home.file)
    found = _find(home, SERVERS)
    return tuple(
        _status(home, server, records.get(server.name), found[server.name]) for server in SERVERS
    )


def _start(config: StackConfig, servers: Iterable[Server], progress: Progress) -> StackState:
    home = Home(config.data_dir.resolve())
    with Interrupt() as interrupt, home.locked(interrupt):
        home.claim()
        records = record.read(home.file)
        notes = _put_right(home, records)
        runs = {name for name, one in records.items() if one.pid is not None}
        missing = [server for server in servers if server.name not in runs]
        for server in servers:
            if server not in missing:
                _refuse_another_port(config, server, records[server.name])
        with _all_or_nothing(home, records, missing):
            if missing:
                jdk = find_jdk()
                jars = ensure_jars(config.cache_dir.resolve(), jdk, progress, interrupt)
                launcher = Launcher(home, jars, jdk, progress, interrupt)
                wanted = [_wanted(config, server, records) for server in missing]
                launcher.launch(wanted, partial(_keep, home, records))
            for server in servers:
                if server not in missing:
                    _await_answer(home, server, records[server.name], interrupt)
            state = StackState(status(home.data_dir), not missing, tuple(notes))
            interrupt.check()
        return state


@contextmanager
def _all_or_nothing(home: Home, records: Records, missing: list[Server]) -> Iterator[None]:
    """Whatever goes wrong inside, a signal included: those of ``missing`` that run are killed."""
    before = dict(records)
    try:
        yield
    except BaseException:
        process.kill([one for these in _find(home, missing).values() for one in these])
        record.write(home.file, before, home.credentials())
        raise


def _keep(home: Home, records: Records, one: ServerRecord) -> None:
    records[one.name] = one
    record.write(home.file, records, home.credentials())


def _await_answer(home: Home, server: Server, known: ServerRecord, interrupt: Interrupt) -> None:
    """Wait for one that runs: the `up` that started it may have been killed before it was ready."""

    def state() -> State:
        return _status(home, server, known, _find(home, (server,))[server.name]).state

    interrupt.wait(lambda: state() is not State.UNREADY, START_DEADLINE)
    if (seen := state()) is not State.RUNNING:
        raise StackError(
            f"{server.title} (pid {known.pid}, port {known.port}): {seen.value}",
            f"see {home.log(server.name)}; `newswire down` ends it",
        )


def _put_right(home: Home, records: Records) -> list[str]:
    """Make ``records`` true: a pid in them is of a server that runs. Returns what was wrong."""
    notes = []
    found = _find(home, SERVERS)
    for server in SERVERS:
        known = records.get(server.name)
        pid = known.pid if known else None
        unknown = [one for one in found[server.name] if one.pid != pid]
        if known and pid and len(unknown) == len(found[server.name]):
            reused = ", a number that another program has now" if psutil.pid_exists(pid) else ""
            notes.append(f"{server.title} had ended unexpectedly (pid {pid}{reused})")
            records[server.name] = record.stopped(known)
        if unknown:
            pids = ", ".join(str(one.pid) for one in unknown)
            notes.append(f"ended a {server.title} that no stack.json knew of (pid {pids})")
            process.end(unknown)
    return notes


def _refuse_another_port(config: StackConfig, server: Server, known: ServerRecord) -> None:
    if config.port(server) not in (None, ANY, known.port):
        raise StackError(
            f"{server.title} runs already, on port {known.port} and not {config.port(server)}",
            "stop it first with `newswire down`",
        )


def _wanted(config: StackConfig, server: Server, records: Records) -> Wanted:
    # Where it was before, clients still look for it.
    before = (records[server.name].port,) if server.name in records else ()
    port = config.port(server)
    if port == ANY and before:
        port = None
    return Wanted(server, port, (*before, server.default_port))


def _find(home: Home, servers: Iterable[Server]) -> dict[str, list[psutil.Process]]:
    found = process.find(home.of(server.name) for server in servers)
    return {server.name: found[home.of(server.name)] for server in servers}


def _status(
    home: Home, server: Server, known: ServerRecord | None, found: list[psutil.Process]
) -> ServerStatus:
    running = next((one for one in found if known and one.pid == known.pid), None)
    uptime = memory = None
    if known is None or known.pid is None:
        state = State.STOPPED
    elif running is None:
        state = State.STALE
    else:
        serves = process.listens(running, known.port) and server.ready(known.port)
        state = State.RUNNING if serves else State.UNREADY
        with suppress(psutil.NoSuchProcess):
            uptime = max(0.0, time.time() - running.create_time())
            memory = running.memory_info().rss
    return ServerStatus(
        name=server.name,
        title=server.title,
        state=state,
        address=server.address(known.port) if known else None,
        pid=known.pid if known else None,
        uptime=uptime,
        memory=memory,
        log=home.log(server.name),
        data=home.of(server.name) / "data",
    )


def _server(name: str) -> Server:
    for server in SERVERS:
        if server.name == name:
            return server
    raise StackError(
        f"there is no server {name!r}",
        f"the servers are {', '.join(server.name for server in SERVERS)}",
    )
