"""Documents over HTTP(S): conditional, bounded, and kept away from the inside of the network.

Each request and each redirect is checked after name resolution: a source that is not declared
``internal`` may only be at a public address. The address that was really connected to is checked
once more before a byte is sent to it, so that a name which resolves differently the second time
yields nothing.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, Protocol, Self, cast, overload
from urllib.parse import urljoin, urlsplit

import httpx

from newswire import __version__
from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.addresses import is_public
from newswire.sources.fetched import Fetched, NotModified, Validators

_USER_AGENT = f"newswire/{__version__}"
_REDIRECTS = {301, 302, 303, 307, 308}
_GZIP = 16 + zlib.MAX_WBITS
_PIECE_BYTES = 2**20
"""Decompressed at a time: so much more than the limit is held at most."""


def get(
    url: str, settings: Settings, *, internal: bool, known: Validators
) -> Fetched | NotModified:
    """GET one document.

    Raises:
        FetchError: refused, timed out, redirected too often, an error status, too large, or at
            an address that is not allowed.
    """
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    target = url
    with (
        _Connections(internal, settings.fetch_deadline) as connections,
        # No proxy and no .netrc from the environment: what is sent where is decided here.
        httpx.Client(timeout=settings.fetch_timeout, headers=headers, trust_env=False) as client,
    ):
        for _ in range(settings.fetch_max_redirects + 1):
            try:
                _check_name(target, internal)
                with client.stream("GET", target, extensions=connections.extensions) as response:
                    if response.status_code in _REDIRECTS and "location" in response.headers:
                        target = urljoin(target, response.headers["location"])
                        continue
                    return _read(response, settings, connections, known)
            except httpx.TimeoutException as error:
                raise FetchError(f"no answer within {settings.fetch_timeout:g} s") from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                connections.check_deadline()
                raise FetchError(f"no answer: {_reason(error)}") from error
            except ValueError as error:
                # Of the URL: an address that ends in the middle, a port that is no number.
                raise FetchError(f"{target[:200]} is no address: {error}") from error
    raise FetchError(
        f"redirected more than {settings.fetch_max_redirects} times, last to {target[:200]}"
    )


class _Stream(Protocol):
    """What is used of a connection: part of httpcore's documented ``NetworkStream``."""

    @overload
    def get_extra_info(self, info: Literal["server_addr"]) -> tuple[object, ...]: ...

    @overload
    def get_extra_info(self, info: Literal["socket"]) -> socket.socket: ...

    def close(self) -> None: ...


class _Connections:
    """The connections of one fetch: each is checked when it stands, all are cut at the deadline.

    A time limit for each read is not enough: a server that sends a byte now and then keeps to it
    for ever, in its headers as well as in the body.
    """

    def __init__(self, internal: bool, deadline_s: float) -> None:
        self._internal = internal
        self._deadline_s = deadline_s
        self._late = threading.Event()
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(deadline_s, self._cut)
        self._timer.daemon = True
        self.extensions = {"trace": self._trace}

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._timer.cancel()

    def check_deadline(self) -> None:
        """Raise where the deadline is over."""
        if self._late.is_set():
            raise FetchError(f"not complete after {self._deadline_s:g} s")

    def _trace(self, event: str, info: Mapping[str, object]) -> None:
        """Called by httpcore, before a byte of the request is sent over a new connection."""
        if event not in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            return
        stream = cast(_Stream, info["return_value"])
        try:
            if not self._internal:
                address, *_ = stream.get_extra_info("server_addr")
                _check_address(str(address), str(address))
            with self._lock:
                self._open.append(stream.get_extra_info("socket"))
            self.check_deadline()
        except FetchError:
            stream.close()
            raise

    def _cut(self) -> None:
        self._late.set()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def _read(
    response: httpx.Response, settings: Settings, connections: _Connections, known: Validators
) -> Fetched | NotModified:
    if response.status_code == httpx.codes.NOT_MODIFIED and known != Validators():
        return NotModified()
    if not response.is_success:
        raise FetchError(f"HTTP {response.status_code} {response.reason_phrase}".rstrip())
    data = b"".join(_bounded(_decoded(response), settings, connections))
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


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """The body, decompressed piece by piece.

    httpx would decompress a whole chunk at once, through as many layers as the server names.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return response.iter_raw()
    if encoding in {"gzip", "x-gzip"}:
        return _gunzip(response.iter_raw())
    raise FetchError(f"compressed as {encoding[:50]!r}, which was not asked for")


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj(_GZIP)
    nothing = True
    try:
        for chunk in chunks:
            while chunk:
                nothing = False
                if inflate.eof:
                    if not chunk.startswith(b"\x1f"):
                        break  # padding behind the end; there are servers that send it
                    inflate = zlib.decompressobj(_GZIP)
                yield inflate.decompress(chunk, _PIECE_BYTES)
                chunk = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        yield inflate.flush()
    except zlib.error as error:
        raise FetchError(f"its gzip data is broken: {error}") from error
    if not (inflate.eof or nothing):
        raise FetchError("its gzip data ends too early")


def _bounded(
    chunks: Iterator[bytes], settings: Settings, connections: _Connections
) -> Iterator[bytes]:
    """The chunks, as long as they keep to the limits. They are counted after decompression."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.fetch_max_bytes:
            raise FetchError(
                f"larger than the limit of {settings.fetch_max_bytes:,} bytes",
                "raise NEWSWIRE_FETCH_MAX_BYTES if it is wanted",
            )
        connections.check_deadline()
        yield chunk


def _check_name(url: str, internal: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError(f"redirected to {url[:200]}, which is not an HTTP address")
    if parts.username is not None or parts.password is not None:
        raise FetchError("an address must not hold credentials")
    port = parts.port or 0  # raises ValueError where it is none; the system would wrap it round
    if internal:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the name {parts.hostname} can't be resolved: {error}") from error
    for *_, address in found:
        _check_address(str(address[0]), parts.hostname)


def _check_address(address: str, host: str) -> None:
    if not is_public(address):
        raise FetchError(
            f"{host} is at {address}, which is not a public address",
            "declare the source `internal: true` if that is meant",
        )


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    return (cause.strerror if cause is not None else None) or str(error) or type(error).__name__
