"""schemas/asyncapi.yaml against the topics, the schemas and the headers of the code."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from newswire.config import DEFAULT_KAFKA_PORT, ROOT
from newswire.contracts.cloudevents import CONTENT_TYPE, decode, headers
from newswire.contracts.topics import DEAD_LETTERS, ENRICHED, STORIES, TOPICS
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import PubStatus, Record
from tests.factories import a_dead_letter, a_story, an_enriched_story

RECORDS: list[tuple[str, Record]] = [
    *((STORIES, a_story(pub_status=status)) for status in PubStatus),
    *(
        (ENRICHED, EnrichedStory(story=a_story(pub_status=status)))
        for status in PubStatus
        if status is not PubStatus.USABLE
    ),
    (ENRICHED, an_enriched_story()),
    (DEAD_LETTERS, a_dead_letter()),
]


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "schemas/asyncapi.yaml").read_text("utf-8"))
    return loaded


def followed(reference: str) -> dict[str, Any]:
    found: Any = document()
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def message_of(topic: str) -> dict[str, Any]:
    (channel,) = (one for one in document()["channels"].values() if one["address"] == topic)
    (message,) = channel["messages"].values()
    return followed(message["$ref"])


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    return []


def test_it_is_asyncapi_3_with_the_broker_where_newswire_looks_for_it() -> None:
    assert document()["asyncapi"] == "3.0.0"
    assert document()["servers"]["local"]["host"] == f"127.0.0.1:{DEFAULT_KAFKA_PORT}"


def test_the_channels_are_the_topics() -> None:
    described = {channel["address"]: channel for channel in document()["channels"].values()}
    assert described.keys() == TOPICS.keys()
    for name, channel in described.items():
        assert channel["title"] == TOPICS[name].title


def test_every_reference_leads_somewhere() -> None:
    found = references(document())
    assert found
    for reference in found:
        if reference.startswith("#/"):
            followed(reference)
        else:
            assert (ROOT / "schemas" / reference).is_file(), reference


@pytest.mark.parametrize("topic", TOPICS)
def test_a_message_refers_to_the_schema_of_its_topic_and_names_its_id(topic: str) -> None:
    message = message_of(topic)
    reference = message["payload"]["schema"]["$ref"]
    assert reference == f"topics/{TOPICS[topic].schema_file}"
    schema = json.loads((ROOT / "schemas" / reference).read_text("utf-8"))
    stated = message["headers"]["allOf"][1]["properties"]["ce_dataschema"]["const"]
    assert schema["$id"] == TOPICS[topic].schema_id == stated
    assert message["contentType"] == CONTENT_TYPE


@pytest.mark.parametrize(
    ("topic", "record"), RECORDS, ids=lambda one: one if isinstance(one, str) else ""
)
def test_the_headers_that_the_code_writes_are_the_headers_described(
    topic: str, record: Record
) -> None:
    general, own = message_of(topic)["headers"]["allOf"]
    described = followed(general["$ref"])
    written = decode(headers(topic, record, source="/newswire/test"))
    for schema in (described, own):
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(written)
    assert written.keys() <= described["properties"].keys()


@pytest.mark.parametrize("topic", [STORIES, ENRICHED])
def test_every_publishing_status_has_its_event_type(topic: str) -> None:
    types = message_of(topic)["headers"]["allOf"][1]["properties"]["ce_type"]["enum"]
    assert {one.rpartition(".")[2] for one in types} == set(PubStatus)
