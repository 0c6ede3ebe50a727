"""Documents over HTTP(S): conditional, bounded, polite, and kept away from the inside of the
network (see :mod:`newswire.sources.connections`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from newswire import __version__
from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.connections import (
    Connections,
    NoAnswer,
    connections_for,
    reason,
    tls_context,
)
from newswire.sources.credentials import Credentials
from newswire.sources.expand import bounded, counted, gunzip
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.sources.manners import Pace, origin
from newswire.sources.notes import NotesOfThisRun

AGENT = "Newswire"
"""What a robots.txt calls us."""
_USER_AGENT = f"{AGENT}/{__version__}"
_REDIRECTS = {301, 302, 303, 307, 308}


class HttpStatus(FetchError):
    """A server answers with an error."""

    def __init__(self, status: int, phrase: str) -> None:
        super().__init__(f"HTTP {status} {phrase}")
        self.status = status


@dataclass(frozen=True)
class Asking:
    """How documents are asked for."""

    pace: Pace
    credentials: Credentials | None = None
    """Sent to the server of the document's own address, and to none that it leads to."""
    allowed: Callable[[str], None] = lambda url: None
    """Raises where an address may not be asked for."""
    cut: bool = False
    """Take the beginning of a document that is too large."""


def get(
    url: str,
    settings: Settings,
    *,
    internal: bool,
    known: Validators,
    asking: Asking | None = None,
) -> Fetched | NotModified:
    """GET one document.

    Raises:
        FetchError: refused, timed out, redirected too often, an error status, too large, or at
            an address that is not allowed.
        NotYet: its server wants to be left alone.
    """
    asking = asking or Asking(Pace(NotesOfThisRun(), 0))
    target = url
    spent_s = 0.0
    for _ in range(settings.fetch_max_redirects + 1):
        _check(target)
        asking.allowed(target)
        asking.pace.before(target)
        headers = _headers(known, url, target, asking.credentials, internal)
        begun = time.monotonic()
        connections = connections_for(settings, internal=internal)
        with connections, connections.deadline(spent_s):
            answer = _ask(target, headers, connections, settings, known, asking)
        spent_s += time.monotonic() - begun
        if not isinstance(answer, str):
            return answer
        target = urljoin(target, answer)
    raise FetchError(
        f"redirected more than {settings.fetch_max_redirects} times, last to {target[:200]}"
    )


def _ask(
    url: str,
    headers: dict[str, str],
    connections: Connections,
    settings: Settings,
    known: Validators,
    asking: Asking,
) -> Fetched | NotModified | str:
    """What a server answers: a document, that there is no newer one, or another address."""
    try:
        with (
            # No proxy and no .netrc from the environment: what is sent where is decided here.
            httpx.Client(
                transport=_Transport(connections),
                timeout=settings.fetch_timeout,
                headers=headers,
                trust_env=False,
            ) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code in _REDIRECTS and "location" in response.headers:
                return str(response.headers["location"])
            return _read(response, settings, connections, known, asking)
    except httpx.TimeoutException as error:
        raise NoAnswer(f"no answer within {settings.fetch_timeout:g} s") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        connections.check_deadline()
        raise NoAnswer(f"no answer: {reason(error)}") from error
    except ValueError as error:
        # Of the URL: an address that ends in the middle, a port that is no number.
        raise FetchError(f"{url[:200]} is no address: {error}") from error


def _headers(
    known: Validators, url: str, target: str, credentials: Credentials | None, internal: bool
) -> dict[str, str]:
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    if credentials and origin(target) == origin(url):
        if not (internal or target.lower().startswith("https:")):
            raise FetchError("credentials are not sent over http://", "use https://")
        headers["Authorization"] = credentials.http_authorization()
    return headers


class _Transport(httpx.HTTPTransport):
    """httpx's transport over connections that are checked."""

    def __init__(self, connections: Connections) -> None:
        super().__init__(verify=tls_context("http"), trust_env=False)
        # The seam is httpcore's documented one; httpx offers no parameter for it.
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context("http"), network_backend=_Backend(connections)
        )


class _Backend(httpcore.NetworkBackend):
    """Connects to checked addresses only."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of a host that takes one."""
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._connections.addresses(host, port):
            try:
                stream = self._backend.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            try:
                self._connections.watch(stream.get_extra_info("socket"), host)
            except FetchError:
                stream.close()
                raise
            return stream
        assert failed is not None  # a name that resolves has an address
        raise failed


def _read(
    response: httpx.Response,
    settings: Settings,
    connections: Connections,
    known: Validators,
    asking: Asking,
) -> Fetched | NotModified:
    if response.status_code == httpx.codes.NOT_MODIFIED and known != Validators():
        return NotModified()
    wait = asking.pace.retry_after(response.status_code, response.headers.get("retry-after"))
    if wait is not None:
        raise asking.pace.told_to_wait(str(response.url), wait)
    if not response.is_success:
        raise HttpStatus(response.status_code, response.reason_phrase)
    chunks = _in_time(_decoded(response, settings.fetch_max_bytes), connections)
    data = bounded(chunks, settings.fetch_max_bytes, cut=asking.cut)
    # A cut connection looks like the end of a body whose length wasn't stated.
    connections.check_deadline()
    return Fetched(
        data,
        declared_type=response.headers.get("content-type"),
        url=str(response.url),
        validators=Validators(
            _sendable(response.headers.get("etag")),
            _sendable(response.headers.get("last-modified")),
        ),
    )


def _sendable(header: str | None) -> str | None:
    """What can be sent back in a request, where only ASCII can."""
    return header if header and header.isascii() else None


def _decoded(response: httpx.Response, max_bytes: int) -> Iterator[bytes]:
    """The body, decompressed piece by piece.

    httpx would decompress a whole chunk at once, through as many layers as the server names.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return response.iter_raw()
    if encoding in {"gzip", "x-gzip"}:
        return gunzip(counted(response.iter_raw(), max_bytes))
    raise FetchError(f"compressed as {encoding[:50]!r}, which was not asked for")


def _in_time(chunks: Iterator[bytes], connections: Connections) -> Iterator[bytes]:
    for chunk in chunks:
        connections.check_deadline()
        yield chunk


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        # Raises where it is none; the system would wrap it round.
        _ = parts.port
    except ValueError as error:
        raise FetchError(f"{url[:200]} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError(f"{url[:200]} is not an HTTP address")
    if parts.username is not None or parts.password is not None:
        raise FetchError("an address must not hold credentials")
