"""The bytes of one document: the seam between the kinds of sources and the ingest."""

from __future__ import annotations

from dataclasses import dataclass

from newswire.config import Settings
from newswire.sources.declared import DirectorySource, FeedSource, Source, is_url


@dataclass(frozen=True)
class Validators:
    """What a server said of the copy that we have, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """The bytes of a document."""

    data: bytes
    declared_type: str | None = None
    """``Content-Type`` as the server sent it: a claim, not a fact."""
    url: str | None = None
    """Where it was in the end, after redirects; ``None`` for a file."""
    validators: Validators = Validators()


@dataclass(frozen=True)
class NotModified:
    """The server says that the copy we have is still the newest."""


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
