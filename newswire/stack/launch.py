"""Start servers side by side and wait until each serves."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psutil

from newswire.errors import StackError
from newswire.stack import process
from newswire.stack.home import Home
from newswire.stack.interrupt import POLL, Interrupt
from newswire.stack.jars import Jars
from newswire.stack.java import Jdk
from newswire.stack.ports import ANY, Reservation, reserve
from newswire.stack.progress import Progress
from newswire.stack.record import ServerRecord
from newswire.stack.servers import Ports, Server, prepare

log = logging.getLogger(__name__)

START_DEADLINE = 180.0
"""Seconds from start to ready. It takes 4 to 12 on two idle cores."""


@dataclass(frozen=True)
class Wanted:
    """A server to start: its configured port, or None and the ports to try first."""

    server: Server
    port: int | None
    preferred: tuple[int, ...]


@dataclass(frozen=True)
class _Started:
    wanted: Wanted
    port: int
    process: psutil.Process
    log: Path

    def lost_its_port(self) -> bool:
        """Whether another program has the port, which was free when we chose it."""
        try:
            Reservation(self.port).close()
        except OSError:
            return True
        return False

    def record(self) -> ServerRecord:
        return ServerRecord(
            self.wanted.server.name,
            self.port,
            self.process.pid,
            self.process.create_time(),
            str(self.log),
        )


class Launcher:
    """Starts servers of one home. What it needs of the machine is found by its caller."""

    def __init__(
        self, home: Home, jars: Jars, jdk: Jdk, progress: Progress, interrupt: Interrupt
    ) -> None:
        self._home = home
        self._jars = jars
        self._jdk = jdk
        self._progress = progress
        self._interrupt = interrupt

    def launch(self, wanted: Iterable[Wanted], started: Callable[[ServerRecord], None]) -> None:
        """Start all of ``wanted`` and wait until they are ready; ``started`` is told of each.

        An error leaves those that were started running: the caller knows what to do with them.

        Raises:
            StackError: a port is taken, or a server ended or did not become ready in time.
        """
        todo = list(wanted)
        with ExitStack() as reservations:
            # All ports before the first start: one that is taken costs no wait.
            ports = [self._reserve(one, reservations) for one in todo]
            waiting = [self._start(one, port) for one, port in zip(todo, ports, strict=True)]
            for one in waiting:
                started(one.record())
            self._wait(waiting, started, reservations)

    def _reserve(self, one: Wanted, reservations: ExitStack) -> list[Reservation]:
        made = [reserve(one.server.title, one.port, one.preferred)]
        reservations.callback(made[0].close)
        if one.server.inner:
            made.append(Reservation())
            reservations.callback(made[1].close)
        return made

    def _start(self, one: Wanted, reserved: list[Reservation]) -> _Started:
        for reservation in reserved:
            reservation.yield_to_server()
        server = one.server
        ports = Ports(reserved[0].port, reserved[1].port if server.inner else 0)
        log_file = self._home.log(server.name)
        try:
            command = prepare(
                server, self._home, ports, self._jars, self._jdk, self._home.credentials()
            )
            child = process.spawn(command, self._home.of(server.name), log_file)
        except OSError as error:
            raise StackError(f"{server.title} can't be started: {error}") from None
        return _Started(one, ports.port, child, log_file)

    def _wait(
        self,
        waiting: list[_Started],
        started: Callable[[ServerRecord], None],
        reservations: ExitStack,
    ) -> None:
        total = len(waiting)
        deadline = time.monotonic() + START_DEADLINE
        while waiting:
            self._interrupt.check()
            titles = ", ".join(one.wanted.server.title for one in waiting)
            self._progress(f"starting {titles}", (total - len(waiting)) / total)
            for one in list(waiting):
                if not process.alive(one.process):
                    waiting.remove(one)
                    again = self._start_elsewhere(one, reservations)
                    started(again.record())
                    waiting.append(again)
                elif process.listens(one.process, one.port) and one.wanted.server.ready(one.port):
                    waiting.remove(one)
            if waiting and time.monotonic() > deadline:
                raise _failure(waiting[0], f"was not ready after {START_DEADLINE:.0f} seconds")
            time.sleep(POLL)
        self._progress("started", 1.0)

    def _start_elsewhere(self, one: _Started, reservations: ExitStack) -> _Started:
        """A server that lost the race for a port that nobody insists on gets another, once."""
        if one.wanted.port is not None or not one.lost_its_port():
            raise _failure(one, "ended while starting")
        another = Wanted(one.wanted.server, ANY, ())
        return self._start(another, self._reserve(another, reservations))


def _failure(one: _Started, what: str) -> StackError:
    """The error in one line; how the server's log ends is logged beside it."""
    title = one.wanted.server.title
    log.error("%s %s. Its log ends:\n%s", title, what, process.tail(one.log))
    return StackError(f"{title} {what}", f"see its log, {one.log}")
