"""Addresses of documents: their schemes, and what none of them may hold."""

from __future__ import annotations

from urllib.parse import SplitResult, quote, unquote, urlsplit

from newswire.errors import FetchError

WEB = frozenset(("http", "https"))
REMOTE = WEB | {"ftp", "ftps", "sftp", "s3", "imaps"}
MAILDIR = "maildir"


def scheme_of(uri: str) -> str:
    """The scheme in lower case; of a path, whatever stands before its first colon."""
    return uri.partition(":")[0].lower()


def is_url(uri: str) -> bool:
    """Whether a document is had by its address rather than from a file by its path."""
    return scheme_of(uri) in REMOTE or scheme_of(uri) == MAILDIR


def split_url(uri: str) -> SplitResult:
    """The parts of an address.

    Raises:
        FetchError: it is none, or holds credentials.
    """
    try:
        parts = urlsplit(uri)
        # Raises where it is none; the system would wrap it round.
        _ = parts.port
    except ValueError as error:
        raise FetchError(f"{uri[:200]} is no address: {error}") from error
    if parts.username is not None or parts.password is not None:
        raise FetchError(
            "an address must not hold credentials",
            "put them into an Airflow connection and name that as `connection`",
        )
    return parts


def quoted(path: str | bytes) -> str:
    """A path as it stands in an address."""
    return quote(path, safe="/~!$&'()*+,=@:")


def unquoted(path: str) -> str:
    """A path as it stood before it was put into an address."""
    return unquote(path, errors="surrogateescape")
