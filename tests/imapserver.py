"""A small IMAP server with TLS in a thread: what a client needs to read a mailbox."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

LOGIN, PASSWORD = "ada", "hush/42"
_DATES = re.compile(r"(SINCE|BEFORE) (\d+-\w+-\d+)")


@dataclass
class Mail:
    """A message and when it arrived."""

    data: bytes
    arrived: datetime


@dataclass
class ImapServer:
    """Where it is, what it has in which mailbox, and what it was told."""

    url: str = ""
    boxes: dict[str, dict[int, Mail]] = field(default_factory=dict)
    validity: int = 7
    commands: list[str] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)

    def asked(self, command: str) -> int:
        """How often a command was sent."""
        return sum(told.startswith(command) for told in self.commands)


@contextlib.contextmanager
def imap_server(pem: Path) -> Iterator[ImapServer]:
    """A server on a free loopback port."""
    server = ImapServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    threads: list[threading.Thread] = []

    def talk(plain: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            plain,
            context.wrap_socket(plain, server_side=True) as connection,
        ):
            server.connections.append(connection)
            _Talk(server, connection).go()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threads.append(threading.Thread(target=talk, args=(connection,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server.url = f"imaps://127.0.0.1:{listening.getsockname()[1]}"
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for thread in threads:
                thread.join(10)


class _Talk:
    """One client's session."""

    def __init__(self, server: ImapServer, connection: socket.socket) -> None:
        self._server = server
        self._connection = connection
        self._box: dict[int, Mail] = {}

    def go(self) -> None:
        self._say("* OK [CAPABILITY IMAP4rev1] ready")
        for line in self._connection.makefile("rb"):
            tag, _, command = line.decode().strip().partition(" ")
            self._server.commands.append(command)
            verb = command.split()[0].upper()
            if verb == "UID":
                verb = " ".join(command.split()[:2]).upper()
            self._say(f"{tag} {self._answer(verb, command)}")

    def _answer(self, verb: str, command: str) -> str:
        if verb == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
            return "OK done"
        if verb == "LOGIN":
            right = command == f'LOGIN {LOGIN} "{PASSWORD}"'
            return "OK in" if right else f"NO [AUTHENTICATIONFAILED] not with {command.split()[2]}"
        if verb == "EXAMINE":
            box = self._server.boxes.get(command.partition(" ")[2].strip('"'))
            if box is None:
                return "NO there is no such mailbox"
            self._box = box
            self._say(f"* {len(box)} EXISTS")
            self._say(f"* OK [UIDVALIDITY {self._server.validity}] valid")
            return "OK [READ-ONLY] done"
        if verb == "UID SEARCH":
            found = [str(uid) for uid, mail in self._box.items() if _lies_in(mail, command)]
            self._say(" ".join(["* SEARCH", *found]))
            return "OK done"
        if verb == "UID FETCH":
            _, _, uids, items = command.split(" ", 3)
            for uid in map(int, uids.split(",")):
                if uid in self._box:
                    self._fetch(uid, self._box[uid], items)
            return "OK done"
        return f"BAD {verb} is not known here"

    def _fetch(self, uid: int, mail: Mail, items: str) -> None:
        begin = f"* {uid} FETCH (UID {uid} "
        if "INTERNALDATE" in items:
            self._say(f'{begin}INTERNALDATE "{mail.arrived:%d-%b-%Y %H:%M:%S %z}")')
        elif "RFC822.SIZE" in items:
            self._say(f"{begin}RFC822.SIZE {len(mail.data)})")
        else:
            assert items == "(BODY.PEEK[])"
            whole = f"{begin}BODY[] {{{len(mail.data)}}}\r\n".encode() + mail.data + b")\r\n"
            self._connection.sendall(whole)

    def _say(self, line: str) -> None:
        self._connection.sendall(line.encode() + b"\r\n")


def _lies_in(mail: Mail, command: str) -> bool:
    """Whole days of the server's own zone, which is three hours east."""
    day = (mail.arrived + timedelta(hours=3)).date()
    for word, stated in _DATES.findall(command):
        bound = datetime.strptime(stated, "%d-%b-%Y").replace(tzinfo=UTC).date()
        if (word == "SINCE" and day < bound) or (word == "BEFORE" and day >= bound):
            return False
    return True
