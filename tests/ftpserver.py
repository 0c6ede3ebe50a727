"""A real FTP server in a thread, with a folder as its drop; and one that a test scripts itself."""

from __future__ import annotations

import contextlib
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

with warnings.catch_warnings():
    # It stands on asyncore, of which Python 3.11 says that 3.12 has none; there it brings its own.
    warnings.simplefilter("ignore", DeprecationWarning)
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
    from pyftpdlib.servers import ThreadedFTPServer

LOGIN, PASSWORD = "ada", "hush/42"


@dataclass
class FtpServer:
    """Where it is, and what it was told."""

    url: str
    commands: list[str] = field(default_factory=list)

    def asked(self, command: str) -> int:
        """How often a command was sent."""
        return sum(told.split(" ")[0] == command for told in self.commands)


@contextlib.contextmanager
def ftp_server(
    folder: Path, *, pem: Path | None = None, without: tuple[str, ...] = (), anonymous: bool = True
) -> Iterator[FtpServer]:
    """A server on a free port. ``pem``: TLS only; ``without``: commands that it doesn't know."""
    authorizer = DummyAuthorizer()
    authorizer.add_user(LOGIN, PASSWORD, str(folder), perm="elr")
    if anonymous:
        authorizer.add_anonymous(str(folder))

    class Handler(TLS_FTPHandler if pem else FTPHandler):  # type: ignore[misc]
        def pre_process_command(self, line: str, command: str, argument: str) -> None:
            server.commands.append(line)
            if command in without:
                self.respond(f"502 {command} is not known here.")
                return
            super().pre_process_command(line, command, argument)

    Handler.authorizer = authorizer
    Handler.auth_failed_timeout = 0
    if pem:
        Handler.certfile = str(pem)
        Handler.tls_control_required = Handler.tls_data_required = True
    listening = ThreadedFTPServer(("127.0.0.1", 0), Handler)
    listening.max_login_attempts = 1
    server = FtpServer(f"{'ftps' if pem else 'ftp'}://127.0.0.1:{listening.address[1]}")
    thread = threading.Thread(target=listening.serve_forever, kwargs={"timeout": 0.05})
    thread.start()
    try:
        yield server
    finally:
        listening.close_all()
        thread.join()


@contextlib.contextmanager
def scripted(talk: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A server that says what a test wants, to each who connects. Yields its port."""
    done = threading.Event()
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            talk(connection, done)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threads.append(threading.Thread(target=one, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            done.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join(10)


class Talk:
    """What such a server says: an answer to each command; an empty one: nothing any more."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = {"USER": b"331 password?\r\n", "PASS": b"230 in\r\n", "TYPE": b"200 ok\r\n"}
        self.answers |= answers
        self.heard: list[str] = []

    def __call__(self, connection: socket.socket, done: threading.Event) -> None:
        connection.sendall(self.answers.get("", b"220 ready\r\n"))
        for line in connection.makefile("rb"):
            command = line.decode().split()[0]
            self.heard.append(command)
            answer = self.answers.get(command, b"502 no\r\n")
            if answer == b"":
                done.wait(10)
                return
            connection.sendall(answer)
