"""A dead letter can be written whatever went wrong."""

from __future__ import annotations

import base64

import pytest

from newswire.bus.deadletters import dead_letter, origin_key
from newswire.config import ROOT
from newswire.contracts.schema import contracts
from newswire.contracts.topics import DEAD_LETTERS, MAX_RECORD_BYTES
from newswire.errors import NoHeadline
from newswire.stories.model import DeadLetter, Origin
from tests.factories import a_raw_reference

PLACE = Origin(topic="newswire.stories.v1", partition=2, offset=7)


def written(letter: DeadLetter) -> DeadLetter:
    """Through the contract and back: what a reader gets."""
    encoded = contracts(ROOT / "schemas").encode(DEAD_LETTERS, letter)
    assert len(encoded) < MAX_RECORD_BYTES
    return contracts(ROOT / "schemas").decode(DEAD_LETTERS, encoded, DeadLetter)


def test_it_names_the_error_its_cause_and_remedy_and_where_the_bytes_are() -> None:
    raw = a_raw_reference()
    letter = written(dead_letter("parse", NoHeadline("no headline", "give one"), PLACE, raw=raw))
    assert (letter.stage, letter.error) == ("parse", "NoHeadline")
    assert letter.message == "no headline; give one"
    assert (letter.origin, letter.raw, letter.value) == (PLACE, raw, None)
    assert letter.failed_at.tzinfo is not None


def test_the_record_that_went_wrong_is_in_it() -> None:
    letter = written(dead_letter("enrich", ValueError("x"), PLACE, value=b"\xff\x00"))
    assert letter.value is not None
    assert base64.b64decode(letter.value) == b"\xff\x00"


def test_the_largest_record_on_a_topic_fits_or_is_left_out() -> None:
    large = dead_letter("enrich", ValueError("x"), PLACE, value=bytes(MAX_RECORD_BYTES))
    assert written(large).value is None
    fits = dead_letter("enrich", ValueError("x"), PLACE, value=bytes(3_000_000))
    assert written(fits).value is not None


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError(), "ValueError"),
        (ValueError(" \n\t"), "ValueError"),
        (ValueError("one\ntwo\r\n  three"), "one two three"),
        (ValueError("half a pair \ud83d"), "half a pair ?"),
        (ValueError("x" * 10_000), "x" * 2000),
    ],
    ids=["empty", "blank", "lines", "surrogate", "long"],
)
def test_any_message_becomes_one_line_that_can_be_written(error: Exception, message: str) -> None:
    assert written(dead_letter("index", error, PLACE)).message == message


def test_the_letters_of_one_document_or_one_partition_have_one_key() -> None:
    assert origin_key(PLACE) == b"newswire.stories.v1/2"
    assert origin_key(Origin(source="wire", uri="https://example.org/ä")) == (
        "https://example.org/ä".encode()
    )
