"""How the fetch behaves toward a web server: not too fast, and not when it wants to be left alone.

What a server says of that (``Retry-After``, robots.txt) is kept as a note of its host, so that all
tasks and all later runs keep to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from newswire.errors import NotYet
from newswire.sources.notes import Note, Notes, read_note, write_note

LONGEST_WAIT = timedelta(days=1)
"""A server that says "in a year" is asked again after this."""
SHORTEST_WAIT = timedelta(seconds=1)
WAIT_WHERE_NONE_IS_SAID = timedelta(minutes=5)
"""After "too many requests" without a time."""
LONGEST_DELAY_S = 60.0
"""Between two requests, whatever a server's robots.txt asks for: a day has 1,440 of these."""

MOST_WAITED_S = 1800.0
"""Of a task, between its requests: it is to end well within the hour that Airflow gives it."""


class _Wait(Note):
    until: datetime


def origin(url: str) -> str:
    """Scheme, host and port of an address: what a server's rules hold for."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    host = (parts.hostname or "").lower()
    return f"{parts.scheme.lower()}://{f'[{host}]' if ':' in host else host}{port}"


class Pace:
    """The manners of one task: each of its requests goes through :meth:`before`."""

    def __init__(
        self,
        notes: Notes,
        delay_s: float,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``delay_s``: shortest time between the beginnings of two requests to one server."""
        self._notes = notes
        self._delay_s = delay_s
        self._now = now
        self._clock = clock
        self._sleep = sleep
        self._wanted: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self._until: dict[str, datetime] = {}
        self._waited_s = 0.0

    def before(self, url: str) -> None:
        """Wait until the server of an address may be asked.

        Raises:
            NotYet: it wants to be left alone for longer than a pause.
        """
        server = origin(url)
        if server not in self._until:
            noted = read_note(self._notes, _name(server), _Wait)
            self._until[server] = noted.until if noted else datetime.min.replace(tzinfo=UTC)
        if self._until[server] > self._now():
            raise _not_yet(server, self._until[server])
        if server in self._last:
            rest = self._last[server] + self._delay(server) - self._clock()
            if rest > 0:
                if self._waited_s + rest > MOST_WAITED_S:
                    raise NotYet(f"waited long enough for {server} in this run")
                self._waited_s += rest
                self._sleep(rest)
        self._last[server] = self._clock()

    def slow_down(self, url: str, delay_s: float) -> None:
        """Leave more time between requests, as a server asks for; never less."""
        self._wanted[origin(url)] = min(delay_s, LONGEST_DELAY_S)

    def told_to_wait(self, url: str, wait: timedelta) -> NotYet:
        """Note that a server wants to be left alone; returns what is to be raised."""
        server = origin(url)
        until = self._now() + min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)
        self._until[server] = until
        write_note(self._notes, _name(server), _Wait(until=until))
        return _not_yet(server, until)

    def retry_after(self, status: int, header: str | None) -> timedelta | None:
        """How long an answer asks to wait (RFC 9110, 10.2.3: seconds or a date), if it does."""
        if status not in {429, 503}:
            return None
        wait = _stated_wait(header.strip(), self._now()) if header else None
        return WAIT_WHERE_NONE_IS_SAID if wait is None and status == 429 else wait

    def _delay(self, server: str) -> float:
        return max(self._delay_s, self._wanted.get(server, 0.0))


def _stated_wait(header: str, now: datetime) -> timedelta | None:
    if header.isascii() and header.isdigit():
        # More digits than any wait has would not fit into a timedelta.
        return timedelta(seconds=int(header[:9])) if len(header) <= 9 else LONGEST_WAIT
    try:
        moment = parsedate_to_datetime(header)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def _not_yet(server: str, until: datetime) -> NotYet:
    return NotYet(f"{server} wants to be left alone until {until:%Y-%m-%d %H:%M:%S} UTC")


def _name(server: str) -> str:
    return f"wait {server}"
