"""Which documents a source has."""

from __future__ import annotations

from newswire.sources.declared import DirectorySource, FeedSource, Source
from newswire.sources.fetched import Listed


def documents_of(source: Source) -> list[Listed]:
    """A source's documents, as they are now.

    Raises:
        FetchError: the source itself can't be read.
    """
    if isinstance(source, DirectorySource):
        from newswire.sources.files import list_settled

        return list_settled(source.path, source.pattern, source.settle)
    return [Listed(source.url if isinstance(source, FeedSource) else source.uri)]
