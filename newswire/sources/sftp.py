"""A drop on an SFTP server, whose host key must be known before a password is sent."""

from __future__ import annotations

import contextlib
import io
import stat
import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import paramiko

from newswire.config import Settings
from newswire.errors import ConfigError, FetchError, NotYet
from newswire.sources.access import Access
from newswire.sources.addressing import quoted, split_url, unquoted
from newswire.sources.connections import Dropped, connections_for, reason
from newswire.sources.credentials import Credentials, login_of
from newswire.sources.expand import bounded, too_large
from newswire.sources.fetched import Fetched, Listed, Listing, NotModified, Validators
from newswire.sources.kinds import SftpSource
from newswire.sources.names import is_finished

_PORT = 22
_MOST_FILES = 100_000
"""Looked at in one listing."""
_CHUNK_BYTES = 2**15
_KNOWN_HOSTS = "~/.ssh/known_hosts"


class SftpSession:
    """A login on a server."""

    def __init__(self, uri: str, settings: Settings, *, internal: bool, access: Access) -> None:
        """See :func:`newswire.sources.sessions.open_session`."""
        login = login_of(uri, access)
        self._settings = settings
        self._net = connections_for(settings, internal=internal)
        self._transport: paramiko.Transport | None = None
        try:
            with self._understood():
                self._sftp = self._open(login.host, login.port or _PORT, login.credentials, access)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the session."""
        if self._transport is not None:
            self._transport.close()
        self._net.close()

    def read(self, uri: str, known: Validators) -> Fetched | NotModified:
        """The bytes of a file; see :class:`newswire.sources.sessions.Session`.

        Raises:
            NotYet: somebody is writing to it.
        """
        path = _path(uri)
        limit = self._settings.fetch_max_bytes
        with self._understood():
            before = self._sftp.stat(path)
            if not stat.S_ISREG(before.st_mode or 0):
                raise FetchError("not a regular file")
            if _state(before) == known.last_modified:
                return NotModified()
            if (before.st_size or 0) > limit:
                raise too_large(limit)
            with self._sftp.open(path, "rb") as file:
                file.prefetch(before.st_size)
                data = bounded(_chunks(file), limit)
            if _state(self._sftp.stat(path)) != _state(before) or len(data) != before.st_size:
                raise NotYet("the file is being written to")
        return Fetched(data, url=uri, validators=Validators(last_modified=_state(before)))

    def files(self, folder: str) -> list[paramiko.SFTPAttributes]:
        """What is in a folder.

        Raises:
            FetchError: it can't be listed.
        """
        found = []
        with self._understood():
            for one in self._sftp.listdir_iter(folder):
                found.append(one)
                if len(found) > _MOST_FILES:
                    raise FetchError(f"more than {_MOST_FILES:,} files in the folder")
        return found

    def _open(
        self, host: str, port: int, credentials: Credentials, access: Access
    ) -> paramiko.SFTPClient:
        expected = _known_key(host, port, access.host_key or credentials.extra.get("host_key"))
        transport = paramiko.Transport(self._net.connect(host, port))
        self._transport = transport
        transport.banner_timeout = transport.auth_timeout = self._net.timeout_s
        # A server has keys of several kinds: it is to show the one that we know.
        options = transport.get_security_options()
        rsa = ("rsa-sha2-512", "rsa-sha2-256")
        name = expected.get_name()
        options.key_types = rsa if name == "ssh-rsa" else (name,)
        begun = time.monotonic()
        try:
            transport.start_client(timeout=self._net.timeout_s)
            shown = transport.get_remote_server_key()
        except paramiko.SSHException:
            if time.monotonic() - begun >= self._net.timeout_s:
                raise TimeoutError from None
            raise
        if shown != expected:
            raise FetchError(
                f"the server shows another key than the one known ({shown.fingerprint})",
                "find out why before you trust it",
            )
        _log_in(transport, credentials)
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        client.get_channel().settimeout(self._net.timeout_s)  # type: ignore[union-attr]
        return client

    @contextlib.contextmanager
    def _understood(self) -> Iterator[None]:
        """As :meth:`Connections.understood`, and with what SFTP itself answers."""
        with self._net.understood():
            try:
                yield
            except paramiko.AuthenticationException as error:
                raise FetchError("the login is refused") from error
            except paramiko.SSHException as error:
                self._net.check_deadline()
                raise Dropped(f"the session failed: {reason(error)}") from error
            except (TimeoutError, ConnectionError):
                raise
            except OSError as error:
                # What SFTP answers comes as one too, such as that there is no such file.
                self._net.check_deadline()
                raise FetchError(f"SFTP answers: {reason(error)}") from error


def list_sftp(source: SftpSource, session: SftpSession, now: float | None = None) -> Listing:
    """The finished files of a folder, sorted by name.

    Raises:
        FetchError: it can't be listed.
    """
    now = time.time() if now is None else now
    parts = split_url(source.url)
    begin = source.url[: len(source.url) - len(parts.path)] if parts.path else source.url
    documents = []
    for one in session.files(_path(source.url)):
        wanted = is_finished(one.filename) and fnmatchcase(one.filename, source.pattern)
        # A sender that gives its files their names before they are whole is still at it.
        settled = one.st_mtime is None or not 0 <= now - one.st_mtime < source.settle
        if wanted and settled and stat.S_ISREG(one.st_mode or 0):
            uri = f"{begin}{parts.path.rstrip('/')}/{quoted(one.filename)}"
            documents.append(Listed(uri, _state(one)))
    documents.sort(key=lambda one: one.uri)
    return source.limited(documents)


def _known_key(host: str, port: int, stated: str | None) -> paramiko.PKey:
    """The key that a server must show.

    Raises:
        ConfigError: none is known.
    """
    if stated:
        words = stated.split()
        entry = paramiko.hostkeys.HostKeyEntry.from_line(" ".join(["host", *words[-2:]]))
        if entry is None or entry.key is None:
            raise ConfigError(f"the host key of {host} is none: {stated[:40]!r}")
        return entry.key
    known = paramiko.HostKeys()
    with contextlib.suppress(OSError):
        known.load(str(Path(_KNOWN_HOSTS).expanduser()))
    for name in ([host] if port == _PORT else []) + [f"[{host}]:{port}"]:
        keys = known.lookup(name)
        if keys:
            return next(iter(keys.values()))
    raise ConfigError(
        f"the host key of {host} is not known",
        f"declare it as `host_key` (ssh-keyscan shows it; check it), or add it to {_KNOWN_HOSTS}",
    )


def _log_in(transport: paramiko.Transport, credentials: Credentials) -> None:
    login = credentials.login or ""
    key = _private_key(credentials)
    if key is not None:
        transport.auth_publickey(login, key)
    else:
        transport.auth_password(login, credentials.password or "")


def _private_key(credentials: Credentials) -> paramiko.PKey | None:
    """The key of a connection, under the names that Airflow's SSH connections have for it."""
    extra = credentials.extra
    passphrase = extra.get("private_key_passphrase")
    try:
        if "key_file" in extra:
            key = Path(extra["key_file"]).expanduser().read_text("utf-8")
        elif "private_key" in extra:
            key = extra["private_key"]
        else:
            return None
        for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
            with contextlib.suppress(paramiko.SSHException):
                return kind.from_private_key(io.StringIO(key), passphrase)
    except (OSError, ValueError, paramiko.SSHException):
        pass  # why would show parts of it
    raise ConfigError(
        f"the private key of the connection {credentials.connection!r} can't be read"
    ) from None


def _chunks(file: paramiko.SFTPFile) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk


def _state(attributes: paramiko.SFTPAttributes) -> str:
    return f"{attributes.st_size} {attributes.st_mtime}"


def _path(uri: str) -> str:
    """The path of an address; one that begins with ``~/`` is below the folder of the login."""
    path = unquoted(split_url(uri).path) or "/"
    return path.removeprefix("/~/") or "." if path.startswith("/~/") else path
