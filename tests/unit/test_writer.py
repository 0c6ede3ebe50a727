"""What Elasticsearch answered for each item, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from elasticsearch import ApiError, ConnectionError, Elasticsearch

from newswire.errors import DependencyUnavailable
from newswire.search.client import unavailable_means_wait
from newswire.search.document import document
from newswire.search.writer import IndexWriter, RefusedDocument, Written
from tests.factories import a_story, an_enriched_story


@dataclass
class ScriptedCluster:
    """Answers bulk requests with the statuses that it was given."""

    statuses: list[int]
    error: dict[str, Any] = field(default_factory=dict)
    bulks: list[list[bytes]] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    there: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """By ``_id``: the version and the fields of what is indexed already."""

    @property
    def indices(self) -> ScriptedCluster:
        return self

    def exists(self, index: str) -> bool:
        return index in self.created

    def create(self, index: str) -> None:
        self.created.append(index)

    def bulk(self, operations: list[bytes]) -> dict[str, Any]:
        self.bulks.append(operations)
        actions = [json.loads(line)["index"] for line in operations[::2]]
        return {
            "items": [
                {"index": {**action, "status": self.statuses.pop(0), "error": self.error}}
                for action in actions
            ]
        }

    def mget(self, docs: list[dict[str, str]], source_includes: list[str]) -> dict[str, Any]:
        there = [self.there.get(one["_id"]) for one in docs]
        return {
            "docs": [
                {"found": True, "_version": one[0], "_source": one[1]} if one else {"found": False}
                for one in there
            ]
        }


def write(cluster: ScriptedCluster, count: int, **story: Any) -> list[Written | RefusedDocument]:
    documents = [
        document(an_enriched_story(a_story(id=str(number), **story))) for number in range(count)
    ]
    return IndexWriter(cast(Elasticsearch, cluster)).write(documents)


def test_new_and_stale_versions_are_both_done() -> None:
    cluster = ScriptedCluster([201, 200, 409])
    assert write(cluster, 3) == [Written.INDEXED, Written.INDEXED, Written.STALE]


def test_of_two_documents_under_one_version_the_greater_stays_whichever_came_first() -> None:
    lesser, greater = (document(an_enriched_story(a_story(parser=number))) for number in (1, 2))
    for written, there, outcome in ((greater, lesser, "indexed"), (lesser, greater, "stale")):
        cluster = ScriptedCluster([409, 200], there={there.id: (there.version, there.fields)})
        assert IndexWriter(cast(Elasticsearch, cluster)).write([written]) == [outcome]
        types = [json.loads(lines[0])["index"]["version_type"] for lines in cluster.bulks]
        assert types == ["external", "external_gte"][: 1 + (outcome == "indexed")]


def test_the_greatest_of_a_batch_stays_and_a_repeat_of_what_is_there_is_not_written() -> None:
    first, best, other = (document(an_enriched_story(a_story(parser=n))) for n in (1, 3, 2))
    cluster = ScriptedCluster([201, 409, 409, 200], there={first.id: (first.version, first.fields)})
    outcomes = IndexWriter(cast(Elasticsearch, cluster)).write([first, best, other])
    assert outcomes == [Written.INDEXED, Written.INDEXED, Written.STALE]
    cluster = ScriptedCluster([409], there={first.id: (first.version, first.fields)})
    assert IndexWriter(cast(Elasticsearch, cluster)).write([first]) == [Written.STALE]


def test_every_item_has_its_external_version() -> None:
    cluster = ScriptedCluster([201])
    write(cluster, 1, version=3)
    action = json.loads(cluster.bulks[0][0])["index"]
    assert (action["version"], action["version_type"]) == (3 << 20, "external")


def test_a_refused_document_is_at_fault_and_its_innermost_cause_is_told() -> None:
    error = {
        "type": "document_parsing_exception",
        "reason": "[1:20] failed to parse",
        "caused_by": {"type": "x", "reason": "a vector\nof 3 dimensions"},
    }
    good, bad = write(ScriptedCluster([201, 400], error), 2)
    assert good is Written.INDEXED
    assert isinstance(bad, RefusedDocument)
    assert "failed to parse: a vector of 3 dimensions; see the mapping" in str(bad)


@pytest.mark.parametrize("status", [404, 408, 429, 500, 502, 503, 504])
def test_what_is_the_clusters_own_fault_means_write_the_same_again(status: int) -> None:
    cluster = ScriptedCluster([201, status, 400], {"reason": "busy"})
    with pytest.raises(DependencyUnavailable, match="busy"):
        write(cluster, 3)


def test_a_month_that_was_removed_meanwhile_is_created_again() -> None:
    cluster = ScriptedCluster([201, 404, 201])
    writer = IndexWriter(cast(Elasticsearch, cluster))
    documents = [document(an_enriched_story())]
    writer.write(documents)
    cluster.created.clear()
    with pytest.raises(DependencyUnavailable):
        writer.write(documents)
    assert writer.write(documents) == [Written.INDEXED]
    assert cluster.created == ["newswire-stories-2024.05"]


def test_a_months_index_is_looked_for_once() -> None:
    cluster = ScriptedCluster([201] * 4)
    writer = IndexWriter(cast(Elasticsearch, cluster))
    for month in (5, 6, 5, 6):
        created = a_story(first_created=f"2024-{month:02}-01T00:00:00Z")
        writer.write([document(an_enriched_story(created))])
    assert cluster.created == ["newswire-stories-2024.05", "newswire-stories-2024.06"]


def test_large_documents_are_split_over_several_requests_in_order() -> None:
    cluster = ScriptedCluster([201, 409, 201, 409, 201])
    text = [{"text": "x" * 2_000_000}]
    outcomes = write(cluster, 5, body=text)
    assert [len(lines) // 2 for lines in cluster.bulks] == [2, 2, 1]
    assert outcomes == [Written.INDEXED, Written.STALE] * 2 + [Written.INDEXED]


def test_nothing_to_write_asks_nothing() -> None:
    cluster = ScriptedCluster([])
    assert write(cluster, 0) == []
    assert cluster.bulks == []


def test_a_cluster_that_is_away_or_refuses_is_waited_for() -> None:
    with pytest.raises(DependencyUnavailable, match="does not answer: no route"):  # noqa: SIM117
        with unavailable_means_wait():
            raise ConnectionError("no route")
    for status in (401, 403, 429, 503):
        with (
            pytest.raises(DependencyUnavailable, match="refuses for now"),
            unavailable_means_wait(),
        ):
            raise an_api_error(status)


def test_a_request_that_is_wrong_itself_is_an_error() -> None:
    with pytest.raises(ApiError), unavailable_means_wait():
        raise an_api_error(400)


def an_api_error(status: int) -> ApiError:
    meta = cast(Any, type("Meta", (), {"status": status}))
    return ApiError("refused", meta, {"error": "refused"})
