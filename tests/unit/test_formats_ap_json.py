"""AP Media API."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswire.errors import NoHeadline
from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, ItemType, Link, PubStatus, Subject

DATA = Path(__file__).parent / "data" / "formats"


def answer() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / "ap-item.json").read_text("utf-8"))
    return document


def only(document: object) -> Draft:
    parsed = parse(json.dumps(document).encode(), uri="https://api.example/content")
    assert parsed.format == "json"
    assert not parsed.failures, str(parsed.failures[0].error)
    (draft,) = parsed.drafts
    return draft


def with_(**more: object) -> Draft:
    document = answer()
    document["data"]["item"] |= more
    return only(document)


@pytest.fixture(scope="module")
def story() -> Draft:
    return only(answer())


def test_an_item_states_its_facts(story: Draft) -> None:
    assert (story.id, story.version, story.type) == ("0123abcd", 3, ItemType.TEXT)
    assert story.headline == "Parliament passes carbon tax"
    assert (story.byline, story.located) == ("By KARI WELD, By JO PARK", "LODEN, Norland")
    assert (story.language, story.provider, story.urgency) == ("en", "AP", 4)
    assert story.slugline == "BC-Norland-Tax, 1st Ld-Writethru"
    assert story.url == "https://news.example/0123abcd"
    assert story.first_created == datetime(2024, 5, 3, 6, 10, tzinfo=UTC)
    assert story.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert story.ednote == "Eds: UPDATES: With AP Photos."
    assert story.extra["description"] == "Nine hours of debate end in a tax."
    assert story.extra["people"] == ["Mira Tolland"]


def test_the_text_beside_the_item_is_its_body(story: Draft) -> None:
    assert [(block.kind, block.text) for block in story.body] == [
        (
            "paragraph",
            "LODEN, Norland (AP) — Parliament passed a carbon tax on Friday, after nine hours of "
            "debate.",
        ),
        ("crosshead", "LONG NIGHT"),
        ("paragraph", "It ended at dawn."),
    ]
    assert story.dateline == "LODEN, Norland (AP) —"


def test_subjects_are_aps_own_and_its_categories_stand_apart(story: Draft) -> None:
    assert story.subjects == [Subject(qcode="aa11", name="Taxation")]
    assert story.extra["categories"] == ["i"]


def test_renditions_and_pictures_are_links(story: Draft) -> None:
    assert story.links == [
        Link(rel="related", href="4567abcd"),
        Link(rel="alternate", href="https://api.example/0123abcd.3?format=NITF"),
    ]


def test_an_item_whose_text_is_elsewhere_is_a_component() -> None:
    document = answer()
    del document["nitf"]
    assert only(document).type is ItemType.COMPONENT


def test_a_feed_page_has_several_items() -> None:
    item = answer()["data"]["item"]
    other = item | {"altids": {"itemid": "9999"}, "headline": None, "renditions": None}
    page = {"api_version": "2", "data": {"items": [{"meta": {}, "item": item}, {"item": other}]}}
    parsed = parse(json.dumps(page).encode(), uri="x")
    assert [draft.id for draft in parsed.drafts] == ["0123abcd"]
    assert [type(one.error) for one in parsed.failures] == [NoHeadline]


def test_a_picture_has_its_caption_and_credit() -> None:
    document = answer()
    del document["nitf"]
    document["data"]["item"] |= {
        "type": "picture",
        "description_caption": "Deputies asleep on Friday, May 3. (AP Photo/Jo Park)",
        "description_creditline": "ASSOCIATED PRESS",
        "photographer": {"name": "Jo Park"},
    }
    draft = only(document)
    assert (draft.type, draft.credit) == (ItemType.PICTURE, "ASSOCIATED PRESS")
    assert draft.captions == [
        Caption(text="Deputies asleep on Friday, May 3.", credit="AP Photo/Jo Park")
    ]


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"pubstatus": "usable"}, PubStatus.USABLE),
        ({"pubstatus": "canceled"}, PubStatus.CANCELED),
        ({"pubstatus": "embargoed"}, PubStatus.WITHHELD),
        ({"editorialtypes": ["Lead"]}, PubStatus.USABLE),
        ({"editorialtypes": ["Kill"]}, PubStatus.CANCELED),
        ({"editorialtypes": ["Withhold"]}, PubStatus.WITHHELD),
        ({"embargoed": "when the vote is over"}, PubStatus.WITHHELD),
    ],
)
def test_a_kill_withdraws_and_a_doubt_withholds(more: dict[str, object], status: PubStatus) -> None:
    assert with_(**more).pub_status is status


def test_an_embargo_holds_until_its_time() -> None:
    draft = with_(embargoed="2027-05-03T04:00:00Z")
    assert draft.embargoed_until == datetime(2027, 5, 3, 4, tzinfo=UTC)
