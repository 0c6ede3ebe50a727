"""The one way to a server: what may be connected to, and for how long.

Every kind of source connects here, so that nothing that is on the wire leads inside: a name is
resolved, each of its addresses is checked, and the connection goes to a checked *address*. A name
that resolves differently the next time, a redirect and a server's word on where its data are
change nothing in that.
"""

from __future__ import annotations

import contextlib
import functools
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Self

import certifi

from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.addresses import is_public


class NoAnswer(FetchError):
    """A server can't be reached, or has fallen silent: what is asked of it next may fare alike."""


class Dropped(NoAnswer):
    """A server has ended the connection."""


class Connections:
    """The connections of one fetch or session.

    A time limit for each read is not enough: a server that sends a byte now and then keeps to it
    for ever. So all connections are cut when a deadline is over.
    """

    def __init__(self, *, internal: bool, timeout_s: float, deadline_s: float) -> None:
        """Args:
        internal: private and loopback addresses are allowed.
        timeout_s: longest silence.
        deadline_s: longest fetch of one document.
        """
        self._internal = internal
        self.timeout_s = timeout_s
        self._deadline_s = deadline_s
        self._late = False
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, all of them allowed.

        Raises:
            FetchError: it has none, or one of them is inside.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NoAnswer(f"the name {host} can't be resolved: {error}") from error
        addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
        for address in addresses:
            self._check(address, host)
        return addresses

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to the first address of a host that takes one.

        Raises:
            FetchError: none does, or one of them is inside.
        """
        failed: OSError | None = None
        for address in self.addresses(host, port):
            try:
                connection = socket.create_connection((address, port), self.timeout_s)
            except OSError as error:
                failed = error
                continue
            try:
                self.watch(connection, host)
            except FetchError:
                connection.close()
                raise
            return connection
        assert failed is not None  # a name that resolves has an address
        raise NoAnswer(f"no answer: {reason(failed)}") from failed

    def watch(self, connection: socket.socket, host: str) -> None:
        """Check where a connection really goes, and cut it with the others."""
        self._check(str(connection.getpeername()[0]), host)
        with self._lock:
            # Whoever wraps the socket in TLS takes it away; what is shut here is the connection.
            self._open.append(connection.dup())
        self.check_deadline()

    @contextlib.contextmanager
    def deadline(self, spent_s: float = 0.0) -> Iterator[None]:
        """Cut everything that is open when the block, and what was spent before it, takes longer
        than a document may.
        """
        timer = threading.Timer(max(self._deadline_s - spent_s, 0.0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextlib.contextmanager
    def understood(self) -> Iterator[None]:
        """Within the deadline, and with what befalls any connection as one line.

        Raises:
            Dropped, NoAnswer: see there.
        """
        with self.deadline():
            try:
                yield
            except TimeoutError as error:
                self.check_deadline()
                raise NoAnswer(f"no answer within {self.timeout_s:g} s") from error
            except (EOFError, ConnectionError) as error:
                self.check_deadline()
                raise Dropped("the server ended the connection") from error
            except OSError as error:
                self.check_deadline()
                raise NoAnswer(f"no answer: {reason(error)}") from error

    def check_deadline(self) -> None:
        """Raise where the deadline is over: what was cut looks like an end or like any failure."""
        if self._late:
            raise NoAnswer(f"not complete after {self._deadline_s:g} s")

    def close(self) -> None:
        """Forget the connections; whoever opened one closes it."""
        with self._lock:
            while self._open:
                self._open.pop().close()

    def _cut(self) -> None:
        self._late = True
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _check(self, address: str, host: str) -> None:
        if not (self._internal or is_public(address)):
            raise FetchError(
                f"{host} is at {address}, which is not a public address",
                "if that is meant, declare the source `internal: true`, or by hand give --internal",
            )


def connections_for(settings: Settings, *, internal: bool) -> Connections:
    """With the configured limits."""
    return Connections(
        internal=internal, timeout_s=settings.fetch_timeout, deadline_s=settings.fetch_deadline
    )


def tls_context(protocol: str) -> ssl.SSLContext:
    """The terms of TLS with a server: its certificate is checked against the system's authorities,
    or those that OpenSSL's own variables name.

    Making one takes a tenth of a second; it is made once for each protocol, since httpcore writes
    into the one that it gets.
    """
    return _tls_context(protocol, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@functools.cache
def _tls_context(protocol: str, file: str | None, folder: str | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not (file or folder or context.cert_store_stats()["x509_ca"]):
        # A small container may have none.
        context.load_verify_locations(certifi.where())
    return context


def reason(error: BaseException) -> str:
    """What the system says of a failure, where it is behind it; else the failure's own words."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__ or cause.__context__
    return (cause.strerror if cause is not None else None) or str(error) or type(error).__name__
