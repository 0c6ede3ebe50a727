"""Sessions with servers that are logged in to once for many documents."""

from __future__ import annotations

from typing import Protocol

from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.access import Access
from newswire.sources.addressing import scheme_of
from newswire.sources.fetched import Fetched, NotModified, Validators


class Session(Protocol):
    """A server that lets us in."""

    def read(self, uri: str, known: Validators) -> Fetched | NotModified:
        """The bytes of a document.

        Raises:
            Dropped: the server has ended the session; a new one may do.
            NoAnswer: it is silent.
            FetchError: there is no such document, it can't be had, or it is too large.
        """

    def close(self) -> None:
        """End it, whatever state it is in."""


def open_session(uri: str, settings: Settings, *, internal: bool, access: Access) -> Session:
    """Log in to the server of a document.

    Raises:
        NoAnswer: it is silent.
        FetchError: it doesn't let us in.
        ConfigError: there is no such connection.
    """
    scheme = scheme_of(uri)
    if scheme == "s3":
        from newswire.sources.s3 import S3Session

        return S3Session(settings, internal=internal, access=access)
    if scheme in {"ftp", "ftps"}:
        from newswire.sources.ftp import FtpSession

        return FtpSession(uri, settings, internal=internal, access=access)
    if scheme == "sftp":
        from newswire.sources.sftp import SftpSession

        return SftpSession(uri, settings, internal=internal, access=access)
    if scheme == "imaps":
        from newswire.sources.imap import ImapSession

        return ImapSession(uri, settings, internal=internal, access=access)
    raise FetchError(f"{scheme}: is no kind of address that is fetched")
