"""Which documents a source has."""

from __future__ import annotations

from contextlib import closing

from pydantic import TypeAdapter, ValidationError

from newswire.config import Settings
from newswire.errors import ConfigError
from newswire.sources.addressing import scheme_of
from newswire.sources.fetched import Listed, Listing
from newswire.sources.kinds import (
    DirectorySource,
    DocumentSource,
    FeedSource,
    FtpSource,
    ImapSource,
    S3Source,
    SftpSource,
    SitemapSource,
    Source,
)
from newswire.sources.notes import Notes, NotesOfThisRun
from newswire.sources.window import Window


def documents_of(
    source: Source, settings: Settings, notes: Notes, window: Window | None = None
) -> Listing:
    """A source's documents, as they are now.

    Args:
        source: the source.
        settings: the limits.
        notes: where what a server asks of us is kept.
        window: of when they are, where the source has a past; ``None``: of all times.

    Raises:
        FetchError: the source itself can't be read.
        NotYet: its server wants to be left alone.
    """
    window = window or Window()
    if isinstance(source, DirectorySource):
        from newswire.sources.files import list_settled

        return Listing(list_settled(source.path, source.pattern, source.settle))
    if isinstance(source, FeedSource):
        return Listing([Listed(source.url)])
    if isinstance(source, DocumentSource):
        return Listing([Listed(source.uri)])
    if isinstance(source, SitemapSource):
        return _sitemap(source, settings, notes, window)
    if isinstance(source, S3Source):
        return _s3(source, settings, window)
    if isinstance(source, FtpSource):
        return _ftp(source, settings)
    if isinstance(source, SftpSource):
        return _sftp(source, settings)
    if isinstance(source, ImapSource):
        return _imap(source, settings, window)
    from newswire.sources.maildir import list_maildir

    return list_maildir(source, window)


def documents_at(
    uri: str, settings: Settings, *, internal: bool, connection: str | None = None
) -> list[str]:
    """The documents that an address given by hand stands for: itself, or all in a folder (an
    ``s3``, ``ftp``, ``ftps`` or ``sftp`` address that ends in a slash) or mailbox.

    Raises:
        FetchError: a folder can't be read.
        ConfigError: it is no such address.
    """
    kind = {"s3": "s3", "ftp": "ftp", "ftps": "ftp", "sftp": "sftp"}.get(scheme_of(uri))
    if kind is not None and not uri.endswith("/"):
        return [uri]
    if scheme_of(uri) == "imaps" and "/;UID=" not in uri.upper():
        kind = "imap"
    if kind is None:
        return [uri]
    about = {"kind": kind, "url": uri, "internal": internal, "connection": connection}
    try:
        source: Source = TypeAdapter[Source](Source).validate_python(about | {"limit": 100_000})
    except ValidationError as error:
        said = "; ".join(
            f"{item['loc'][-1]}: {item['msg']}" for item in error.errors(include_input=False)
        )
        raise ConfigError(f"the address can't be listed: {said}") from None
    return [one.uri for one in documents_of(source, settings, NotesOfThisRun()).documents]


def _sitemap(source: SitemapSource, settings: Settings, notes: Notes, window: Window) -> Listing:
    from newswire.sources.sitemap import list_sitemap
    from newswire.sources.web import Web

    web = Web(settings, internal=source.internal, access=source.access, notes=notes)
    return list_sitemap(source, web, settings.fetch_max_bytes, window)


def _s3(source: S3Source, settings: Settings, window: Window) -> Listing:
    from newswire.sources.s3 import S3Session, list_s3

    with closing(S3Session(settings, internal=source.internal, access=source.access)) as session:
        return list_s3(source, session, window)


def _ftp(source: FtpSource, settings: Settings) -> Listing:
    from newswire.sources.ftp import FtpSession, list_ftp

    session = FtpSession(source.url, settings, internal=source.internal, access=source.access)
    with closing(session):
        return list_ftp(source, session)


def _sftp(source: SftpSource, settings: Settings) -> Listing:
    from newswire.sources.sftp import SftpSession, list_sftp

    session = SftpSession(source.url, settings, internal=source.internal, access=source.access)
    with closing(session):
        return list_sftp(source, session)


def _imap(source: ImapSource, settings: Settings, window: Window) -> Listing:
    from newswire.sources.imap import ImapSession, list_imap

    session = ImapSession(source.url, settings, internal=source.internal, access=source.access)
    with closing(session):
        return list_imap(source, session, window)
