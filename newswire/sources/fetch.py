"""The bytes of a document, wherever it lies: the seam between kinds of sources and the ingest."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Self

from newswire.config import Settings
from newswire.errors import FetchError, NotYet
from newswire.sources.access import Access
from newswire.sources.addressing import MAILDIR, WEB, is_url, scheme_of, split_url
from newswire.sources.connections import Dropped, NoAnswer
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.sources.http import HttpStatus
from newswire.sources.manners import origin
from newswire.sources.notes import Notes, NotesOfThisRun
from newswire.sources.sessions import Session, open_session
from newswire.sources.web import Web

_FAILURES_IN_A_ROW = 3
"""After so many a server is left alone for the rest of the run. A silent one would cost the whole
time limit for each of its documents, and fill the dead letters with one cause."""


class Fetcher:
    """Fetches the documents of one source, one after the other."""

    def __init__(
        self,
        settings: Settings,
        *,
        internal: bool = False,
        access: Access | None = None,
        notes: Notes | None = None,
    ) -> None:
        """Args:
        settings: the limits.
        internal: whether documents may lie on private and loopback addresses.
        access: how their servers are to be met.
        notes: where what a server asks of us is kept; ``None``: for this run only.
        """
        self._settings = settings
        self._internal = internal
        self._access = access or Access()
        notes = notes or NotesOfThisRun()
        self._web = Web(settings, internal=internal, access=self._access, notes=notes)
        self._silent: dict[str, int] = {}
        self._sessions: dict[str, Session] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End what is open."""
        while self._sessions:
            self._sessions.popitem()[1].close()

    def fetch(
        self, uri: str, known: Validators | None = None, listed: str | None = None
    ) -> Fetched | NotModified:
        """Get a document.

        Args:
            uri: an address or a path.
            known: of the copy that we have.
            listed: its state as its source's listing has it.

        Raises:
            FetchError: no bytes; the one line that says why.
            NotYet: it is left for a later run.
        """
        known = known or Validators()
        if listed and listed == known.listed:
            return NotModified()
        if not is_url(uri):
            from newswire.sources.files import read_file

            return read_file(uri, self._settings.fetch_max_bytes, listed)
        if scheme_of(uri) == MAILDIR:
            from newswire.sources.maildir import read_message

            return read_message(uri, self._settings.fetch_max_bytes)
        split_url(uri)
        server = origin(uri)
        if self._silent.get(server, 0) >= _FAILURES_IN_A_ROW:
            raise NotYet(f"{server} did not answer {_FAILURES_IN_A_ROW} times in a row")
        try:
            found = self._over_the_network(uri, server, known)
        except NoAnswer as error:
            self._drop(server)
            self._silent[server] = self._silent.get(server, 0) + 1
            # That it was the connection is our own concern.
            raise FetchError(error.cause, error.remedy) from error
        except HttpStatus as error:
            raise FetchError(error.cause, error.remedy) from error
        self._silent.pop(server, None)
        if isinstance(found, NotModified):
            return found
        return replace(found, validators=replace(found.validators, listed=listed))

    def _over_the_network(self, uri: str, server: str, known: Validators) -> Fetched | NotModified:
        if scheme_of(uri) in WEB:
            return self._web.get(uri, known)
        if server in self._sessions:
            try:
                return self._sessions[server].read(uri, known)
            except Dropped:
                # Servers end sessions that were idle for a while, as ours is while we parse.
                self._drop(server)
        self._sessions[server] = open_session(
            uri, self._settings, internal=self._internal, access=self._access
        )
        return self._sessions[server].read(uri, known)

    def _drop(self, server: str) -> None:
        session = self._sessions.pop(server, None)
        if session is not None:
            session.close()


def fetch(uri: str, settings: Settings, *, internal: bool) -> Fetched:
    """Get one document by itself.

    Raises:
        FetchError: no bytes, now at least.
    """
    with Fetcher(settings, internal=internal) as fetcher:
        try:
            found = fetcher.fetch(uri)
        except NotYet as error:
            raise FetchError(error.cause, error.remedy) from error
    assert isinstance(found, Fetched)  # there is no copy that could be the newest
    return found
