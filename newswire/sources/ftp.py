"""A drop on an FTP server, plain (``ftp://``) or with explicit TLS on both connections (``ftps://``,
RFC 4217).

Transfers are passive, and to the very address of the control connection: what a server says of
another address in its answer to PASV is not believed (Python's own default since 3.9).
"""

from __future__ import annotations

import contextlib
import ftplib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import cast
from urllib.parse import SplitResult

from newswire.config import Settings
from newswire.errors import FetchError, NotYet
from newswire.sources.access import Access
from newswire.sources.addressing import quoted, split_url, unquoted
from newswire.sources.connections import (
    Connections,
    Dropped,
    connections_for,
    tls_context,
)
from newswire.sources.credentials import find_credentials
from newswire.sources.expand import bounded
from newswire.sources.fetched import Fetched, Listed, Listing, NotModified, Validators
from newswire.sources.kinds import FtpSource
from newswire.sources.names import is_finished

_PORT = 21
_MOST_FILES = 100_000
"""Looked at in one listing."""
_MOST_LINES = 1000
"""Of one answer: ftplib would collect a greeting without end."""
_CHUNK_BYTES = 2**16
_NO_FILES = re.compile(r"^[45]50.*\bno files\b", re.IGNORECASE)
_FACT = re.compile(r"([\w.-]+)=([^;]*);")


@dataclass(frozen=True)
class _File:
    name: str
    """The bytes of its name, one character each."""
    state: str | None = None
    written: datetime | None = None


class FtpSession:
    """A login on a server."""

    def __init__(self, uri: str, settings: Settings, *, internal: bool, access: Access) -> None:
        """See :func:`newswire.sources.sessions.open_session`."""
        parts = split_url(uri)
        if not parts.hostname:
            raise FetchError(f"{uri[:200]} names no server")
        self._settings = settings
        self._net = connections_for(settings, internal=internal)
        self._secret = ""
        self._spoilt = False
        self._binary = False
        login, password = self._credentials(parts.hostname, parts.scheme, access, internal)
        self._ftp = _Ftp(self._net)
        try:
            with self._understood():
                self._ftp.open(parts, login, password)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave without a word: some servers let one wait for theirs."""
        self._ftp.close()
        self._net.close()

    def read(self, uri: str, known: Validators) -> Fetched | NotModified:
        """The bytes of a file; see :class:`newswire.sources.sessions.Session`.

        Raises:
            NotYet: somebody is writing to it.
        """
        if self._spoilt:
            raise Dropped("the transfer before was broken off")
        path = _path(split_url(uri))
        with self._understood():
            if not self._binary:
                # Listings are text, and the server sends all as such from then on.
                self._ftp.voidcmd("TYPE I")
                self._binary = True
            state = self._state(path)
            if state is not None and state == known.last_modified:
                return NotModified()
            data = self._retrieve(path)
            if state != self._state(path):
                raise NotYet("the file is being written to")
        return Fetched(data, url=uri, validators=Validators(last_modified=state))

    def files(self, folder: str) -> list[_File]:
        """The files in a folder.

        Raises:
            FetchError: it can't be listed.
        """
        with self._understood():
            try:
                return [file for line in self._lines(f"MLSD {folder}") if (file := _file(line))]
            except ftplib.error_perm as error:
                if not _is_unknown(error):
                    raise
                # A server from before RFC 3659: names, and nothing about them.
                return [_File(name.rpartition("/")[2]) for name in self._lines(f"NLST {folder}")]

    def _credentials(
        self, host: str, scheme: str, access: Access, internal: bool
    ) -> tuple[str, str]:
        if access.connection is None:
            return "anonymous", "anonymous@"
        if scheme == "ftp" and not internal:
            raise FetchError("credentials are not sent over ftp://", "use ftps:// or sftp://")
        found = find_credentials(access.connection).for_host(host)
        self._secret = found.password or ""
        return found.login or "anonymous", self._secret

    def _state(self, path: str) -> str | None:
        """Size and time of a file as the server has them; ``None``: it doesn't tell."""
        said = []
        for command in ("SIZE", "MDTM"):
            try:
                said.append(self._ftp.sendcmd(f"{command} {path}")[4:].strip())
            except ftplib.error_perm as error:
                # 550: of a file that isn't there, too; RETR says that better.
                if not (_is_unknown(error) or error.args[0].startswith("550")):
                    raise
        return " ".join(said) if len(said) == 2 else None

    def _retrieve(self, path: str) -> bytes:
        connection = self._ftp.transfercmd(f"RETR {path}")
        try:
            data = bounded(_chunks(connection), self._settings.fetch_max_bytes)
        except FetchError:
            # The server's last word on this transfer would be taken for its answer to the next.
            self._spoilt = True
            raise
        finally:
            connection.close()
        self._net.check_deadline()
        self._ftp.voidresp()
        return data

    def _lines(self, command: str) -> list[str]:
        lines: list[str] = []

        def keep(line: str) -> None:
            if len(lines) >= _MOST_FILES:
                self._spoilt = True
                raise FetchError(f"more than {_MOST_FILES:,} files in the folder")
            lines.append(line)

        try:
            self._ftp.retrlines(command, keep)
        except (ftplib.error_temp, ftplib.error_perm) as error:
            # For old servers a folder without files is an error.
            if command.startswith("NLST") and _NO_FILES.search(str(error)):
                return []
            raise
        finally:
            self._binary = False
        return lines

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        """As :meth:`Connections.understood`, and with what FTP itself answers."""
        with self._net.understood():
            try:
                yield
            except ftplib.Error as error:
                self._net.check_deadline()
                said = " ".join(str(error).split())[:300]
                said = said.replace(self._secret, "***") if self._secret else said
                if said.startswith("421"):
                    raise Dropped(f"FTP answers {said}") from error
                raise FetchError(f"FTP answers {said}") from error
            except ValueError as error:
                # Of the path: a line break in it would be a command of its own.
                raise FetchError(f"no path of a file: {error}") from error


def list_ftp(source: FtpSource, session: FtpSession, now: float | None = None) -> Listing:
    """The finished files of a folder, sorted by name.

    Raises:
        FetchError: it can't be listed.
    """
    moment = datetime.fromtimestamp(time.time() if now is None else now, UTC)
    parts = split_url(source.url)
    begin = source.url[: len(source.url) - len(parts.path)] if parts.path else source.url
    folder = _path(parts)
    documents = []
    for one in session.files(folder):
        wanted = is_finished(one.name) and fnmatchcase(_readable(one.name), source.pattern)
        # A sender that gives its files their names before they are whole is still at it.
        age_s = (moment - one.written).total_seconds() if one.written else source.settle
        if wanted and not 0 <= age_s < source.settle:
            path = f"{folder.rstrip('/')}/{one.name}" if folder else one.name
            documents.append(Listed(f"{begin}/{quoted(path.encode('latin-1'))}", one.state))
    documents.sort(key=lambda one: one.uri)
    return source.limited(documents)


class _Ftp(ftplib.FTP_TLS):
    """ftplib's client over connections that are checked."""

    def __init__(self, net: Connections) -> None:
        # Names come back as the bytes that they are, whatever character set they are in.
        super().__init__(context=tls_context("ftp"), timeout=net.timeout_s, encoding="latin-1")
        self._net = net
        self._answered = 0
        self._secure = False

    def open(self, parts: SplitResult, login: str, password: str) -> None:
        """Connect and log in."""
        self.host = parts.hostname or ""
        self.port = parts.port or _PORT
        self.sock = self._net.connect(self.host, self.port)
        self.af = self.sock.family
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        self._secure = parts.scheme == "ftps"
        self.login(login, password, secure=self._secure)
        if self._secure:
            self.prot_p()

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        """A data connection, cut with the others; with the session of the control connection where
        there is TLS: many servers take no other for the same user.
        """
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        try:
            self._net.watch(connection, self.host)
            if self._secure:
                control = cast(ssl.SSLSocket, self.sock)
                connection = self.context.wrap_socket(
                    connection, server_hostname=self.host, session=control.session
                )
        except BaseException:
            connection.close()
            raise
        return connection, size

    def putcmd(self, line: str) -> None:
        """Send a command."""
        self._answered = 0
        super().putcmd(line)

    def getline(self) -> str:
        """A line of an answer."""
        self._answered += 1
        if self._answered > _MOST_LINES:
            raise ftplib.error_proto("an answer without end")
        return super().getline()


def _chunks(connection: socket.socket) -> Iterator[bytes]:
    while chunk := connection.recv(_CHUNK_BYTES):
        yield chunk


def _path(parts: SplitResult) -> str:
    """The path of an address, below the folder that the login leads to (RFC 1738, 3.2.2); one that
    begins with ``%2F`` is the server's own. Its bytes, one character each.
    """
    return (
        unquoted(parts.path.removeprefix("/")).encode("utf-8", "surrogateescape").decode("latin-1")
    )


def _readable(name: str) -> str:
    """A name as it is meant, where it is UTF-8 (RFC 2640)."""
    return name.encode("latin-1").decode("utf-8", "replace")


def _is_unknown(error: ftplib.error_perm) -> bool:
    """Whether a server doesn't know a command."""
    return str(error)[:3] in {"500", "501", "502", "504"}


def _file(line: str) -> _File | None:
    """What a line of MLSD says (RFC 3659, 7.2); ``None``: it is no file."""
    facts, _, name = line.partition(" ")
    stated = {key.lower(): value for key, value in _FACT.findall(facts)}
    if stated.get("type", "").lower() != "file":
        return None
    modified = stated.get("modify")
    return _File(name, f"{stated.get('size')} {modified}" if modified else None, _moment(modified))


def _moment(modified: str | None) -> datetime | None:
    try:
        return datetime.strptime((modified or "")[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
