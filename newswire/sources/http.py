"""Documents over HTTP(S): conditional, bounded, and kept away from the inside of the network.

Each request and each redirect is checked after name resolution: a source that is not declared
``internal`` may only be at a public address. The address that was really connected to is checked
once more before a byte of the body is read, so that a name which resolves differently the second
time yields nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import httpx

from newswire import __version__
from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.fetch import Fetched, NotModified, Validators

_USER_AGENT = f"newswire/{__version__}"
_REDIRECTS = {301, 302, 303, 307, 308}


def get(
    url: str, settings: Settings, *, internal: bool, known: Validators
) -> Fetched | NotModified:
    """GET one document.

    Raises:
        FetchError: refused, timed out, redirected too often, an error status, too large, or at
            an address that is not allowed.
    """
    deadline = time.monotonic() + settings.fetch_deadline
    headers = {"User-Agent": _USER_AGENT, "Accept-Encoding": "gzip, deflate"}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    # No proxy and no .netrc from the environment: what is sent where is decided here.
    with httpx.Client(timeout=settings.fetch_timeout, headers=headers, trust_env=False) as client:
        target = url
        for _ in range(settings.fetch_max_redirects + 1):
            _check_name(target, internal)
            try:
                with client.stream("GET", target) as response:
                    _check_peer(response, internal)
                    if response.status_code in _REDIRECTS and "location" in response.headers:
                        target = urljoin(target, response.headers["location"])
                        continue
                    return _read(response, settings, deadline, known)
            except httpx.TimeoutException as error:
                raise FetchError(f"no answer within {settings.fetch_timeout:g} s") from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise FetchError(f"no answer: {_reason(error)}") from error
    raise FetchError(f"redirected more than {settings.fetch_max_redirects} times, last to {target}")


def _read(
    response: httpx.Response, settings: Settings, deadline: float, known: Validators
) -> Fetched | NotModified:
    if response.status_code == httpx.codes.NOT_MODIFIED and known != Validators():
        return NotModified()
    if not response.is_success:
        raise FetchError(f"HTTP {response.status_code} {response.reason_phrase}".rstrip())
    data = b"".join(_bounded(response.iter_bytes(), settings, deadline))
    return Fetched(
        data,
        declared_type=response.headers.get("content-type"),
        url=str(response.url),
        validators=Validators(response.headers.get("etag"), response.headers.get("last-modified")),
    )


def _bounded(chunks: Iterator[bytes], settings: Settings, deadline: float) -> Iterator[bytes]:
    """The chunks, as long as they keep to the limits. They are counted after decompression."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.fetch_max_bytes:
            raise FetchError(
                f"larger than the limit of {settings.fetch_max_bytes:,} bytes",
                "raise NEWSWIRE_FETCH_MAX_BYTES if it is wanted",
            )
        if time.monotonic() > deadline:
            raise FetchError(f"not complete after {settings.fetch_deadline:g} s")
        yield chunk


def _check_name(url: str, internal: bool) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise FetchError(f"redirected to {url[:200]}, which is not an HTTP address")
    if internal:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 0, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the name {parts.hostname} can't be resolved: {error}") from error
    for *_, address in found:
        _check_address(str(address[0]), parts.hostname)


def _check_peer(response: httpx.Response, internal: bool) -> None:
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if not internal and peer is not None:
        _check_address(str(peer[0]), str(response.url.host))


def _check_address(address: str, host: str) -> None:
    if not ipaddress.ip_address(address.split("%")[0]).is_global:
        raise FetchError(
            f"{host} is at {address}, which is not a public address",
            "declare the source `internal: true` if that is meant",
        )


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    return (cause.strerror if cause is not None else None) or str(error) or type(error).__name__
