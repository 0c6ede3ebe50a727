"""The stories that an older revision of models or watch-list made, the newest first.

The alias is asked, so what nobody may read (withdrawn, under an embargo, expired) is not found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from elasticsearch import Elasticsearch
from pydantic import JsonValue, ValidationError

from newswire.errors import ContractViolation
from newswire.search.client import ALIAS, WHOLE, found_of, unavailable_means_wait
from newswire.search.document import GENERATION_BITS, TieBreak
from newswire.search.stale import older
from newswire.stories.enriched import GENERATIONS
from newswire.stories.model import Story

_READ = [*Story.model_fields, *TieBreak.FIELDS]

Fate = Literal["renewed", "overtaken", "unchanged"]
"""``overtaken``: by a newer version, by a withdrawal, or with its month."""

Cursor = list[bool | float | int | str | None]


@dataclass(frozen=True)
class Found:
    """A document whose enrichment is stale."""

    index: str
    id: str
    version: int
    """The external version."""
    fields: dict[str, JsonValue]
    """What a story is made of, and :attr:`TieBreak.FIELDS`."""
    cursor: Cursor

    @property
    def story(self) -> Story:
        """The story, as its worker had it.

        Raises:
            ContractViolation: the document is none of today's.
        """
        try:
            return Story.model_validate(self.fields)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise ContractViolation(
                f"the document {self.id} of {self.index} is no story: {where}: {first['msg']}",
                "replay it from the archive: newswire replay",
            ) from error

    def became(self, version: int | None, generation: int) -> Fate:
        """What the document became that was to be renewed.

        Args:
            version: the external version that it has now; none: it is gone.
            generation: that of which it was to be, or a higher one.
        """
        if version is None or version >> GENERATION_BITS != self.version >> GENERATION_BITS:
            return "overtaken"
        low = version % 2**GENERATION_BITS
        if low >= GENERATIONS:
            return "overtaken"
        return "renewed" if low >= generation else "unchanged"


def newest(
    client: Elasticsearch, generation: int, size: int, after: Cursor | None = None
) -> list[Found]:
    """The stale stories whose versions are the newest.

    Args:
        client: of the cluster.
        generation: what is lower is stale.
        size: most stories.
        after: go on behind this one.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    with unavailable_means_wait():
        answer = client.search(
            index=ALIAS,
            query={"bool": {"filter": [older(generation)]}},
            size=size,
            sort=[{"version_created": "desc"}, {"id": "asc"}],
            search_after=after,
            version=True,
            source_includes=_READ,
            track_total_hits=False,
            **WHOLE,
        )
    return [
        Found(hit["_index"], hit["_id"], hit["_version"], hit["_source"], hit["sort"])
        for hit in answer["hits"]["hits"]
    ]


def versions(client: Elasticsearch, found: Sequence[Found]) -> list[tuple[int, TieBreak] | None]:
    """The external versions that the documents have now, refreshed or not; none: it is gone.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    if not found:
        return []
    with unavailable_means_wait():
        answer = client.mget(
            docs=[{"_index": one.index, "_id": one.id} for one in found],
            source_includes=TieBreak.FIELDS,
        )
    return [
        (one["_version"], TieBreak.model_validate(one["_source"])) if one else None
        for one in found_of(answer)
    ]


def refresh(client: Elasticsearch) -> None:
    """Let searches see what has been written.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    with unavailable_means_wait():
        client.indices.refresh(index=ALIAS, ignore_unavailable=True, allow_no_indices=True)
