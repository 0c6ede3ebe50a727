"""The web servers of one source: its pace, its rules and its credentials together."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import urlsplit

from newswire.config import Settings
from newswire.sources.access import Access
from newswire.sources.credentials import Credentials, find_credentials
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.sources.http import Asking, get
from newswire.sources.manners import Pace
from newswire.sources.notes import Notes
from newswire.sources.robots import Robots


class Web:
    """Asks for documents over HTTP(S)."""

    def __init__(self, settings: Settings, *, internal: bool, access: Access, notes: Notes) -> None:
        """See :class:`newswire.sources.fetch.Fetcher`."""
        self._settings = settings
        self._internal = internal
        self._access = access
        delay = settings.fetch_host_delay if access.delay_s is None else access.delay_s
        # A server of one's own needs no sparing, unless one says so.
        self._pace = Pace(notes, 0 if internal and access.delay_s is None else delay)
        self.robots = Robots(settings, self._pace, notes, internal=internal)

    def get(self, url: str, known: Validators) -> Fetched | NotModified:
        """GET one document; see :func:`newswire.sources.http.get`."""
        if self._credentials:
            self._credentials.for_host(urlsplit(url).hostname or "")
        return get(url, self._settings, internal=self._internal, known=known, asking=self._asking)

    @cached_property
    def _credentials(self) -> Credentials | None:
        connection = self._access.connection
        return find_credentials(connection) if connection else None

    @cached_property
    def _asking(self) -> Asking:
        if self._access.robots:
            return Asking(self._pace, self._credentials, self.robots.check)
        return Asking(self._pace, self._credentials)
