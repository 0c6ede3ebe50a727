"""Which documents a source has."""

from __future__ import annotations

from contextlib import closing

from newswire.config import Settings
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
from newswire.sources.notes import Notes
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
