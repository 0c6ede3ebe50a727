"""The CloudEvents headers of a record."""

from __future__ import annotations

from datetime import datetime

import pytest

from newswire.contracts.cloudevents import decode, event_id, event_type, headers
from newswire.contracts.topics import DEAD_LETTERS, ENRICHED, STORIES
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import Block, Origin, PubStatus
from tests.factories import NOON, a_dead_letter, a_story, an_enriched_story


def test_a_story_has_all_attributes_and_names_its_schema() -> None:
    story = a_story(id="tag:example.org,2024:ä", version=7)
    assert decode(headers(STORIES, story, source="/newswire/fetch/test", time=NOON)) == {
        "content-type": "application/json; charset=utf-8",
        "ce_specversion": "1.0",
        "ce_id": "tag:example.org,2024:ä#7",
        "ce_source": "/newswire/fetch/test",
        "ce_type": "org.newswire.story.usable",
        "ce_time": "2024-05-17T12:00:00Z",
        "ce_dataschema": "urn:newswire:schema:newswire.stories.v1",
        "ce_subject": "tag:example.org,2024:ä",
    }


def test_a_kill_is_known_from_the_headers_alone() -> None:
    killed = a_story(pub_status=PubStatus.CANCELED, headline=None, body=())
    assert event_type(killed) == "org.newswire.story.canceled"
    assert event_type(EnrichedStory(story=killed)) == "org.newswire.enriched.canceled"


def test_a_new_version_and_a_new_enrichment_are_other_events_and_a_repeat_is_the_same() -> None:
    records = [
        a_story(version=1),
        a_story(version=2),
        an_enriched_story(a_story(version=1), generation=1),
        an_enriched_story(a_story(version=1), generation=2),
    ]
    assert len({event_id(record) for record in records}) == 4
    assert event_id(a_story(version=1)) == event_id(a_story(version=1, headline="Other"))


def test_two_dead_letters_from_one_partition_are_two_events() -> None:
    at = [Origin(topic=STORIES, partition=1, offset=offset) for offset in (5, 6, 5)]
    first, second, repeat = (event_id(a_dead_letter(stage="enrich", origin=one)) for one in at)
    assert first != second
    assert first == repeat


def test_a_dead_letter_has_no_subject_and_is_stamped_now() -> None:
    written = decode(headers(DEAD_LETTERS, a_dead_letter(), source="/newswire/fetch/test"))
    assert "ce_subject" not in written
    assert datetime.fromisoformat(written["ce_time"]) > NOON


def test_headers_of_others_that_are_not_utf8_are_read_all_the_same() -> None:
    assert decode([("trace", b"\xff\xfe"), ("ce_type", b"a")]) == {"trace": "��", "ce_type": "a"}


def test_an_enriched_story_speaks_of_the_same_subject_as_its_story() -> None:
    story = a_story()
    enriched = decode(headers(ENRICHED, an_enriched_story(story), source="/x"))
    assert enriched["ce_subject"] == story.id


def test_what_is_not_the_value_of_a_topic_has_no_event_type() -> None:
    with pytest.raises(TypeError, match="Block is not the value of a topic"):
        event_type(Block(text="x"))
