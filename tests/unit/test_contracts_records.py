"""Records are validated when they are written and when they are read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newswire.config import ROOT
from newswire.contracts.schema import contracts
from newswire.contracts.topics import DEAD_LETTERS, ENRICHED, MAX_VALUE_BYTES, STORIES
from newswire.errors import ConfigError, ContractViolation
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import Story
from tests.factories import (
    a_dead_letter,
    a_generated_summary,
    a_raw_reference,
    a_story,
    an_enriched_story,
)

CONTRACTS = contracts(ROOT / "schemas")

# Without lone surrogates, which no encoded text can hold.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
maybe_texts = st.none() | texts
moments = st.datetimes(
    datetime(2, 1, 1),
    datetime(9998, 1, 1),
    timezones=st.timedeltas(timedelta(hours=-14), timedelta(hours=14))
    .map(lambda offset: timedelta(minutes=offset // timedelta(minutes=1)))
    .map(timezone),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
stories = st.builds(
    a_story,
    id=texts,
    version=st.integers(0, 2**43 - 1),
    first_created=moments,
    version_created=moments,
    embargoed_until=st.none() | moments,
    headline=texts,
    byline=maybe_texts,
    urgency=st.none() | st.integers(1, 9),
    keywords=st.lists(texts, max_size=3),
    body=st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["paragraph", "crosshead", "table", "quote"]), "text": texts}
        ),
        min_size=1,
        max_size=3,
    ),
    extra=st.dictionaries(texts, json_values, max_size=3),
    raw=st.builds(a_raw_reference, uri=texts),
)


def as_read(value: dict[str, Any]) -> Story:
    return CONTRACTS.decode(STORIES, json.dumps(value).encode(), Story)


def plain_story() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(a_story().to_json())
    return loaded


@settings(max_examples=40, deadline=None)
@given(stories)
def test_a_story_comes_back_as_it_was_written(story: Story) -> None:
    assert CONTRACTS.decode(STORIES, CONTRACTS.encode(STORIES, story), Story) == story


def test_an_enriched_story_comes_back_as_it_was_written() -> None:
    enriched = an_enriched_story(generation=3)
    assert CONTRACTS.decode(ENRICHED, CONTRACTS.encode(ENRICHED, enriched), EnrichedStory) == (
        enriched
    )


def test_a_field_of_a_later_v1_is_read_over() -> None:
    assert as_read(plain_story() | {"mood": "calm"}) == a_story()


def test_a_date_in_another_zone_is_kept_in_utc() -> None:
    story = as_read(plain_story() | {"first_created": "2024-05-17T14:00:00+02:00"})
    assert story.first_created == datetime(2024, 5, 17, 12, tzinfo=UTC)
    assert b'"first_created":"2024-05-17T12:00:00Z"' in story.to_json()


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (b"", "not JSON"),
        (b"not JSON", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"null", "is not of type"),
        (b"[]", "is not of type"),
        (json.dumps(plain_story()).replace('"version": 1', '"version": 1e999').encode(), "version"),
        (
            json.dumps(plain_story())
            .replace('"version": 1', f'"version": 1{"0" * 5000}')
            .encode(),
            "not JSON",
        ),
        (json.dumps(plain_story() | {"headline": "\ud800"}).encode(), "breaks its contract"),
        (
            json.dumps(plain_story() | {"extra": {"x": "deep"}})
            .replace('"deep"', "[" * 400 + "]" * 400)
            .encode(),
            "recursion limit",
        ),
        (
            json.dumps(plain_story() | {"first_created": "0001-01-01T00:00:00+14:00"}).encode(),
            "outside the years",
        ),
        (
            json.dumps(plain_story() | {"first_created": "2016-12-31T23:59:60Z"}).encode(),
            "first_created",
        ),
    ],
    ids=[
        "empty", "words", "bytes", "deep", "null", "list", "infinite", "endless", "surrogate",
        "nested", "before-the-calendar", "leap-second",
    ],
)  # fmt: skip
def test_a_hostile_value_is_refused_and_never_stops_the_reader(value: bytes, cause: str) -> None:
    with pytest.raises(ContractViolation, match=cause):
        CONTRACTS.decode(STORIES, value, Story)


@given(st.binary(max_size=60))
def test_whatever_the_bytes_are_they_are_a_story_or_a_violation(value: bytes) -> None:
    with pytest.raises(ContractViolation):
        CONTRACTS.decode(STORIES, value, Story)


def test_a_record_without_a_value_is_refused() -> None:
    with pytest.raises(ContractViolation, match="without a value"):
        CONTRACTS.decode(STORIES, None, Story)


def test_only_the_first_mistakes_are_listed_and_the_others_counted() -> None:
    with pytest.raises(ContractViolation) as refused:
        as_read({})
    message = str(refused.value)
    assert message.count("is a required property") == 3
    assert "more)" in message
    assert "\n" not in message


def test_a_record_that_breaks_its_schema_is_not_written() -> None:
    nameless = a_story().model_copy(update={"headline": None})
    with pytest.raises(ContractViolation, match="headline"):
        CONTRACTS.encode(STORIES, nameless)


def test_a_number_that_json_does_not_have_is_not_written() -> None:
    enriched = an_enriched_story()
    assert enriched.enrichment is not None
    (span,) = enriched.enrichment.summary.sentences
    broken = enriched.model_copy(
        update={
            "enrichment": enriched.enrichment.model_copy(
                update={
                    "summary": enriched.enrichment.summary.model_copy(
                        update={"sentences": (span.model_copy(update={"score": float("nan")}),)}
                    )
                }
            )
        }
    )
    with pytest.raises(ContractViolation, match="score"):
        CONTRACTS.encode(ENRICHED, broken)


def test_text_that_utf8_can_not_hold_is_not_written() -> None:
    letter = a_dead_letter().model_copy(update={"message": "\ud800"})
    with pytest.raises(ContractViolation, match="can't be written"):
        CONTRACTS.encode(DEAD_LETTERS, letter)


def test_a_record_larger_than_kafka_takes_is_at_fault_itself() -> None:
    story = a_story(extra={"appendix": "x" * MAX_VALUE_BYTES})
    with pytest.raises(ContractViolation, match=r"over the limit of 4,128,768"):
        CONTRACTS.encode(STORIES, story)


def test_the_longest_story_fits_a_record_in_any_script() -> None:
    longest = a_story(body=[{"text": "\N{GRINNING FACE}" * 1_000_000}])
    assert len(CONTRACTS.encode(STORIES, longest)) > 4_000_000


def test_a_folder_without_schemas_is_a_wrong_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NEWSWIRE_SCHEMAS_DIR"):
        contracts(tmp_path)


def quoting(**differs: Any) -> dict[str, Any]:
    """An enriched story as JSON whose summary's sentence differs."""
    value: dict[str, Any] = json.loads(an_enriched_story().to_json())
    value["enrichment"]["summary"]["sentences"][0] |= differs
    return value


@pytest.mark.parametrize(
    ("differs", "cause"),
    [
        ({"start": 9, "end": 4}, "a span from 9 to 4 of a text of 66 characters"),
        ({"start": 3, "end": 3}, "a span from 3 to 3 "),
        ({"end": 500}, "a span from 0 to 500 "),
        ({"start": 1, "end": 67}, "does not quote the body"),
        ({"start": 5000, "end": 5066}, "does not quote the body"),
        ({"text": "No pilot voted.", "end": 15}, "does not quote the body"),
    ],
    ids=["backwards", "empty", "too-long", "beside", "behind-the-end", "invented"],
)
def test_a_span_that_does_not_quote_the_body_is_refused(
    differs: dict[str, Any], cause: str
) -> None:
    with pytest.raises(ContractViolation, match="breaks its contract") as refused:
        CONTRACTS.decode(ENRICHED, json.dumps(quoting(**differs)).encode(), EnrichedStory)
    assert cause in str(refused.value)


def test_evidence_is_held_to_the_body_as_the_summary_is() -> None:
    value = quoting()
    value["enrichment"]["stances"][0]["evidence"][0]["text"] = "x" * 66
    with pytest.raises(ContractViolation, match="does not quote the body"):
        CONTRACTS.decode(ENRICHED, json.dumps(value).encode(), EnrichedStory)


def test_a_generated_sentence_may_say_it_in_other_words_but_its_evidence_quotes() -> None:
    enriched = an_enriched_story(summary=a_generated_summary())
    value = json.loads(CONTRACTS.encode(ENRICHED, enriched))
    assert CONTRACTS.decode(ENRICHED, json.dumps(value).encode(), EnrichedStory) == enriched
    value["enrichment"]["summary"]["generated"][0]["evidence"][0]["text"] = "x" * 66
    with pytest.raises(ContractViolation, match="does not quote the body"):
        CONTRACTS.decode(ENRICHED, json.dumps(value).encode(), EnrichedStory)


def test_an_embedding_that_is_not_of_unit_length_is_refused() -> None:
    value = json.loads(an_enriched_story().to_json())
    value["enrichment"]["embedding"][0] = 0.9
    with pytest.raises(ContractViolation, match=r"an embedding of length 0\.9000, not 1"):
        CONTRACTS.decode(ENRICHED, json.dumps(value).encode(), EnrichedStory)


def test_a_copy_that_the_model_never_saw_is_validated_before_it_is_written() -> None:
    other = a_story(body=[{"text": "Something else."}])
    changed = an_enriched_story().model_copy(update={"story": other})
    with pytest.raises(ContractViolation, match="does not quote the body"):
        CONTRACTS.encode(ENRICHED, changed)
    naked = an_enriched_story().model_copy(update={"enrichment": None})
    with pytest.raises(ContractViolation, match='"enrichment" is a required property'):
        CONTRACTS.encode(ENRICHED, naked)
