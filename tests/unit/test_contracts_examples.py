"""The examples under schemas/, held against the schemas by two validators and the model."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from newswire.config import ROOT
from newswire.contracts.__main__ import schema_of
from newswire.contracts.schema import contracts
from newswire.contracts.topics import TOPICS
from newswire.errors import ContractViolation
from newswire.stories.enriched import EnrichedStory

SCHEMAS = ROOT / "schemas"
GOOD = sorted((SCHEMAS / "examples").glob("*/*.good.json"))
BAD = sorted((SCHEMAS / "examples").glob("*/*.bad.json"))


def shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def validator(topic: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / "topics" / TOPICS[topic].schema_file).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    checker = FormatChecker(())
    # jsonschema has no check of its own for this format without a further package.
    checker.checks("date-time")(is_rfc3339)
    return Draft202012Validator(schema, format_checker=checker)


def is_rfc3339(value: object) -> bool:
    try:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@pytest.mark.parametrize("topic", TOPICS)
def test_the_committed_schema_is_what_the_model_generates(topic: str) -> None:
    committed = (SCHEMAS / "topics" / TOPICS[topic].schema_file).read_text("utf-8")
    assert committed == schema_of(TOPICS[topic]), "run `make schemas`"


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_good_and_bad_examples(topic: str) -> None:
    assert [path for path in GOOD if path.parent.name == topic]
    assert [path for path in BAD if path.parent.name == topic]


def test_there_are_no_examples_of_other_topics_or_of_another_kind() -> None:
    files = {path for path in (SCHEMAS / "examples").rglob("*") if path.is_file()}
    assert files == {*GOOD, *BAD}
    assert {path.parent.name for path in files} == TOPICS.keys()


@pytest.mark.parametrize("path", GOOD, ids=shown)
def test_a_good_example_is_valid_for_both_validators_and_the_model(path: Path) -> None:
    topic, value = path.parent.name, path.read_bytes()
    assert list(validator(topic).iter_errors(json.loads(value))) == []
    record = contracts(SCHEMAS).decode(topic, value, TOPICS[topic].value)
    again = contracts(SCHEMAS).encode(topic, record)
    assert contracts(SCHEMAS).decode(topic, again, TOPICS[topic].value) == record


@pytest.mark.parametrize("path", BAD, ids=shown)
def test_a_bad_example_is_refused_for_the_one_reason_in_its_name(path: Path) -> None:
    topic, value = path.parent.name, path.read_bytes()
    *field, keyword = path.name.removesuffix(".bad.json").split(".")
    (error,) = validator(topic).iter_errors(json.loads(value))
    assert error.validator == keyword
    assert place(error, keyword) == field
    with pytest.raises(ContractViolation) as refused:
        contracts(SCHEMAS).decode(topic, value, TOPICS[topic].value)
    assert f"breaks {TOPICS[topic].schema_file}" in str(refused.value)


def place(error: Any, keyword: str) -> list[str]:
    """The names on the way to the field at fault, places in a list left out."""
    names = [part for part in error.absolute_path if isinstance(part, str)]
    if keyword == "required":
        (missing,) = set(error.validator_value) - set(error.instance)
        names.append(missing)
    return names


def test_the_offsets_of_the_enriched_examples_lead_to_the_text_that_they_quote() -> None:
    quoted = 0
    for path in (one for one in GOOD if one.parent.name == "newswire.enriched.v1"):
        enriched = EnrichedStory.model_validate_json(path.read_bytes())
        if enriched.enrichment is None:
            continue
        evidence = [span for tag in enriched.enrichment.stances for span in tag.evidence]
        for span in [*enriched.enrichment.summary.sentences, *evidence]:
            assert enriched.story.text[span.start : span.end] == span.text
            quoted += 1
    assert quoted
