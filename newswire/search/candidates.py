"""Documents as far as their links go, and the searches for those that may be like one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from newswire.stories.links import (
    COPY_DAYS,
    SAME_EVENT,
    THREAD_DAYS,
    Links,
    Order,
    Telling,
    headline_words,
)
from newswire.stories.model import PubStatus
from newswire.stories.shingles import Signature, bands

MOST_COPIES = 50
"""Stories of like copy that a story is compared with: the earliest, for to one of them it links."""
MOST_TELLINGS = 30
"""Stories of like meaning that it is compared with: the nearest."""
_LOOKED_AT = 2 * MOST_TELLINGS
"""Of the graph of vectors, for that many."""

_FIELDS = [
    "id", "lineage", "pub_status", "first_created", "headline", "signature", "duplicate_of",
    "thread_id",
]  # fmt: skip
WITH_VECTORS = {"includes": [*_FIELDS, "embedding"], "exclude_vectors": False}
_EARLIEST_FIRST = [
    {"first_created": "asc"},
    {"lineage": {"order": "asc", "missing": "_last"}},
    {"id": "asc"},
]
"""As :class:`newswire.stories.links.Order`."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Place = tuple[str, str]
"""Index and ``_id``."""


@dataclass(frozen=True)
class Seen:
    """A document as far as its links go."""

    place: Place
    usable: bool
    telling: Telling
    has: Links


def seen(hit: Mapping[str, Any]) -> Seen:
    """A hit of Elasticsearch that has the fields."""
    fields = hit["_source"]
    lineage, name = fields.get("lineage"), fields["id"]
    key = lineage or name
    created = datetime.fromisoformat(fields["first_created"]) - _EPOCH
    packed, vector = fields.get("signature"), fields.get("embedding")
    return Seen(
        place=(hit["_index"], hit["_id"]),
        usable=fields["pub_status"] == PubStatus.USABLE,
        telling=Telling(
            key=key,
            order=Order(created // timedelta(milliseconds=1), lineage is None, key),
            copy=Signature.unpack(packed) if packed else None,
            headline=headline_words(fields.get("headline") or ""),
            embedding=np.array(vector, np.float32) if vector else None,
        ),
        has=Links(fields.get("duplicate_of"), fields.get("thread_id", key)),
    )


def searches(story: Seen) -> Iterator[dict[str, Any]]:
    """The bodies of searches for what may have the story's copy, and for what may mean the same."""
    itself = {"ids": {"values": [story.place[1]]}}
    if story.telling.copy is not None:
        like = {"terms": {"bands": bands(story.telling.copy)}}
        yield {
            "query": {
                "bool": {
                    "filter": [like, _within(story, COPY_DAYS)],
                    "must_not": itself,
                }
            },
            "sort": _EARLIEST_FIRST,
            "size": MOST_COPIES,
            "_source": {"includes": _FIELDS},
        }
    if story.telling.embedding is not None:
        yield {
            "query": {
                "knn": {
                    "field": "embedding",
                    "query_vector": story.telling.embedding.tolist(),
                    "k": MOST_TELLINGS,
                    "num_candidates": _LOOKED_AT,
                    "similarity": SAME_EVENT,
                    "filter": {"bool": {"filter": _within(story, THREAD_DAYS), "must_not": itself}},
                }
            },
            "size": MOST_TELLINGS,
            "_source": WITH_VECTORS,
        }


def of_keys(keys: Iterable[str]) -> dict[str, Any]:
    """The query for the stories of some keys."""
    names = list(keys)
    has_lineage = {"exists": {"field": "lineage"}}
    return {
        "bool": {
            "should": [
                {"terms": {"lineage": names}},
                {"bool": {"filter": {"terms": {"id": names}}, "must_not": has_lineage}},
            ]
        }
    }


def _within(story: Seen, days: timedelta) -> dict[str, Any]:
    created = (_EPOCH + timedelta(milliseconds=story.telling.order.first_created)).isoformat()
    reach = f"{days.days}d"
    return {
        "range": {"first_created": {"gte": f"{created}||-{reach}", "lte": f"{created}||+{reach}"}}
    }
