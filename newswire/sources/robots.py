"""What a server's robots.txt lets us ask for (RFC 9309), kept for a day and over runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from protego import Protego

from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.fetched import Fetched, Validators
from newswire.sources.http import AGENT, Asking, HttpStatus, get
from newswire.sources.manners import Pace, origin
from newswire.sources.notes import Note, Notes, read_note, write_note

_MOST_BYTES = 512 * 2**10
"""RFC 9309, 2.5: at least 500 KiB are to be read. What is longer is cut there."""
_KEPT = timedelta(days=1)
"""RFC 9309, 2.4: no longer than 24 hours."""
_WAIT_FOR_IT = timedelta(hours=1)
"""RFC 9309, 2.3.1.4: a server that fails to give its rules is to be left alone."""


class _Rules(Note):
    text: str
    had_at: datetime


class Robots:
    """The rules of the servers that one task asks."""

    def __init__(
        self,
        settings: Settings,
        pace: Pace,
        notes: Notes,
        *,
        internal: bool,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._pace = pace
        self._notes = notes
        self._internal = internal
        self._now = now
        self._read: dict[str, Protego] = {}

    def check(self, url: str) -> None:
        """Raise where an address may not be asked for.

        Raises:
            FetchError: the rules are against it.
            NotYet: the rules can't be had, or their server wants to be left alone.
        """
        rules = self._rules(origin(url))
        if not rules.can_fetch(url, AGENT):
            raise FetchError(
                f"the robots.txt of {origin(url)} does not allow {AGENT} to fetch it",
                "ask the publisher, or declare `robots: false` where you have leave",
            )

    def _rules(self, server: str) -> Protego:
        if server not in self._read:
            rules = Protego.parse(self._text(server))
            self._read[server] = rules
            delay = rules.crawl_delay(AGENT)
            if delay is not None:
                self._pace.slow_down(server, float(delay))
        return self._read[server]

    def _text(self, server: str) -> str:
        name = f"robots {server}"
        noted = read_note(self._notes, name, _Rules)
        if noted and self._now() - noted.had_at < _KEPT:
            return noted.text
        text = self._ask(server)
        write_note(self._notes, name, _Rules(text=text, had_at=self._now()))
        return text

    def _ask(self, server: str) -> str:
        limited = self._settings.model_copy(update={"fetch_max_bytes": _MOST_BYTES})
        try:
            found = get(
                f"{server}/robots.txt",
                limited,
                internal=self._internal,
                known=Validators(),
                asking=Asking(self._pace, cut=True),
            )
        except HttpStatus as error:
            if 400 <= error.status < 500:
                return ""  # RFC 9309, 2.3.1.3: there are none, so all is allowed
            raise self._pace.told_to_wait(server, _WAIT_FOR_IT) from error
        assert isinstance(found, Fetched)  # a 304 answers a conditional request only
        return found.data.decode("utf-8", "replace")
