"""A story as an Elasticsearch document."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newswire.config import ROOT
from newswire.search.document import IndexedStory, document, document_id, index_name
from newswire.stories.enriched import EMBEDDING_DIMENSIONS, EnrichedStory
from newswire.stories.model import PubStatus
from tests.factories import (
    NOON,
    a_generated_summary,
    a_stance,
    a_story,
    an_enriched_story,
    an_enrichment,
)


def mapped() -> dict[str, Any]:
    path = ROOT / "schemas/elasticsearch/component-newswire-stories-mappings.json"
    mappings = json.loads(path.read_text("utf-8"))["template"]["mappings"]
    assert mappings["dynamic"] == "strict"
    return dict(mappings["properties"])


def unmapped(fields: dict[str, Any], properties: dict[str, Any], path: str = "") -> list[str]:
    """The fields that a strict mapping would refuse."""
    found = []
    for name, value in fields.items():
        if name not in properties:
            found.append(f"{path}{name}")
            continue
        inner = properties[name]
        if "properties" not in inner:
            continue
        for one in value if isinstance(value, list) else [value]:
            found += unmapped(one, inner["properties"], f"{path}{name}.")
    return found


def a_full_story() -> dict[str, Any]:
    return {
        "lineage": "urn:a", "embargoed_until": NOON, "expires": NOON, "byline": "By A",
        "dateline": "X, May 17",
        "located": "X", "language": "en", "credit": "A", "section": "World", "urgency": 3,
        "slugline": "A-B/", "keywords": ["a"], "subjects": [{"qcode": "a:1", "name": "A"}],
        "contributors": [{"role": "writing", "name": "A"}], "ednote": "ADDS", "rights": "©",
        "url": "https://example.org/", "captions": [{"text": "A boat", "credit": "A"}],
        "links": [{"rel": "previous", "href": "x"}], "extra": {"any": {"thing": 1}},
    }  # fmt: skip


def test_the_strict_mapping_has_every_field_that_a_document_can_have() -> None:
    story = a_story(**a_full_story())
    assert set(type(story).model_fields) == set(story.model_dump(exclude_none=True)), (
        "a_full_story lacks a field of the model"
    )
    fields = document(an_enriched_story(story)).fields
    assert unmapped(fields, mapped()) == []


def test_the_mappings_vectors_are_as_long_as_the_contract_says() -> None:
    assert mapped()["embedding"]["dims"] == EMBEDDING_DIMENSIONS


def test_a_document_is_read_back_as_the_story_and_the_enrichment_that_were_written() -> None:
    enriched = an_enriched_story(a_story(**a_full_story()))
    read = IndexedStory.model_validate(document(enriched, now=NOON).fields)
    assert read.indexed_at == NOON
    assert enriched.story.model_dump().items() <= read.model_dump().items()
    assert enriched.enrichment is not None
    for field in ("summary", "stances", "provenance"):
        assert getattr(read, field) == getattr(enriched.enrichment, field)


def test_the_language_that_was_read_stands_beside_the_one_that_is_stated() -> None:
    fields = document(an_enriched_story(a_story(language="en-GB"), language="de")).fields
    assert (fields["language"], fields["language_read"]) == ("en-GB", "de")
    assert unmapped(fields, mapped()) == []
    assert IndexedStory.model_validate(fields).language_read == "de"
    assert "language" not in document(an_enriched_story(language="de")).fields
    assert "language_read" not in document(an_enriched_story(a_story(language="en"))).fields


def test_targets_are_listed_by_stance_for_charts_that_can_not_count_nested_fields() -> None:
    stances = [a_stance("strike", "against"), a_stance("ferry", "favor"), a_stance("port", "favor")]
    fields = document(an_enriched_story(stances=stances)).fields
    assert fields["targets"] == {"favor": ["ferry", "port"], "against": ["strike"], "neutral": []}


def test_the_month_comes_from_what_never_changes() -> None:
    story = a_story(
        first_created=datetime(2023, 12, 31, 23, 30, tzinfo=UTC),
        version_created=datetime(2024, 1, 2, tzinfo=UTC),
    )
    assert index_name(story) == "newswire-stories-2023.12"
    assert document(EnrichedStory(story=story)).index == index_name(story)


def test_the_id_is_the_same_for_all_versions_and_short_for_any_story_id() -> None:
    ids = {document(EnrichedStory(story=a_story(version=version))).id for version in (1, 2)}
    assert ids == {document_id(a_story().id)}
    assert len(document_id("x" * 2048)) == 64


def test_what_versions_share_beside_their_own_ids_decides_the_id_of_the_document() -> None:
    revisions = [a_story(id=f"urn:newsml:1:{n}", lineage="urn:newsml:1") for n in (1, 2)]
    assert {document(EnrichedStory(story=one)).id for one in revisions} == {
        document_id("urn:newsml:1")
    }


def test_text_and_summary_are_fields_of_their_own() -> None:
    fields = document(an_enriched_story(), now=NOON).fields
    assert fields["text"] == a_story().text
    summary = fields["summary"]
    assert isinstance(summary, dict)
    assert summary["text"] == an_enrichment().summary.text
    assert fields["indexed_at"] == NOON.isoformat()


def test_a_generated_summary_is_searched_in_its_own_words_and_read_back_with_its_evidence() -> None:
    enriched = an_enriched_story(summary=a_generated_summary())
    fields = document(enriched).fields
    assert isinstance(fields["summary"], dict)
    assert fields["summary"]["text"] == "Pilots ended a strike."
    assert unmapped(fields, mapped()) == []
    assert IndexedStory.model_validate(fields).summary == a_generated_summary()


def test_a_story_without_an_embedding_has_no_such_field() -> None:
    assert "embedding" in document(an_enriched_story()).fields
    assert "embedding" not in document(an_enriched_story(embedding=None)).fields


@pytest.mark.parametrize("status", [PubStatus.CANCELED, PubStatus.WITHHELD])
def test_of_a_withdrawn_story_only_a_tombstone_is_left(status: PubStatus) -> None:
    story = a_story(**a_full_story(), pub_status=status, version=4)
    tombstone = document(an_enriched_story(story, generation=1))
    assert set(tombstone.fields) == {
        "id", "lineage", "type", "version", "pub_status", "first_created", "version_created",
        "provider", "ednote", "raw", "parser", "fingerprint", "indexed_at",
    }  # fmt: skip
    usable = an_enriched_story(a_story(version=4), generation=1)
    assert tombstone.version > document(usable).version
