"""The stories that may speak of a claim, and who prints the same copy.

    vector of the claim -> kNN ----+
                                   +-> reciprocal ranks -> one for each copy -> its other printings
    words of the claim  -> BM25 ---+

Everything is read through the alias: what is withdrawn, under an embargo or expired is not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch

from newswire.errors import DependencyUnavailable
from newswire.search.client import ALIAS, WHOLE, unavailable_means_wait
from newswire.search.document import IndexedStory, document_id
from newswire.search.reader import NOT_READ, read_story

_WORDS_IN = ["headline^2", "text"]
_SHARED_WORDS = "3<40%"
"""Of a claim's words that a story has: of long claims two in five, since outlets word it anew."""
_RANK = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): 1 / (60 + rank), added up."""
_LOOKED_AT = 3
"""Of the graph of vectors, so many times what is wanted."""
_MOST_COPIES = 500
_PAGE = 500
"""Outlines of one answer."""

_ENGLISH = {
    "bool": {
        "should": [
            {"bool": {"must_not": {"exists": {"field": "language"}}}},
            {"term": {"language": {"value": "en", "case_insensitive": True}}},
            {"prefix": {"language": {"value": "en-", "case_insensitive": True}}},
            # By ISO 639-2; and what is declared as no language is looked at.
            {"terms": {"language": ["eng", "und", "mul"]}},
        ]
    }
}


@dataclass(frozen=True)
class Claim:
    """What is looked for: a text that was handed in, or a story's headline."""

    text: str
    vector: Sequence[float]
    """What it means, unit length."""
    key: str | None = None
    """Of the story whose headline it is."""
    origin: str | None = None
    """Key of the earliest story of that copy."""
    since: datetime | None = None
    until: datetime | None = None
    """First created from then to then; none: whenever."""


@dataclass(frozen=True)
class Outline:
    """What of a story tells whether it is as it was judged."""

    index: str
    id: str
    """``_id``."""
    fingerprint: str
    """Of its content."""
    first_created: datetime
    duplicate_of: str | None


@dataclass(frozen=True)
class Indexed(Outline):
    """A story as the index has it."""

    story: IndexedStory

    @property
    def origin(self) -> str:
        """Key of the earliest story of the same copy: its own, where it is the first."""
        return self.duplicate_of or self.story.key


@dataclass(frozen=True)
class Witness:
    """A copy that may speak of a claim."""

    first: Indexed
    """The printing that is judged: the earliest, where it may be read."""
    copies: tuple[Indexed, ...] = ()
    """The others, the earliest first."""


def witnesses(client: Elasticsearch, claim: Claim, size: int) -> list[Witness]:
    """The copies that most likely speak of a claim, the likeliest first.

    Neither the claim's own story nor another printing of it is among them.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    own = [] if claim.origin is None else [claim.origin]
    filters: list[dict[str, Any]] = [_ENGLISH]
    days = {
        name: day.isoformat()
        for name, day in (("gte", claim.since), ("lte", claim.until))
        if day is not None
    }
    if days:
        filters.append({"range": {"first_created": days}})
    wanted = {
        "bool": {
            "filter": filters,
            "must_not": [
                {"ids": {"values": [document_id(key) for key in {*own, claim.key} if key]}},
                {"terms": {"duplicate_of": own}},
            ],
        }
    }
    near = {
        "knn": {
            "field": "embedding",
            "query_vector": list(claim.vector),
            "k": size,
            "num_candidates": _LOOKED_AT * size,
            "filter": wanted,
        }
    }
    words = {
        "multi_match": {
            "query": claim.text,
            "fields": _WORDS_IN,
            "type": "cross_fields",
            "analyzer": "english",
            "minimum_should_match": _SHARED_WORDS,
        }
    }
    bodies = [
        {"query": near, "size": size, "_source": {"excludes": NOT_READ}},
        {
            "query": {"bool": {"must": words, "filter": wanted}},
            "size": size,
            "_source": {"excludes": NOT_READ},
        },
    ]
    found: dict[str, Indexed] = {}
    scores: dict[str, float] = {}
    for hits in _searches(client, bodies):
        for rank, hit in enumerate(hits, 1):
            one = _indexed(hit)
            found[one.id] = one
            scores[one.id] = scores.get(one.id, 0.0) + 1 / (_RANK + rank)
    ranked = sorted(found.values(), key=lambda one: (-scores[one.id], one.id))
    return together(client, ranked)


def together(client: Elasticsearch, stories: Iterable[Indexed]) -> list[Witness]:
    """Stories by copy, in the order in which a copy comes first, with all of its printings.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    groups: dict[str, dict[str, Indexed]] = {}
    for one in stories:
        groups.setdefault(one.origin, {})[one.id] = one
    for one in printings(client, list(groups)):
        groups[one.origin].setdefault(one.id, one)
    out = []
    for group in groups.values():
        first, *copies = sorted(group.values(), key=_earliest)
        out.append(Witness(first, tuple(copies)))
    return out


def printings(client: Elasticsearch, origins: Sequence[str]) -> list[Indexed]:
    """Every story of some copies, the first ones among them.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    if not origins:
        return []
    body = {
        "query": {
            "bool": {
                "should": [
                    {"ids": {"values": [document_id(key) for key in origins]}},
                    {"terms": {"duplicate_of": list(origins)}},
                ]
            }
        },
        "size": _MOST_COPIES,
        "sort": [{"first_created": "asc"}, {"id": "asc"}],
        "_source": {"excludes": NOT_READ},
    }
    (hits,) = _searches(client, [body])
    wanted = set(origins)
    return [one for one in map(_indexed, hits) if one.origin in wanted]


def embedding_of(client: Elasticsearch, one: Indexed) -> list[float] | None:
    """What a story means, unit length; ``None`` where it has no text.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    body = {
        "query": {"ids": {"values": [one.id]}},
        "size": 1,
        "_source": {"includes": ["embedding"], "exclude_vectors": False},
    }
    (hits,) = _searches(client, [body])
    return hits[0]["_source"].get("embedding") if hits else None


def find(client: Elasticsearch, key: str) -> Indexed | None:
    """A story that may be read, by its key.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    return next(iter(read(client, [document_id(key)])), None)


def read(client: Elasticsearch, documents: Sequence[str]) -> list[Indexed]:
    """The stories of some documents, in their order; without those that may not be read.

    Args:
        client: of the cluster.
        documents: ``_id`` of each.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    body = {
        "query": {"ids": {"values": list(documents)}},
        "size": len(documents),
        "_source": {"excludes": NOT_READ},
    }
    (hits,) = _searches(client, [body])
    return sorted(map(_indexed, hits), key=lambda one: documents.index(one.id))


def newest(client: Elasticsearch, since: datetime) -> Iterator[list[Outline]]:
    """The stories that came into the index since then, in pages, the latest first.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    body: dict[str, Any] = {
        "query": {"range": {"indexed_at": {"gte": since.isoformat()}}},
        "size": _PAGE,
        "sort": [{"indexed_at": "desc"}, {"id": "asc"}],
        "_source": ["fingerprint", "first_created", "duplicate_of"],
    }
    while True:
        (hits,) = _searches(client, [body])
        if not hits:
            return
        yield [
            Outline(
                index=hit["_index"],
                id=hit["_id"],
                fingerprint=hit["_source"].get("fingerprint", ""),
                first_created=datetime.fromisoformat(hit["_source"]["first_created"]),
                duplicate_of=hit["_source"].get("duplicate_of"),
            )
            for hit in hits
        ]
        body = body | {"search_after": hits[-1]["sort"]}


def _indexed(hit: Mapping[str, Any]) -> Indexed:
    fields = hit["_source"]
    story = read_story(hit["_id"], fields)
    return Indexed(
        index=hit["_index"],
        id=hit["_id"],
        fingerprint=fields.get("fingerprint", ""),
        first_created=story.first_created,
        duplicate_of=story.duplicate_of,
        story=story,
    )


def _earliest(one: Indexed) -> tuple[datetime, bool, str]:
    """As :class:`newswire.stories.links.Order`."""
    return one.first_created, one.story.lineage is None, one.story.key


def _searches(
    client: Elasticsearch, bodies: Sequence[Mapping[str, Any]]
) -> list[list[dict[str, Any]]]:
    """Search the alias, several times at once. No alias yet: nothing is found."""
    header = {"index": ALIAS, **WHOLE}
    with unavailable_means_wait():
        answer = client.msearch(searches=[part for body in bodies for part in (header, body)])
    out = []
    for response in answer["responses"]:
        if "error" in response:
            raise DependencyUnavailable(
                f"Elasticsearch does not find who speaks of a claim: {response['error']}"[:500]
            )
        out.append(list(response["hits"]["hits"]))
    return out
