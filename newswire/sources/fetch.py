"""The bytes of one document: the seam between the kinds of sources and the ingest."""

from __future__ import annotations

from newswire.config import Settings
from newswire.sources.declared import DirectorySource, FeedSource, Source, is_url
from newswire.sources.fetched import Fetched, NotModified, Validators


def documents_of(source: Source) -> list[str]:
    """The URIs of a source's documents, as they are now.

    Raises:
        FetchError: the source itself can't be read.
    """
    if isinstance(source, DirectorySource):
        from newswire.sources.files import list_directory

        return list_directory(source.path, source.pattern)
    return [source.url if isinstance(source, FeedSource) else source.uri]


def fetch(
    uri: str, settings: Settings, *, internal: bool, known: Validators | None = None
) -> Fetched | NotModified:
    """Get a document.

    Args:
        uri: an HTTP(S) address or a path.
        settings: the limits.
        internal: whether it may lie on a private or loopback address.
        known: of the copy that we have.

    Raises:
        FetchError: no bytes; the one line that says why.
    """
    if is_url(uri):
        from newswire.sources.http import get

        return get(uri, settings, internal=internal, known=known or Validators())
    from newswire.sources.files import read_file

    return Fetched(read_file(uri, settings.fetch_max_bytes))
