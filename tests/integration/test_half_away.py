"""A month that is away is never taken for an empty one, on the real Elasticsearch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch

from newswire.config import Settings
from newswire.errors import DependencyUnavailable
from newswire.renewal import stale
from newswire.search import claims_index
from newswire.search.balance import marks
from newswire.search.claims import Outline
from newswire.search.claims_index import ClaimPairs
from newswire.search.document import INDEX_PREFIX, document
from newswire.search.quotes import Asked, said_by
from newswire.search.reader import Query, get, search
from newswire.search.renewable import Found, newest, versions
from newswire.search.writer import IndexWriter
from tests.factories import NOON, a_story, an_enriched_story

AWAY = [f"{prefix}2031.01" for prefix in (INDEX_PREFIX, claims_index.PREFIX)]
MONTH = datetime(2031, 1, 9, tzinfo=UTC)
OUTLINE = Outline(AWAY[0], "a story", "", MONTH, None)
FOUND = Found(AWAY[0], "a story", 1, {}, [])


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
        lambda client, _: ClaimPairs(client).marks([OUTLINE]),
        lambda client, _: versions(client, [FOUND]),
    ],
    ids=["show", "search", "quotes", "stale", "reenrich", "balance", "claims", "marks", "versions"],
)
def test_who_reads_waits_for_the_whole(
    half: Elasticsearch, stack: Settings, read: Callable[[Elasticsearch, Settings], object]
) -> None:
    with pytest.raises(DependencyUnavailable, match="Elasticsearch"):
        read(half, stack)


def test_what_is_gone_is_gone(client: Elasticsearch) -> None:
    assert versions(client, [replace(FOUND, index=f"{INDEX_PREFIX}2030.01")]) == [None]
    assert ClaimPairs(client).marks([replace(OUTLINE, first_created=NOON)]) == [None]
