"""Which port a server gets, on the loopback interface only."""

from __future__ import annotations

import socket
import sys

import psutil

from newswire.errors import StackError

LOOPBACK = "127.0.0.1"
ANY = 0
"""As a configured port: any free one."""


class Reservation:
    """A port that is bound here, not listened on, until its server has bound it too.

    The kernel gives a bound port to nobody who asks for "any free port", so two stacks that start
    at the same time never choose the same one. Linux lets a server that sets ``SO_REUSEADDR`` (as
    all three do) bind and listen beside us; elsewhere `yield_to_server` must give it up first.
    """

    def __init__(self, port: int = ANY) -> None:
        """Bind ``port``.

        Raises:
            OSError: it is in use.
        """
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            # As the servers do: a connection that lingers after a restart is no obstacle.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((LOOPBACK, port))
        except OSError:
            self._socket.close()
            raise
        self.port: int = self._socket.getsockname()[1]

    def yield_to_server(self) -> None:
        """Make room for the server, which is about to start."""
        if sys.platform != "linux":
            self.close()

    def close(self) -> None:
        """Forget the port. The server, if it runs by now, keeps it."""
        self._socket.close()


def reserve(title: str, wanted: int | None, preferred: tuple[int, ...] = ()) -> Reservation:
    """Reserve the port that ``title`` is to listen on.

    Args:
        title: The server, for the error.
        wanted: The configured port, `ANY`, or None: the first of ``preferred`` that is free,
            else any.
        preferred: Tried in this order when no port is configured.

    Raises:
        StackError: the configured port is in use; it names who uses it where that can be told.
    """
    if wanted is not None:
        try:
            return Reservation(wanted)
        except OSError as error:
            user = user_of(wanted)
            by = f" by {user}" if user else ""
            raise StackError(
                f"{title} can't have port {wanted}: it is in use{by} ({error.strerror})",
                "stop that, or configure another port",
            ) from None
    for port in preferred:
        try:
            return Reservation(port)
        except OSError:
            continue
    return Reservation()


def user_of(port: int) -> str | None:
    """``"name (pid N)"`` of the process that listens on ``port``, where we may know."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == port and connection.pid:
                return f"{psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:
        pass
    return None
