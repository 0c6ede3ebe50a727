"""A real SFTP server in a thread, with a folder as its drop."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import paramiko

LOGIN, PASSWORD = "ada", "hush/42"


@dataclass
class SftpServer:
    """Where it is, what key it shows, and who logged in how."""

    url: str
    key: paramiko.PKey
    logins: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    @property
    def host_key(self) -> str:
        """Its public key, as in known_hosts."""
        return f"{self.key.get_name()} {self.key.get_base64()}"


@contextlib.contextmanager
def sftp_server(folder: Path, *, user_key: paramiko.PKey | None = None) -> Iterator[SftpServer]:
    """A server on a free loopback port that takes the password, and the key where there is one."""

    class Doorman(paramiko.ServerInterface):
        def get_allowed_auths(self, username: str) -> str:
            return "password,publickey"

        def check_auth_password(self, username: str, password: str) -> int:
            right = (username, password) == (LOGIN, PASSWORD)
            return self._said("password", right)

        def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
            return self._said("key", username == LOGIN and key == user_key)

        def check_channel_request(self, kind: str, number: int) -> int:
            return paramiko.OPEN_SUCCEEDED

        def _said(self, how: str, right: bool) -> int:
            server.logins.append(how if right else f"wrong {how}")
            return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    class Drop(paramiko.SFTPServerInterface):
        def _real(self, path: str) -> Path:
            return folder / self.canonicalize(path).lstrip("/")

        def list_folder(self, path: str) -> list[paramiko.SFTPAttributes] | int:
            try:
                return [
                    paramiko.SFTPAttributes.from_stat(entry.stat(), entry.name)
                    for entry in self._real(path).iterdir()
                ]
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        def stat(self, path: str) -> paramiko.SFTPAttributes | int:
            try:
                return paramiko.SFTPAttributes.from_stat(self._real(path).stat())
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)

        lstat = stat

        def open(
            self, path: str, flags: int, attr: paramiko.SFTPAttributes
        ) -> paramiko.SFTPHandle | int:
            assert not flags & (os.O_WRONLY | os.O_RDWR)
            server.opened.append(path)
            try:
                file = self._real(path).open("rb")
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno or 0)
            handle = paramiko.SFTPHandle(flags)
            handle.readfile = file  # type: ignore[attr-defined]
            return handle

    transports: list[paramiko.Transport] = []

    def accept() -> None:
        with contextlib.suppress(OSError, EOFError, paramiko.SSHException):
            while True:
                connection, _ = listening.accept()
                transport = paramiko.Transport(connection)
                transports.append(transport)
                transport.add_server_key(server.key)
                transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Drop)
                transport.start_server(event=threading.Event(), server=Doorman())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = SftpServer(f"sftp://127.0.0.1:{port}", paramiko.ECDSAKey.generate())
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for transport in transports:
                transport.close()
                transport.join(10)
