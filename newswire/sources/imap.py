"""The messages of a mailbox on an IMAP server (RFC 3501), over TLS, and only ever read: the mailbox
is opened with EXAMINE and messages are had with BODY.PEEK, so that nothing is marked or removed.

A message is named by an address of RFC 5092, ``imaps://HOST/MAILBOX;UIDVALIDITY=V/;UID=N``. What
that names never changes, so that it is fetched once.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.access import Access
from newswire.sources.addressing import quoted, split_url, unquoted
from newswire.sources.connections import (
    Connections,
    Dropped,
    NoAnswer,
    connections_for,
    tls_context,
)
from newswire.sources.credentials import login_of
from newswire.sources.expand import too_large
from newswire.sources.fetched import Fetched, Listed, Listing, NotModified, Validators
from newswire.sources.kinds import ImapSource
from newswire.sources.window import Window

_PORT = 993
_NEVER_CHANGES = "never changes"
_MOST_MESSAGES = 100_000
"""Looked at in one run."""
_ASKED_AT_ONCE = 500
"""Messages whose dates are asked for in one command: servers bound the length of a line."""
_OVERHEAD_BYTES = 2**24
"""Of a command's answers, beside a message: the numbers of so many messages are a megabyte."""
_MESSAGE = re.compile(r"/(?P<box>[^;]+);UIDVALIDITY=(?P<validity>\d+)/;UID=(?P<uid>\d+)\Z", re.I)
_DATED = re.compile(rb"UID (\d+)")
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_DAY = timedelta(days=1)
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True)
class _Message:
    uid: int
    arrived: datetime


class ImapSession:
    """A login on a server."""

    def __init__(self, uri: str, settings: Settings, *, internal: bool, access: Access) -> None:
        """See :func:`newswire.sources.sessions.open_session`."""
        login = login_of(uri, access)
        self._max_bytes = settings.fetch_max_bytes
        self._net = connections_for(settings, internal=internal)
        self._secret = login.credentials.password or ""
        self._selected: str | None = None
        self._validity = 0
        self._imap: _Imap | None = None
        try:
            with self._understood():
                self._imap = _Imap(
                    self._net, login.host, login.port or _PORT, settings.fetch_max_bytes
                )
                self._imap.login(login.credentials.login or "", self._secret)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Leave without a word."""
        if self._imap is not None:
            with contextlib.suppress(OSError):
                self._imap.shutdown()
        self._net.close()

    def read(self, uri: str, known: Validators) -> Fetched | NotModified:
        """The bytes of a message; see :class:`newswire.sources.sessions.Session`."""
        if known.last_modified == _NEVER_CHANGES:
            return NotModified()
        named = _MESSAGE.match(split_url(uri).path)
        if named is None:
            raise FetchError(f"{uri[:200]} names no message of a mailbox")
        with self._understood():
            if self._examine(unquoted(named["box"])) != int(named["validity"]):
                raise FetchError("the mailbox was made anew since the message was listed")
            size = self._fetched(named["uid"], "(RFC822.SIZE)", _SIZE)
            if int(size) > self._max_bytes:
                raise too_large(self._max_bytes)
            data = self._body(named["uid"])
        return Fetched(data, "message/rfc822", uri, Validators(last_modified=_NEVER_CHANGES))

    def messages(self, mailbox: str, window: Window) -> tuple[int, list[_Message]]:
        """The mailbox's UIDVALIDITY, and its messages that arrived in a window.

        Raises:
            FetchError: it can't be read.
        """
        with self._understood():
            validity = self._examine(mailbox)
            found = self._asked("SEARCH", *_criteria(window))
            uids = b" ".join(one for one in found if isinstance(one, bytes)).split()
        if len(uids) > _MOST_MESSAGES:
            raise FetchError(f"more than {_MOST_MESSAGES:,} messages", "run it more often")
        messages = []
        for begin in range(0, len(uids), _ASKED_AT_ONCE):
            some = b",".join(uids[begin : begin + _ASKED_AT_ONCE]).decode()
            with self._understood():
                for line in self._asked("FETCH", some, "(INTERNALDATE)"):
                    message = _message(line)
                    if message and window.holds(message.arrived):
                        messages.append(message)
        return validity, messages

    @property
    def _client(self) -> _Imap:
        assert self._imap is not None  # it is, once the constructor is done
        return self._imap

    def _examine(self, mailbox: str) -> int:
        if self._selected != mailbox:
            if not mailbox.isascii():
                raise FetchError(
                    "the name of a mailbox is ASCII", "write it in IMAP's modified UTF-7"
                )
            escaped = mailbox.replace("\\", "\\\\").replace('"', '\\"')
            self._client.begin()
            kind, said = self._client.select(f'"{escaped}"', readonly=True)
            if kind != "OK":
                raise FetchError(f"IMAP answers {_words(said)}")
            self._selected = mailbox
        _, validity = self._client.response("UIDVALIDITY")
        if validity and isinstance(validity[0], bytes):
            self._validity = int(validity[0])
        return self._validity

    def _asked(self, command: str, *arguments: str) -> list[object]:
        self._client.begin()
        kind, said = self._client.uid(command, *arguments)
        if kind != "OK":
            raise FetchError(f"IMAP answers {_words(said)}")
        return list(said)

    def _fetched(self, uid: str, item: str, pattern: re.Pattern[bytes]) -> bytes:
        for line in self._asked("FETCH", uid, item):
            found = pattern.search(line) if isinstance(line, bytes) else None
            if found:
                return found[1]
        raise FetchError("the mailbox has no such message any more")

    def _body(self, uid: str) -> bytes:
        for part in self._asked("FETCH", uid, "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
        raise FetchError("the mailbox has no such message any more")

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        """As :meth:`Connections.understood`, and with what IMAP itself answers."""
        with self._net.understood():
            try:
                yield
            except imaplib.IMAP4.abort as error:
                self._net.check_deadline()
                raise Dropped("the server ended the connection") from error
            except imaplib.IMAP4.error as error:
                raise FetchError(f"IMAP answers {self._shown(error)}") from error
            except ValueError as error:
                raise FetchError(f"IMAP answers what can't be read: {error}") from error

    def _shown(self, error: imaplib.IMAP4.error) -> str:
        said = error.args[0] if error.args else b""
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        text = " ".join(text.split())[:300]
        return text.replace(self._secret, "***") if self._secret else text


def list_imap(source: ImapSource, session: ImapSession, window: Window) -> Listing:
    """The messages that arrived in a window, the oldest first.

    Raises:
        FetchError: they can't be listed.
    """
    parts = split_url(source.url)
    mailbox = unquoted(parts.path.strip("/")) or "INBOX"
    begin = source.url[: len(source.url) - len(parts.path)] if parts.path else source.url
    validity, messages = session.messages(mailbox, window)
    messages.sort(key=lambda one: (one.arrived, one.uid))
    return source.limited(
        [
            Listed(
                f"{begin}/{quoted(mailbox)};UIDVALIDITY={validity}/;UID={one.uid}", _NEVER_CHANGES
            )
            for one in messages
        ]
    )


class _Imap(imaplib.IMAP4):
    """imaplib's client over connections that are checked, with bounded answers."""

    def __init__(self, net: Connections, host: str, port: int, max_bytes: int) -> None:
        self._net = net
        self._most_bytes = max_bytes + _OVERHEAD_BYTES
        self._left = self._most_bytes
        super().__init__(host, port, net.timeout_s)

    def begin(self) -> None:
        """Before a command: what was answered to others doesn't count for it."""
        self._left = self._most_bytes

    def _create_socket(self, timeout: float | None) -> socket.socket:
        connection = self._net.connect(self.host, self.port)
        try:
            return tls_context("imap").wrap_socket(connection, server_hostname=self.host)
        except BaseException:
            connection.close()
            raise

    def read(self, size: int) -> bytes:
        """Read so much, if it may be."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise NoAnswer(f"an answer of more than {self._most_bytes:,} bytes")


def _criteria(window: Window) -> list[str]:
    """The search for a window: whole days of a zone that the server chooses, so one more at each
    end.
    """
    criteria = ["UNDELETED"]
    if window.start is not None:
        criteria += ["SINCE", _imap_day(window.start - _DAY)]
    if window.end is not None:
        criteria += ["BEFORE", _imap_day(window.end + 2 * _DAY)]
    return criteria


def _imap_day(moment: datetime) -> str:
    return f"{moment.day}-{_MONTHS[moment.month - 1]}-{moment.year:04}"


def _message(line: object) -> _Message | None:
    if not isinstance(line, bytes):
        return None
    uid = _DATED.search(line)
    stated = imaplib.Internaldate2tuple(line)
    if uid is None or stated is None:
        return None
    # Python gives the local time of this machine.
    return _Message(int(uid[1]), datetime(*stated[:6]).astimezone(UTC))


def _words(said: Sequence[object]) -> str:
    texts = (one.decode("utf-8", "replace") for one in said if isinstance(one, bytes))
    return " ".join(" ".join(texts).split())[:300]
