"""A draft becomes a story: identity, version, dates, and what is no story at all."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from newswire.errors import ContractViolation, InputTooLarge, NoArticle, NoHeadline
from newswire.stories.draft import identity
from newswire.stories.finish import finish
from newswire.stories.identity import fingerprint, kafka_key
from newswire.stories.model import Block, Caption, ItemType, Link, PubStatus, Subject
from tests.factories import NOON, a_draft, a_raw_reference, a_story

RAW = a_raw_reference(archived_at=NOON + timedelta(hours=1))


def test_the_providers_id_comes_before_the_url_and_the_url_before_a_hash() -> None:
    assert identity(a_draft(id="guid-1", url="https://example.org/1")) == "guid-1"
    assert identity(a_draft(id=None, url="https://example.org/1")) == "https://example.org/1"
    assert identity(a_draft(id=None)).startswith("urn:sha256:")


def test_the_hash_follows_the_headline_and_the_body_and_nothing_else() -> None:
    plain = identity(a_draft(id=None))
    assert plain == identity(a_draft(id=None, byline="By Another", ednote="EDITS"))
    assert plain != identity(a_draft(id=None, headline="Other"))
    assert plain != identity(a_draft(id=None, body=[Block(text="Other")]))


def test_a_hash_is_made_of_any_string() -> None:
    assert identity(a_draft(id=None, headline="\ud800")).startswith("urn:sha256:")


def test_stories_without_headline_and_body_are_told_apart_by_what_else_they_state() -> None:
    bare: dict[str, object] = {"id": None, "headline": None, "body": []}
    others: list[dict[str, object]] = [
        {},
        {"links": [Link(rel="item", href="urn:x:1")]},
        {"links": [Link(rel="item", href="urn:x:2")]},
        {"captions": [Caption(text="A port")]},
        {"subjects": [Subject(qcode="medtop:1")]},
        {"dateline": "LEEDS (Acme) -"},
    ]
    assert len({identity(a_draft(**(bare | other))) for other in others}) == len(others)


def test_a_lineage_comes_before_the_id_and_leaves_it_as_it_is() -> None:
    revisions = [a_draft(id=f"item:{n}", lineage="item", version=n) for n in (1, 2)]
    assert [identity(one) for one in revisions] == ["item", "item"]
    assert [finish(one, RAW).id for one in revisions] == ["item:1", "item:2"]
    assert kafka_key(finish(revisions[0], RAW)) == b"item"


def test_a_picture_and_a_package_need_neither_headline_nor_body() -> None:
    picture = a_draft(id="p", type=ItemType.PICTURE, headline=None, body=[])
    assert finish(picture, RAW).type is ItemType.PICTURE


def test_a_date_without_a_zone_breaks_the_contract() -> None:
    with pytest.raises(ContractViolation, match="without a time zone"):
        finish(a_draft(version_created=NOON.replace(tzinfo=None)), RAW)


def test_a_version_that_is_stated_is_kept() -> None:
    assert finish(a_draft(version=3), RAW).version == 3
    assert finish(a_draft(version=0), RAW).version == 0


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"version_created": NOON, "first_created": NOON - timedelta(days=1)}, NOON),
        ({"version_created": None, "first_created": NOON}, NOON),
        ({"version_created": None, "first_created": None}, RAW.archived_at),
    ],
    ids=["of the version", "of the story", "of the archive"],
)
def test_without_a_stated_version_it_is_a_date_in_milliseconds(
    dates: dict[str, Any], expected: datetime
) -> None:
    story = finish(a_draft(**dates), RAW)
    assert story.version_created == expected
    assert story.version == int(expected.timestamp() * 1000)


def test_milliseconds_count_and_a_date_before_1970_is_version_0() -> None:
    later = NOON + timedelta(milliseconds=1)
    at = [finish(a_draft(version_created=moment), RAW).version for moment in (NOON, later)]
    assert at[1] - at[0] == 1
    assert finish(a_draft(version_created=datetime(1912, 4, 15, tzinfo=UTC)), RAW).version == 0


def test_the_first_date_that_was_published_wins_over_what_a_later_version_says() -> None:
    before = NOON - timedelta(days=40)
    assert finish(a_draft(first_created=NOON), RAW, first_created=before).first_created == before
    assert finish(a_draft(first_created=NOON), RAW).first_created == NOON


def test_the_same_bytes_archived_once_give_the_same_story_again() -> None:
    undated = {"version_created": None}
    assert finish(a_draft(**undated), RAW) == finish(a_draft(**undated), RAW)


def test_a_usable_story_needs_a_headline_and_a_body() -> None:
    with pytest.raises(NoHeadline, match="no headline; a story needs a title"):
        finish(a_draft(headline=None), RAW)
    with pytest.raises(NoArticle, match="no body under the headline 'Pilots end strike'"):
        finish(a_draft(body=[]), RAW)


@pytest.mark.parametrize("status", [PubStatus.CANCELED, PubStatus.WITHHELD])
def test_a_withdrawn_story_needs_neither(status: PubStatus) -> None:
    story = finish(a_draft(pub_status=status, headline=None, body=[]), RAW)
    assert (story.pub_status, story.headline, story.body) == (status, None, ())


def test_of_a_withheld_story_nothing_is_said_that_may_be_under_embargo() -> None:
    story = finish(
        a_draft(
            pub_status=PubStatus.WITHHELD,
            headline="Pilots end strike",
            byline="By Pilots",
            slugline="PILOTS",
            keywords=["pilots"],
            captions=[Caption(text="Pilots")],
            extra={"standfirst": "Pilots"},
            provider="Example Wire",
            ednote="Withheld",
        ),
        RAW,
    )
    assert "ilots" not in story.model_dump_json().lower()
    assert (story.provider, story.ednote) == ("Example Wire", "Withheld")
    assert story.id == identity(a_draft())


def test_a_body_over_the_limit_is_refused_with_both_numbers() -> None:
    body = [Block(text="x" * 600), Block(text="y" * 401)]
    with pytest.raises(InputTooLarge, match="1,001 characters, over the limit of 1,000"):
        finish(a_draft(body=body), RAW, max_chars=1000)
    assert finish(a_draft(body=body), RAW, max_chars=1001)


@pytest.mark.parametrize(
    ("differs", "field"),
    [
        ({"version_created": datetime(2024, 5, 17), "version": 1}, "version_created"),
        ({"version": -1}, "version"),
        ({"language": "English, mostly"}, "language"),
        ({"urgency": 0}, "urgency"),
        ({"id": "x" * 2049}, "id"),
        (
            {"first_created": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))},
            "first_created",
        ),
        ({"headline": "half a pair: \ud83d"}, "headline"),
    ],
    ids=["no-zone", "negative", "language", "urgency", "long-id", "calendar", "surrogate"],
)
def test_a_field_that_breaks_the_contract_is_named(differs: dict[str, Any], field: str) -> None:
    with pytest.raises(ContractViolation) as refused:
        finish(a_draft(**differs), RAW)
    message = str(refused.value)
    assert message.startswith("the story breaks its contract: ")
    assert f"{field}: " in message


def test_the_fingerprint_is_blind_to_when_and_where_and_sees_all_that_is_said() -> None:
    same = a_story(version=9, version_created=NOON + timedelta(days=1), first_created=NOON)
    assert fingerprint(a_story()) == fingerprint(same)
    for differs in (
        {"headline": "Other"},
        {"captions": [Caption(text="A boat")]},
        {"pub_status": "withheld"},
        {"extra": {"a": 1}},
    ):
        assert fingerprint(a_story()) != fingerprint(a_story(**differs))


def test_all_versions_of_a_story_have_one_key() -> None:
    assert kafka_key(a_story(version=1)) == kafka_key(a_story(version=2))


def test_the_text_joins_the_blocks_so_that_offsets_can_refer_to_it() -> None:
    assert a_story(body=[{"text": "One."}, {"text": "Two."}]).text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"body": [Block(text="Pilots"), Block(text="")]}, "body.1.text"),
        ({"captions": [Caption(text="Pilots", credit="")]}, "captions.0.credit"),
        ({"subjects": [Subject(qcode="")]}, "subjects.0.qcode"),
    ],
)
def test_what_a_parser_made_is_validated_when_the_story_is_finished(
    part: dict[str, Any], place: str
) -> None:
    with pytest.raises(ContractViolation, match=re.escape(place)):
        finish(a_draft(**part), RAW)
