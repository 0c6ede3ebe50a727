"""What dashboards and people ask of the index, on the real Elasticsearch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire.config import Settings
from newswire.search.client import ALIAS, open_client
from newswire.search.document import document, document_id
from newswire.search.reader import get, search, search_request
from newswire.search.writer import IndexWriter
from newswire.setup import prepare
from newswire.stories.model import EnrichedStory, PubStatus
from tests.factories import a_stance, a_story, an_embedding, an_enriched_story

ALL = "newswire-stories-*"


@pytest.fixture(scope="module")
def client(stack: Settings) -> Iterator[Elasticsearch]:
    prepare(stack)
    with open_client(stack) as opened:
        for index in opened.indices.get(index=ALL):
            opened.indices.delete(index=index)
        yield opened
        for index in opened.indices.get(index=ALL):
            opened.indices.delete(index=index)


@pytest.fixture(scope="module")
def stories(client: Elasticsearch) -> Elasticsearch:
    """Four stories: two on a strike, one on a ferry, one withdrawn."""
    records = [
        an_enriched_story(
            a_story(id="pilots", headline="Pilots are striking",
                    version_created="2024-05-17T12:00Z"),
            stances=[a_stance("strike", "against"), a_stance("ferry", "neutral")],
            embedding=an_embedding(0),
        ),
        an_enriched_story(
            a_story(id="port", headline="Port waits", body=[{"text": "A strike goes on."}],
                    version_created="2024-05-18T12:00Z"),
            stances=[a_stance("strike", "favor", "A strike goes on.")],
            embedding=an_embedding(1),
        ),
        an_enriched_story(
            a_story(id="ferry", headline="Ferry line orders ships", body=[{"text": "Three ships."}],
                    version_created="2024-05-16T12:00Z"),
            stances=[a_stance("ferry", "favor", "Three ships.")],
            embedding=an_embedding(2),
        ),
        EnrichedStory(story=a_story(id="gone", pub_status=PubStatus.CANCELED)),
    ]  # fmt: skip
    IndexWriter(client).write([document(record) for record in records])
    client.indices.refresh(index=ALL)
    return client


def ids(answer: dict[str, Any]) -> list[str]:
    return [hit["_source"]["id"] for hit in answer["hits"]["hits"]]


def test_before_the_first_story_a_search_finds_nothing_and_is_no_error(
    client: Elasticsearch,
) -> None:
    answer = search(client, search_request("strike"))
    assert (ids(answer), answer["hits"]["total"]["value"]) == ([], 0)
    assert get(client, "pilots") is None


def test_words_are_found_in_any_of_their_forms_the_headline_first(stories: Elasticsearch) -> None:
    assert ids(search(stories, search_request("strikes"))) == ["pilots", "port"]


def test_without_words_the_newest_come_first_and_the_withdrawn_never(
    stories: Elasticsearch,
) -> None:
    assert ids(search(stories, search_request(None))) == ["port", "pilots", "ferry"]
    assert ids(search(stories, search_request(None, size=1))) == ["port"]


def test_the_words_that_were_found_are_marked(stories: Elasticsearch) -> None:
    hits = search(stories, search_request("strike"))["hits"]["hits"]
    marked = {hit["_source"]["id"]: hit["highlight"] for hit in hits}
    assert marked["pilots"]["headline"] == ["Pilots are <em>striking</em>"]
    assert marked["port"]["text"] == ["A <em>strike</em> goes on."]


def test_a_stance_is_of_the_target_that_is_asked_for(stories: Elasticsearch) -> None:
    def found(**asked: Any) -> list[str]:
        return sorted(ids(search(stories, search_request(None, **asked))))

    assert found(target="strike") == ["pilots", "port"]
    assert found(target="strike", stance="against") == ["pilots"]
    # This story is against the strike and neutral to the ferry, so not against the ferry.
    assert found(target="ferry", stance="against") == []
    assert found(stance="favor") == ["ferry", "port"]


def test_a_story_is_shown_by_its_id_and_by_its_document_id(stories: Elasticsearch) -> None:
    by_id = get(stories, "pilots")
    assert by_id is not None
    assert by_id == get(stories, document_id("pilots"))
    assert "embedding" not in by_id
    assert get(stories, "gone") is None
    assert get(stories, "nowhere") is None


def test_the_nearest_stories_are_found_by_their_embedding(stories: Elasticsearch) -> None:
    near = list(an_embedding(1))
    near[0] = 0.1
    norm = sum(value * value for value in near) ** 0.5
    knn = {"field": "embedding", "query_vector": [value / norm for value in near],
           "k": 2, "num_candidates": 10}  # fmt: skip
    answer = stories.search(index=ALIAS, knn=knn)
    assert ids(dict(answer)) == ["port", "pilots"]


def test_stances_are_counted_by_target(stories: Elasticsearch) -> None:
    answer = stories.search(
        index=ALIAS,
        size=0,
        aggs={
            "stances": {
                "nested": {"path": "stances"},
                "aggs": {
                    "target": {
                        "terms": {"field": "stances.target"},
                        "aggs": {"stance": {"terms": {"field": "stances.stance"}}},
                    }
                },
            }
        },
    )
    counted = {
        target["key"]: {one["key"]: one["doc_count"] for one in target["stance"]["buckets"]}
        for target in answer["aggregations"]["stances"]["target"]["buckets"]
    }
    assert counted == {
        "strike": {"against": 1, "favor": 1},
        "ferry": {"favor": 1, "neutral": 1},
    }


def test_the_newest_days_can_be_charted(stories: Elasticsearch) -> None:
    answer = stories.search(
        index=ALIAS,
        size=0,
        aggs={
            "days": {
                "date_histogram": {"field": "version_created", "calendar_interval": "day"},
                "aggs": {"providers": {"terms": {"field": "provider"}}},
            }
        },
    )
    days = answer["aggregations"]["days"]["buckets"]
    assert [(day["key_as_string"][:10], day["doc_count"]) for day in days] == [
        ("2024-05-16", 1),
        ("2024-05-17", 1),
        ("2024-05-18", 1),
    ]
    assert days[0]["providers"]["buckets"] == [{"key": "Example Wire", "doc_count": 1}]
