"""What dashboards and people ask of the index, on the real Elasticsearch."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire.config import Settings
from newswire.errors import ConfigError
from newswire.search.client import ALIAS, open_client
from newswire.search.document import document, document_id
from newswire.search.reader import MOST_CHARS, AmbiguousId, Found, Query, get, search
from newswire.search.templates import apply_templates
from newswire.search.writer import IndexWriter
from newswire.setup import prepare
from newswire.stories.enriched import EnrichedStory, ScoredSpan
from newswire.stories.model import PubStatus
from tests.factories import a_quote, a_stance, a_story, an_embedding, an_enriched_story

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
            a_story(id="port", headline="Port waits", language="en-GB",
                    body=[{"text": "A strike goes on."}, {"text": "Ships wait."}],
                    version_created="2024-05-18T12:00Z"),
            stances=[a_stance("strike", "favor", evidence=[
                a_quote("A strike goes on."),
                ScoredSpan(text="Ships wait.", start=19, end=30, score=0.2),
            ])],
            embedding=an_embedding(1),
            language="de",
        ),
        an_enriched_story(
            a_story(id="ferry", headline="Ferry line orders ships", body=[{"text": "Three ships."}],
                    version_created="2024-05-16T12:00Z"),
            stances=[a_stance("ferry", "favor", "Three ships.")],
            embedding=an_embedding(2),
            language="en",
        ),
        EnrichedStory(story=a_story(id="gone", pub_status=PubStatus.CANCELED)),
    ]  # fmt: skip
    IndexWriter(client).write([document(record) for record in records])
    client.indices.refresh(index=ALL)
    return client


def ids(found: Found) -> list[str]:
    return [hit.story.id for hit in found.hits]


def ask(client: Elasticsearch, words: str = "", **asked: Any) -> list[str]:
    return ids(search(client, Query(words, **asked)))


def source_ids(answer: Any) -> list[str]:
    return [hit["_source"]["id"] for hit in answer["hits"]["hits"]]


def test_before_the_first_story_a_search_finds_nothing_and_is_no_error(
    client: Elasticsearch,
) -> None:
    assert search(client, Query("strike")) == Found(total=0, hits=())
    assert get(client, "pilots") is None


def test_words_are_found_in_any_of_their_forms_the_headline_first(stories: Elasticsearch) -> None:
    assert ask(stories, "strikes") == ["pilots", "port"]


def test_every_word_must_be_there_and_what_is_said_of_them_is_understood(
    stories: Elasticsearch,
) -> None:
    assert ask(stories, "strike port") == ["port"]
    assert sorted(ask(stories, "strike | ferry")) == ["ferry", "pilots", "port"]
    assert ask(stories, "strike -pilots") == ["port"]
    assert ask(stories, '"strike goes on"') == ["port"]
    assert ask(stories, '"on goes strike"') == []
    assert ask(stories, "pil*") == ["pilots"]


@pytest.mark.parametrize(
    "words", ['"', "(((", "\\", ":", "headline:", "\N{GRINNING FACE}", "a AND OR", "|", "-", "~1"]
)
def test_odd_words_find_nothing_and_are_no_error(stories: Elasticsearch, words: str) -> None:
    assert ask(stories, words) == []


@pytest.mark.parametrize("words", ["x " * 500, "q* " * 333, "(" * 1000, '"' * 999])
def test_the_longest_search_is_answered(stories: Elasticsearch, words: str) -> None:
    assert ask(stories, words[:MOST_CHARS]) == []


@pytest.mark.parametrize("words", ["", "  ", "*"])
def test_without_words_the_newest_come_first_and_the_withdrawn_never(
    stories: Elasticsearch, words: str
) -> None:
    assert ask(stories, words) == ["port", "pilots", "ferry"]


def test_of_more_stories_than_are_asked_for_the_number_is_told(stories: Elasticsearch) -> None:
    found = search(stories, Query(size=1))
    assert (ids(found), found.total) == (["port"], 3)


def test_the_words_that_were_found_are_marked(stories: Elasticsearch) -> None:
    fragments = {hit.story.id: hit.fragments for hit in search(stories, Query("strike")).hits}
    assert fragments["port"] == ("A <em>strike</em> goes on.\n\nShips wait.",)


def test_a_stance_is_of_the_target_that_is_asked_for(stories: Elasticsearch) -> None:
    assert sorted(ask(stories, target="strike")) == ["pilots", "port"]
    assert ask(stories, target="strike", stance="against") == ["pilots"]
    # This story is against the strike and neutral to the ferry, so not against the ferry.
    assert ask(stories, target="ferry", stance="against") == []
    assert sorted(ask(stories, stance="favor")) == ["ferry", "port"]
    assert ask(stories, "port", target="strike") == ["port"]


def test_days_are_whole_and_a_provider_is_known_in_any_case(stories: Elasticsearch) -> None:
    noon = date(2024, 5, 17)
    assert ask(stories, since=noon) == ["port", "pilots"]
    assert ask(stories, until=noon) == ["pilots", "ferry"]
    assert ask(stories, since=noon, until=noon) == ["pilots"]
    assert ask(stories, provider="EXAMPLE wire", until=noon) == ["pilots", "ferry"]
    assert ask(stories, provider="Example") == []


def test_a_story_is_shown_by_its_id_its_document_id_and_the_beginning_of_its_id(
    stories: Elasticsearch,
) -> None:
    by_id = get(stories, "pilots")
    assert by_id is not None
    assert (by_id.id, by_id.headline) == ("pilots", "Pilots are striking")
    assert by_id == get(stories, document_id("pilots")) == get(stories, "pil")
    assert get(stories, "gone") is None
    assert get(stories, "nowhere") is None
    with pytest.raises(AmbiguousId, match="2 stories have an id that begins with p: "):
        get(stories, "p")


def test_the_nearest_stories_are_found_by_their_embedding(stories: Elasticsearch) -> None:
    near = list(an_embedding(1))
    near[0] = 0.1
    norm = sum(value * value for value in near) ** 0.5
    knn = {"field": "embedding", "query_vector": [value / norm for value in near],
           "k": 2, "num_candidates": 10}  # fmt: skip
    answer = stories.search(index=ALIAS, knn=knn)
    assert source_ids(answer) == ["port", "pilots"]


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


def test_languages_are_counted_as_read_beside_those_that_are_stated(stories: Elasticsearch) -> None:
    fields = ("language", "language_read")
    aggs = {field: {"terms": {"field": field}} for field in fields}
    found = stories.search(index=ALIAS, size=0, aggs=aggs)["aggregations"]
    counted = {
        field: {one["key"]: one["doc_count"] for one in found[field]["buckets"]} for field in fields
    }
    assert counted == {"language": {"en-GB": 1}, "language_read": {"de": 1, "en": 1}}


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


def test_a_chart_that_can_not_count_nested_fields_counts_targets_by_stance(
    stories: Elasticsearch,
) -> None:
    against = {"terms": {"field": "targets.against"}}
    favor = {"terms": {"field": "targets.favor"}}
    answer = stories.search(index=ALIAS, size=0, aggs={"against": against, "favor": favor})
    counted = {
        name: {one["key"]: one["doc_count"] for one in found["buckets"]}
        for name, found in answer["aggregations"].items()
    }
    assert counted == {"against": {"strike": 1}, "favor": {"strike": 1, "ferry": 1}}


def test_the_evidence_that_holds_a_word_is_found_marked_and_told_apart(
    stories: Elasticsearch,
) -> None:
    def evidence(*filters: dict[str, Any]) -> dict[str, Any]:
        return {
            "path": "stances.evidence",
            "query": {
                "bool": {"must": {"match": {"stances.evidence.text": "strikes"}}, "filter": filters}
            },
        }

    marked = {"highlight": {"fields": {"stances.evidence.text": {}}}}
    answer = stories.search(index=ALIAS, query={"nested": {**evidence(), "inner_hits": marked}})
    fragments = {
        hit["_source"]["id"]: inner["highlight"]["stances.evidence.text"]
        for hit in answer["hits"]["hits"]
        for inner in hit["inner_hits"]["stances.evidence"]["hits"]["hits"]
    }
    assert fragments["port"] == ["A <em>strike</em> goes on."]
    assert fragments.keys() == {"pilots", "port"}
    # Word and score must be those of one and the same sentence.
    low = {"range": {"stances.evidence.score": {"lt": 0.5}}}
    assert source_ids(stories.search(index=ALIAS, query={"nested": evidence(low)})) == []


def test_names_are_not_stemmed_and_words_are(stories: Elasticsearch) -> None:
    def tokens(field: str, text: str) -> list[str]:
        answer = stories.indices.analyze(index="newswire-stories-2024.05", field=field, text=text)
        return [token["token"] for token in answer["tokens"]]

    assert tokens("byline.text", "Jones") == ["jones"]
    assert tokens("headline", "strikes") == ["strike"]


def test_a_single_node_is_green(stories: Elasticsearch) -> None:
    assert stories.cluster.health(index=ALL)["status"] == "green"


def test_months_that_are_there_get_the_fields_that_a_later_version_adds(
    stories: Elasticsearch, stack: Settings, tmp_path: Path
) -> None:
    schemas = with_field(stack.schemas_dir, tmp_path, "mood", {"type": "keyword"})
    index = "newswire-stories-2024.05"
    apply_templates(stories, schemas)
    mapping = stories.indices.get_mapping(index=index)[index]["mappings"]
    assert mapping["properties"]["mood"] == {"type": "keyword"}
    assert mapping["dynamic"] == "strict"
    apply_templates(stories, stack.schemas_dir)


def test_a_month_with_a_field_of_another_kind_is_named_with_the_remedy(
    stories: Elasticsearch, stack: Settings, tmp_path: Path
) -> None:
    schemas = with_field(stack.schemas_dir, tmp_path, "provider", {"type": "long"})
    try:
        with pytest.raises(ConfigError, match=r"newswire-stories-2024\.05 .*provider.*new index"):
            apply_templates(stories, schemas)
    finally:
        apply_templates(stories, stack.schemas_dir)


def with_field(schemas: Path, folder: Path, name: str, mapping: dict[str, str]) -> Path:
    """A copy of the templates in which one field is another or is new."""
    shutil.copytree(schemas / "elasticsearch", folder / "elasticsearch")
    path = folder / "elasticsearch" / "component-newswire-stories-mappings.json"
    component = json.loads(path.read_text("utf-8"))
    component["template"]["mappings"]["properties"][name] = mapping
    path.write_text(json.dumps(component), "utf-8")
    return folder
