"""The balance of the ingest in Elasticsearch: its rows, and how many stories have which marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import BulkIndexError, bulk
from pydantic import BaseModel, ConfigDict

from newswire.errors import DependencyUnavailable
from newswire.search.client import WHOLE, unavailable_means_wait
from newswire.search.document import INDEX_PREFIX
from newswire.stories.model import Moment

INDEX = "newswire-balance"

_PAGE = 1000
"""Counts in one answer."""


class Row(BaseModel):
    """What was archived of a source on one day, in UTC, and what became of it."""

    model_config = ConfigDict(frozen=True)

    source: str
    day: date
    archived: int
    published: int
    duplicates: int
    held: int
    dead: int
    unaccounted: int
    quality: dict[str, int] = {}
    """By reason, how many of the stories have such a mark that are in the index now."""
    counted_at: Moment

    @property
    def document_id(self) -> str:
        """``_id``: counted again, a day's row replaces the one before."""
        return f"{self.source}/{self.day.isoformat()}"


def remedy(row: Row) -> str:
    """What is said of a row where something is unaccounted for, and what helps."""
    documents = "1 document" if row.unaccounted == 1 else f"{row.unaccounted:,} documents"
    return (
        f"{row.source}, {row.day}: {documents} archived of which nothing came, no story and no "
        "dead letter; if no run is at work on them, take them in again: "
        f"newswire replay --from raw/{row.source}/{row.day:%Y/%m/%d}/"
    )


def keep(client: Elasticsearch, rows: Sequence[Row]) -> None:
    """Write rows over those of the same source and day.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer, or does not take them.
    """
    actions = (
        {"_index": INDEX, "_id": row.document_id, "_source": row.model_dump(mode="json")}
        for row in rows
    )
    with unavailable_means_wait():
        if not client.indices.exists(index=INDEX):
            # 400: another one made it meanwhile.
            client.options(ignore_status=400).indices.create(index=INDEX)
        try:
            bulk(client, actions)
        except BulkIndexError as error:
            raise DependencyUnavailable(
                f"Elasticsearch did not take a row of {INDEX}: {str(error.errors[0])[:300]}",
                "apply the templates with `newswire init`",
            ) from error


def marks(
    client: Elasticsearch,
    source: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> dict[tuple[str, date], dict[str, int]]:
    """Count the stories by the reasons of their marks, by source and day of their archiving.

    Each story counts once, as its newest version is; those that nobody may read yet, or any more,
    count too, but what was withdrawn has no marks.

    Args:
        client: of the cluster.
        source: only this one.
        since: archived on this day, in UTC, or later.
        until: archived on this day, in UTC, or earlier.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    days = {name: f"{day.isoformat()}||/d" for name, day in (("gte", since), ("lte", until)) if day}
    wanted: list[dict[str, Any]] = [{"exists": {"field": "quality.reason"}}]
    wanted += [{"term": {"raw.source": source}}] if source else []
    wanted += [{"range": {"raw.archived_at": days}}] if days else []
    by: dict[str, Any] = {
        "size": _PAGE,
        "sources": [
            {"source": {"terms": {"field": "raw.source"}}},
            {
                "day": {
                    "date_histogram": {"field": "raw.archived_at", "calendar_interval": "1d"},
                }
            },
            {"reason": {"terms": {"field": "quality.reason"}}},
        ],
    }
    counts: dict[tuple[str, date], dict[str, int]] = {}
    while True:
        with unavailable_means_wait():
            answer = client.search(
                index=f"{INDEX_PREFIX}*",
                size=0,
                query={"bool": {"filter": wanted}},
                aggregations={"marks": {"composite": by}},
                **WHOLE,
            )
        found = answer.get("aggregations", {}).get("marks", {})
        for bucket in found.get("buckets", ()):
            key = bucket["key"]
            day = datetime.fromtimestamp(key["day"] / 1000, UTC).date()
            counts.setdefault((key["source"], day), {})[key["reason"]] = bucket["doc_count"]
        if "after_key" not in found:
            return counts
        by = by | {"after": found["after_key"]}
