"""Write documents in bulk, with external versions, and say what became of each.

    document -> _bulk, version_type=external -> created/updated | stale (409) | refused | try again

A version that Elasticsearch has already, or a newer one, is a success without effect: that is
what makes a replay harmless. Of two documents under one version the greater :class:`TieBreak`
stays, so that then too the order of arrival means nothing. A document that Elasticsearch refuses
is at fault itself; every other failure is the cluster's, and the batch is to be written again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal

from elastic_transport import ObjectApiResponse
from elasticsearch import BadRequestError, Elasticsearch

from newswire.errors import BadInput, DependencyUnavailable
from newswire.search.client import found_of, unavailable_means_wait
from newswire.search.document import Document, TieBreak

_BULK_BYTES = 10 * 2**20
"""Elasticsearch hangs up on a request of 100 MB, which looks as if it were away; from some 10 MB on
larger requests are no quicker."""


VersionType = Literal["external", "external_gte"]

_DOCUMENTS_FAULT = {
    "document_parsing_exception",
    "illegal_argument_exception",
    "mapper_parsing_exception",
    "strict_dynamic_mapping_exception",
}
"""Types of a 400 that name the document itself; every other failure is the cluster's."""


class Written(StrEnum):
    """What became of a document that was not refused."""

    INDEXED = "indexed"
    STALE = "stale"


class RefusedDocument(BadInput):
    """Elasticsearch will not take this document, now or later."""


class IndexWriter:
    """Writes to the months' indices; creates a month's index at its first story."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client
        self._known_indices: set[str] = set()

    def write(self, documents: Sequence[Document]) -> list[Written | RefusedDocument]:
        """Write a batch. Returns, in order, what became of each document.

        Raises:
            DependencyUnavailable: Elasticsearch did not take all of it; write the same again.
        """
        if not documents:
            return []
        with unavailable_means_wait():
            for index in sorted({document.index for document in documents}):
                self._ensure_index(index)
            outcomes = self._write(documents, "external")
            stale = [place for place, was in enumerate(outcomes) if was is Written.STALE]
            ties = self._ties_won(documents, stale)
            again = self._write([documents[place] for place in ties], "external_gte")
        for place, outcome in zip(ties, again, strict=True):
            outcomes[place] = outcome
        return outcomes

    def rewrite(self, documents: Sequence[Document]) -> list[Written | RefusedDocument]:
        """Write documents that were read, under the versions they have. A newer one stays: stale.

        Raises:
            DependencyUnavailable: Elasticsearch did not take all of it.
        """
        with unavailable_means_wait():
            return self._write(documents, "external_gte")

    def _write(
        self, documents: Sequence[Document], version_type: VersionType
    ) -> list[Written | RefusedDocument]:
        answers = [self._bulk(lines) for lines in _bulks(documents, version_type)]
        return [self._outcome(item["index"]) for answer in answers for item in answer["items"]]

    def _ties_won(self, documents: Sequence[Document], stale: Sequence[int]) -> list[int]:
        """The places of the documents that replace another one under their own version.

        No other worker writes the same story meanwhile: its records are all in one partition.
        """
        best: dict[tuple[str, str, int], int] = {}
        for place in stale:
            one = documents[place]
            rival = best.setdefault((one.index, one.id, one.version), place)
            if documents[rival].tie_break < one.tie_break:
                best[one.index, one.id, one.version] = place
        if not best:
            return []
        answer = self._client.mget(
            docs=[{"_index": index, "_id": name} for index, name, _ in best],
            source_includes=TieBreak.FIELDS,
        )
        return [
            place
            for place, found in zip(best.values(), found_of(answer), strict=True)
            if found
            and found["_version"] == documents[place].version
            and TieBreak.model_validate(found["_source"]) < documents[place].tie_break
        ]

    def _bulk(self, lines: list[bytes]) -> ObjectApiResponse[Any]:
        # Lines that are written already go out as they are, which the client's types don't say.
        return self._client.bulk(operations=lines)  # type: ignore[arg-type]

    def _ensure_index(self, index: str) -> None:
        if index in self._known_indices:
            return
        if not self._client.indices.exists(index=index):
            try:
                self._client.indices.create(index=index)
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    # No story is at fault, e.g. the cluster may hold no more shards.
                    raise DependencyUnavailable(
                        f"Elasticsearch does not make the index {index}: {error}"
                    ) from error
        self._known_indices.add(index)

    def _outcome(self, item: Mapping[str, Any]) -> Written | RefusedDocument:
        status = int(item["status"])
        if status < 300:
            return Written.INDEXED
        if status == 409:
            return Written.STALE
        error = item.get("error", {})
        cause = _cause(error)
        if status == 404:
            # The index is gone since we saw it: somebody removed the month.
            self._known_indices.discard(str(item.get("_index")))
        if status == 413 or (status == 400 and error.get("type") in _DOCUMENTS_FAULT):
            return RefusedDocument(
                f"Elasticsearch refuses the document: {cause}",
                "see the mapping in schemas/elasticsearch/",
            )
        # A full disk, a blocked or closed index, a wrong key: the next would fare no better.
        raise DependencyUnavailable(f"Elasticsearch did not take a document: {cause}")


def _bulks(documents: Sequence[Document], version_type: VersionType) -> Iterator[list[bytes]]:
    """The lines of one or more bulk requests, none much larger than :data:`_BULK_BYTES`."""
    lines: list[bytes] = []
    size = 0
    for document in documents:
        action = {
            "index": {
                "_index": document.index,
                "_id": document.id,
                "version": document.version,
                "version_type": version_type,
            }
        }
        pair = [json.dumps(line).encode("ascii") for line in (action, document.fields)]
        if lines and size + len(pair[1]) > _BULK_BYTES:
            yield lines
            lines, size = [], 0
        lines += pair
        size += len(pair[1])
    if lines:
        yield lines


def _cause(error: Mapping[str, Any]) -> str:
    causes = [str(error.get("reason", error))]
    while isinstance(error.get("caused_by"), Mapping):
        error = error["caused_by"]
        causes.append(str(error.get("reason")))
    return ": ".join(causes)[:500]
