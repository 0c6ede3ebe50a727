"""The pairs of claim and story in Elasticsearch, behind the alias ``claims``.

    judged pairs -> written, not shown -> are their stories what they were? -> shown
                                                       |
                                                       +-> no: removed

A pair names the documents that it was made of, with the fingerprints of their contents. Who writes
a story looks afterwards for pairs that name it (:meth:`ClaimPairs.check`); who writes a pair looks
afterwards at the stories that it names. One of the two comes later, and sees the other: no pair of
a withdrawn or corrected story is ever left, whoever is killed when.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from pydantic import BaseModel, ConfigDict, JsonValue

from newswire.enrichment.claims_said import ClaimLabel, ClaimProbabilities
from newswire.errors import DependencyUnavailable
from newswire.search.claims import Indexed, Outline
from newswire.search.client import WHOLE, found_of, unavailable_means_wait
from newswire.stories.enriched import ModelRevision, ScoredSpan
from newswire.stories.model import Moment

ALIAS = "claims"
"""What every reader reads: the pairs that hold."""
PREFIX = "newswire-claims-"
ALL = f"{PREFIX}*"
_AT_ONCE = 500
"""Documents of one request."""


class Party(BaseModel):
    """A document of which a pair was made."""

    model_config = ConfigDict(frozen=True)

    index: str
    id: str
    fingerprint: str

    @classmethod
    def of(cls, one: Outline) -> Party:
        """That of a story."""
        return cls(index=one.index, id=one.id, fingerprint=one.fingerprint)


class PairedStory(BaseModel):
    """One of the two stories of a pair, as dashboards see it: fields of the alias."""

    model_config = ConfigDict(frozen=True)

    key: str
    id: str
    headline: str | None = None
    outlet: str
    first_created: Moment
    url: str | None = None

    @classmethod
    def of(cls, one: Indexed) -> PairedStory:
        """That of a story."""
        story = one.story
        return cls(
            key=story.key,
            id=story.id,
            headline=story.headline,
            outlet=outlet(one),
            first_created=story.first_created,
            url=story.url,
        )


class Judged(BaseModel):
    """What all documents of these indices have: what they were made of, by what and when."""

    model_config = ConfigDict(frozen=True)

    parties: tuple[Party, ...]
    models: tuple[ModelRevision, ...]
    code: str
    """Newswire's version."""
    judged_at: Moment


class Pair(Judged):
    """What one story says of the claim that another one's headline makes."""

    claim: PairedStory
    story: PairedStory
    label: ClaimLabel | None = None
    """None: it prints the copy whose headline the claim is."""
    probabilities: ClaimProbabilities | None = None
    evidence: tuple[ScoredSpan, ...] = ()
    copy_of: str | None = None
    """Key of the story whose copy it prints and whose label it has: who counts voices leaves those
    out that have one."""
    expires: Moment | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Index and ``_id``: judged anew, a pair replaces the one before."""
        both = f"{self.claim.key}\n{self.story.key}"
        return _month(self.claim.first_created), hashlib.sha256(both.encode("utf-8")).hexdigest()


class Mark(Judged):
    """That a story was judged, as it is and as it is linked; never shown."""

    first_created: Moment
    duplicate_of: str | None = None
    judged: bool = True

    @property
    def place(self) -> tuple[str, str]:
        """Index and ``_id``."""
        return mark_place(self.parties[0].id, self.first_created)


def mark_place(document: str, first_created: datetime) -> tuple[str, str]:
    """Where the mark of a story's document is: index and ``_id``."""
    return _month(first_created), f"judged-{document}"


def outlet(one: Indexed) -> str:
    """Who published it: the outlet in whose page an agency's story stood, else its provider."""
    printed = one.story.extra.get("outlet")
    return str(printed) if printed else one.story.provider or one.story.raw.source


class ClaimPairs:
    """Keeps the pairs true to the stories."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._known: set[str] = set()

    def keep(self, judged: Sequence[Pair | Mark], instead_of: Iterable[Pair] = ()) -> int:
        """Write pairs and marks; those of stories that have changed meanwhile are left out.

        Args:
            judged: what is written.
            instead_of: pairs that are removed where they aren't among those.

        Returns:
            How many pairs are shown now.

        Raises:
            DependencyUnavailable: Elasticsearch did not do all of it; keep the same again.
        """
        places = {one.place for one in judged}
        with unavailable_means_wait():
            self._remove([one.place for one in instead_of if one.place not in places])
            pending = self._write([(one, False, None) for one in judged])
            good = self._unchanged([one.parties for one in judged])
            self._remove([one.place for one, ok in zip(judged, good, strict=True) if not ok])
            shown = [
                (one, True, at)
                for one, ok, at in zip(judged, good, pending, strict=True)
                if ok and at is not None and isinstance(one, Pair)
            ]
            # Only what is still there as it was written: else a kill came, and removed it.
            self._write(shown)
        return len(shown)

    def check(self, documents: Collection[str]) -> int:
        """Remove what was made of these documents as they are no more. Returns how many.

        Args:
            documents: ``_id`` of the stories that were just written.

        Raises:
            DependencyUnavailable: Elasticsearch did not do all of it; check the same again.
        """
        removed = 0
        with unavailable_means_wait():
            while True:
                self._refresh()
                hits = list(self._naming(documents))
                parties = [
                    tuple(map(Party.model_validate, hit["_source"]["parties"])) for hit in hits
                ]
                wrong = [
                    hit for hit, ok in zip(hits, self._unchanged(parties), strict=True) if not ok
                ]
                gone = self._remove_as_seen(wrong)
                removed += gone
                if gone == len(wrong):
                    return removed

    def naming(self, documents: Collection[str]) -> list[Pair]:
        """The pairs that were made of these documents, shown or not.

        Raises:
            DependencyUnavailable: Elasticsearch does not answer.
        """
        with unavailable_means_wait():
            self._refresh()
            return [
                Pair.model_validate(hit["_source"])
                for hit in self._naming(documents)
                if "judged" not in hit["_source"]
            ]

    def marks(self, stories: Sequence[Outline]) -> list[Mark | None]:
        """The mark of each story; None: it was never judged.

        Raises:
            DependencyUnavailable: Elasticsearch does not answer.
        """
        if not stories:
            return []
        places = [mark_place(one.id, one.first_created) for one in stories]
        with unavailable_means_wait():
            answer = self._client.mget(docs=[{"_index": at, "_id": name} for at, name in places])
        return [
            Mark.model_validate(found["_source"]) if found else None for found in found_of(answer)
        ]

    def _unchanged(self, parties: Sequence[tuple[Party, ...]]) -> list[bool]:
        """Of each, whether its stories are what they were; in real time."""
        wanted = sorted({(one.index, one.id) for own in parties for one in own})
        now: dict[tuple[str, str], str] = {}
        for start in range(0, len(wanted), _AT_ONCE):
            docs = [{"_index": at, "_id": name} for at, name in wanted[start : start + _AT_ONCE]]
            answer = self._client.mget(docs=docs, source_includes=["fingerprint"])
            now |= {
                (found["_index"], found["_id"]): found["_source"].get("fingerprint", "")
                for found in found_of(answer)
                if found
            }
        return [
            all(now.get((one.index, one.id)) == one.fingerprint for one in own) for own in parties
        ]

    def _naming(self, documents: Collection[str]) -> Iterable[Mapping[str, Any]]:
        names = list(documents)
        for start in range(0, len(names), _AT_ONCE):
            yield from scan(
                self._client,
                index=ALL,
                query={
                    "query": {"terms": {"parties.id": names[start : start + _AT_ONCE]}},
                    "seq_no_primary_term": True,
                },
                size=_AT_ONCE,
                **WHOLE,
            )

    def _refresh(self) -> None:
        self._client.indices.refresh(index=ALL, ignore_unavailable=True, allow_no_indices=True)

    def _write(
        self, documents: Sequence[tuple[Pair | Mark, bool, tuple[int, int] | None]]
    ) -> list[tuple[int, int] | None]:
        """Write; returns where in the index's history each is. A conflict is left as it is."""
        operations: list[Mapping[str, Any]] = []
        for one, settled, seen in documents:
            index, name = one.place
            self._ensure_index(index)
            fields: dict[str, JsonValue] = one.model_dump(mode="json", exclude_none=True)
            condition = {"if_seq_no": seen[0], "if_primary_term": seen[1]} if seen else {}
            operations.append({"index": {"_index": index, "_id": name, **condition}})
            operations.append({**fields, "settled": settled})
        return [
            (item["_seq_no"], item["_primary_term"]) if item["status"] < 300 else None
            for item in self._bulk(operations)
        ]

    def _remove(self, places: Sequence[tuple[str, str]]) -> None:
        self._bulk([{"delete": {"_index": index, "_id": name}} for index, name in places])

    def _remove_as_seen(self, hits: Sequence[Mapping[str, Any]]) -> int:
        """Remove what is still as it was found; returns how many are gone."""
        operations = [
            {
                "delete": {
                    "_index": hit["_index"],
                    "_id": hit["_id"],
                    "if_seq_no": hit["_seq_no"],
                    "if_primary_term": hit["_primary_term"],
                }
            }
            for hit in hits
        ]
        return sum(item["status"] != 409 for item in self._bulk(operations))

    def _bulk(self, operations: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The answers of a bulk request. A conflict and a document that is gone are answers."""
        if not operations:
            return []
        answer = self._client.bulk(operations=operations)
        items: list[Mapping[str, Any]] = [next(iter(item.values())) for item in answer["items"]]
        for item in items:
            if item["status"] >= 300 and item["status"] not in (404, 409):
                raise DependencyUnavailable(
                    f"Elasticsearch did not take a pair of claim and story: {item['error']}"[:500],
                    "apply the templates with `newswire init`",
                )
        return items

    def _ensure_index(self, index: str) -> None:
        if index not in self._known:
            # 400: it is there, or another one made it meanwhile.
            self._client.options(ignore_status=400).indices.create(index=index)
            self._known.add(index)


def _month(created: datetime) -> str:
    """The month's index, as that of the claim's story: both are dropped together."""
    return f"{PREFIX}{created:%Y.%m}"
