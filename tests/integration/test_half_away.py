"""A month that is away is never taken for an empty one, on the real Elasticsearch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch

from newswire.config import Settings
from newswire.errors import DependencyUnavailable
from newswire.renewal import stale
from newswire.search import claims_index
from newswire.search.balance import marks
from newswire.search.claims_index import ClaimPairs
from newswire.search.document import INDEX_PREFIX, document
from newswire.search.quotes import Asked, said_by
from newswire.search.reader import Query, get, search
from newswire.search.renewable import newest
from newswire.search.writer import IndexWriter
from tests.factories import a_story, an_enriched_story

AWAY = [f"{prefix}2031.01" for prefix in (INDEX_PREFIX, claims_index.PREFIX)]


@pytest.fixture
def half(client: Elasticsearch) -> Iterator[Elasticsearch]:
    """One month that is there, and one whose shards no node may hold."""
    IndexWriter(client).write([document(an_enriched_story(a_story()))])
    client.indices.refresh(index=f"{INDEX_PREFIX}*")
    for name in AWAY:
        client.indices.create(
            index=name,
            settings={"index.routing.allocation.require._name": "nobody"},
            wait_for_active_shards=0,
        )
    yield client
    client.indices.delete(index=AWAY)


@pytest.mark.parametrize(
    "read",
    [
        lambda client, _: get(client, "a story that may be there"),
        lambda client, _: search(client, Query()),
        lambda client, _: said_by(client, Asked("Ada Quill")),
        lambda _, settings: stale(settings),
        lambda client, _: newest(client, 2, 10),
        lambda client, _: marks(client),
        lambda client, _: ClaimPairs(client).naming(["a story"]),
    ],
    ids=["show", "search", "quotes", "stale", "reenrich", "balance", "claims"],
)
def test_who_reads_waits_for_the_whole(
    half: Elasticsearch, stack: Settings, read: Callable[[Elasticsearch, Settings], object]
) -> None:
    with pytest.raises(DependencyUnavailable, match="Elasticsearch"):
        read(half, stack)
