"""How many stories an older revision of models or watch-list made: by source, month and revision.

The alias is asked, so what nobody may read (withdrawn, under an embargo, expired) doesn't count.
Counts are aggregations: no document is read for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from elasticsearch import Elasticsearch
from pydantic import BaseModel, ConfigDict

from newswire.enrichment.revision import Revision
from newswire.search.client import ALIAS, WHOLE, unavailable_means_wait
from newswire.stories.enriched import Provenance

_PAGE = 1000
"""Counts in one answer."""


class Month(BaseModel):
    """The stories of one source that were first created in one month, in UTC."""

    model_config = ConfigDict(frozen=True)

    source: str
    month: date
    """Its first day."""
    stale: int
    """Made by an older revision."""
    stories: int
    """In all."""


class MadeBy(BaseModel):
    """What made stale enrichments: a model, or a watch-list."""

    model_config = ConfigDict(frozen=True)

    task: str
    """That of a model, or ``watch-list``."""
    name: str
    revision: str
    """sha256 of the weights, or of the file."""
    generation: int
    stories: int


class Staleness(BaseModel):
    """What there is to renew."""

    model_config = ConfigDict(frozen=True)

    generation: int
    """Of the models and the watch-list that are there; what is lower is stale."""
    stale: int
    stories: int
    unlike: int
    """Of this generation, and of another watch-list: its revision was not raised."""
    months: tuple[Month, ...]
    made_by: tuple[MadeBy, ...]


def count(client: Elasticsearch, now: Revision) -> Staleness:
    """Count what is stale, by source and month, and by what made it.

    Args:
        client: of the cluster.
        now: what is there; what is of a lower generation is stale.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    months: dict[tuple[str, date], list[int]] = {}
    for bucket in _buckets(
        client,
        [{"exists": {"field": "provenance.generation"}}],
        {
            "source": {"terms": {"field": "raw.source"}},
            "month": {
                "date_histogram": {"field": "first_created", "calendar_interval": "1M"},
            },
            "generation": {"terms": {"field": "provenance.generation"}},
        },
    ):
        key = bucket["key"]
        month = datetime.fromtimestamp(key["month"] / 1000, UTC).date()
        counts = months.setdefault((key["source"], month), [0, 0])
        counts[0] += bucket["doc_count"] if key["generation"] < now.generation else 0
        counts[1] += bucket["doc_count"]
    rows = tuple(
        Month(source=source, month=month, stale=stale, stories=stories)
        for (source, month), (stale, stories) in sorted(months.items())
    )
    return Staleness(
        generation=now.generation,
        stale=sum(row.stale for row in rows),
        stories=sum(row.stories for row in rows),
        unlike=_unlike(client, now),
        months=rows,
        made_by=(*_models(client, now), *_watchlists(client, now)),
    )


def how_many(client: Elasticsearch, generation: int) -> int:
    """Stale stories: those of a lower generation.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    return _count(client, older(generation))


def older(generation: int) -> dict[str, Any]:
    """The query for what is of a lower generation."""
    return {"range": {"provenance.generation": {"lt": generation}}}


def _models(client: Elasticsearch, now: Revision) -> Iterator[MadeBy]:
    sources = {
        "generation": {"terms": {"field": "provenance.generation"}},
        "revision": {"terms": {"field": "provenance.models.revision"}},
    }
    for bucket in _buckets(client, [older(now.generation)], sources, shown=True):
        made = _provenance(bucket)
        for model in made.models:
            if model.revision == bucket["key"]["revision"]:
                yield MadeBy(
                    task=model.task,
                    name=model.name,
                    revision=model.revision,
                    generation=made.generation,
                    stories=bucket["doc_count"],
                )


def _watchlists(client: Elasticsearch, now: Revision) -> Iterator[MadeBy]:
    sources = {
        "generation": {"terms": {"field": "provenance.generation"}},
        "watchlist": {"terms": {"field": "provenance.watchlist"}},
    }
    for bucket in _buckets(client, [older(now.generation)], sources, shown=True):
        made = _provenance(bucket)
        yield MadeBy(
            task="watch-list",
            name=f"revision {made.revision_of_watchlist}",
            revision=made.watchlist,
            generation=made.generation,
            stories=bucket["doc_count"],
        )


def _unlike(client: Elasticsearch, now: Revision) -> int:
    return _count(
        client,
        {
            "bool": {
                "filter": [{"term": {"provenance.generation": now.generation}}],
                "must_not": [{"term": {"provenance.watchlist": now.watchlist}}],
            }
        },
    )


def _count(client: Elasticsearch, query: dict[str, Any]) -> int:
    with unavailable_means_wait():
        # Not client.count: of an index that is half away that counts the half that is there.
        answer = client.search(
            index=ALIAS,
            size=0,
            query=query,
            track_total_hits=True,
            **WHOLE,
        )
    return int(answer["hits"]["total"]["value"])


def _provenance(bucket: dict[str, Any]) -> Provenance:
    (hit,) = bucket["shown"]["hits"]["hits"]
    return Provenance.model_validate(hit["_source"]["provenance"])


def _buckets(
    client: Elasticsearch,
    wanted: Sequence[dict[str, Any]],
    sources: dict[str, Any],
    *,
    shown: bool = False,
) -> Iterator[dict[str, Any]]:
    """Every bucket of a composite aggregation; ``shown``: with one document's provenance."""
    by: dict[str, Any] = {
        "size": _PAGE,
        "sources": [{name: source} for name, source in sources.items()],
    }
    one = {"shown": {"top_hits": {"size": 1, "_source": ["provenance"]}}} if shown else {}
    while True:
        with unavailable_means_wait():
            answer = client.search(
                index=ALIAS,
                size=0,
                query={"bool": {"filter": [*wanted]}},
                aggregations={"by": {"composite": by, "aggregations": one}},
                **WHOLE,
            )
        found = answer.get("aggregations", {}).get("by", {})
        yield from found.get("buckets", ())
        if "after_key" not in found:
            return
        by = by | {"after": found["after_key"]}
