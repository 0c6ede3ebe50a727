"""The JSON of single vendors."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, ItemType, PubStatus, Subject

FINGERPOST = {
    "uri": "http://NORLAND/55/2024-05-03T07:30:00.000Z/2",
    "source-feed": "NORLAND",
    "usn": "55",
    "version": "2",
    "status": "",
    "type": "text",
    "format": "GOA-WIRES-NINJS",
    "firstVersion": "2024-05-03T06:10:00.000Z",
    "versionCreated": "2024-05-03T07:30:00.000Z",
    "slug": "POLITICS Tax",
    "headline": "Parliament passes carbon tax",
    "byline": "Kari Weld",
    "priority": "3",
    "subjects": {"code": ["politics", "iptccat:a", "politics"]},
    "keywords": "tax+climate",
    "mediaCatCodes": "NOR",
    "language": "en",
    "location": "Loden",
    "body_text": "<p>Parliament passed a carbon tax on Friday.</p><p>It took nine hours.</p>",
}
REUTERS = {
    "versionedGuid": "tag:wire.example,2024:newsml_L8N1:1234567",
    "headLine": "Parliament passes carbon tax",
    "byLine": "Kari Weld",
    "type": "text",
    "pubStatus": "usable",
    "language": "en",
    "urgency": 2,
    "firstCreated": "2024-05-03T06:10:00Z",
    "versionCreated": "2024-05-03T07:30:00Z",
    "bodyXhtml": "<p>LODEN, May 3 (Reuters) - Parliament passed a carbon tax.</p>",
    "subject": [{"code": "N2:NO", "name": "Norland"}],
    "usn": "L8N1",
}
PRESS = {
    "uuid": "u-1",
    "title": "Parliament passes carbon tax",
    "lead": "Nine hours of debate.",
    "body": "Parliament passed a carbon tax on Friday.\n\nIt ended at dawn.",
    "publishDate": "2024-05-03T07:30:00Z",
    "language": "EN",
    "source": "BELGA",
}
ARCHIVED = {
    "newsObjectId": 77,
    "assetType": "Short",
    "headLine": "Parliament passes carbon tax",
    "topic": "TAX",
    "credit": "BELGA",
    "source": "BELGA",
    "language": "EN",
    "createDate": 1714715400000,
    "validateDate": 1714719000000,
    "authors": [{"name": "Kari Weld", "type": "AUTHOR"}],
    "editorialInfo": "Foto volgt. Desk: +32 2 743 23 11",
    "newsComponents": [
        {"assetType": "Lead", "proxies": [{"varcharData": "Nine hours of debate."}]},
        {"assetType": "Body", "proxies": [{"varcharData": "Parliament passed a tax."}]},
    ],
}
IMAGE = {
    "imageId": 12,
    "name": "Deputies",
    "caption": "Deputies asleep.",
    "credit": "JO PARK",
    "author": "",
    "city": "Loden",
    "createDate": "2024-05-03T07:30:00Z",
}
EVENT = {
    "itemId": 91,
    "summary": "Vote on the carbon tax",
    "description": "Parliament votes.",
    "startDate": "2024-05-03T00:00:00",
    "venue": "Loden",
    "categories": [{"categoryId": 1, "categoryName": "Politics"}],
    "pressContacts": [{"name": "Mira Tolland", "phone": "+47 555 12 34 56"}],
    "isProvisional": True,
}


def only(document: object) -> Draft:
    parsed = parse(json.dumps(document).encode(), uri="https://api.example/items")
    assert parsed.format == "json"
    assert not parsed.failures, str(parsed.failures[0].error)
    (draft,) = parsed.drafts
    return draft


def test_fingerpost_is_ninjs_in_other_names() -> None:
    draft = only(FINGERPOST)
    assert (draft.id, draft.version, draft.urgency) == ("55", 2, 3)
    assert (draft.headline, draft.byline) == ("Parliament passes carbon tax", "Kari Weld")
    assert (draft.provider, draft.located, draft.slugline) == ("NORLAND", "Loden", "POLITICS Tax")
    assert draft.first_created == datetime(2024, 5, 3, 6, 10, tzinfo=UTC)
    assert draft.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert draft.subjects == [Subject(qcode="politics"), Subject(qcode="iptccat:a")]
    assert draft.keywords == ["tax", "climate"]
    assert [block.text for block in draft.body] == [
        "Parliament passed a carbon tax on Friday.",
        "It took nine hours.",
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("usable", PubStatus.USABLE),
        ("canceled", PubStatus.CANCELED),
        ("embargoed", PubStatus.WITHHELD),
        ("on hold", PubStatus.WITHHELD),
    ],
)
def test_the_status_of_fingerpost_counts(status: str, expected: PubStatus) -> None:
    assert only(FINGERPOST | {"status": status}).pub_status is expected


@pytest.mark.parametrize("document", [REUTERS, {"data": {"item": REUTERS}}])
def test_the_guid_of_reuters_is_told_from_its_version(document: object) -> None:
    draft = only(document)
    assert (draft.id, draft.version) == ("tag:wire.example,2024:newsml_L8N1", 1234567)
    assert (draft.byline, draft.provider, draft.urgency) == ("Kari Weld", "Reuters", 2)
    assert (draft.dateline, draft.located) == ("LODEN, May 3 (Reuters) -", "LODEN")
    assert [block.text for block in draft.body] == [
        "LODEN, May 3 (Reuters) - Parliament passed a carbon tax."
    ]
    assert draft.subjects == [Subject(qcode="N2:NO", name="Norland")]


def test_a_picture_of_reuters_has_a_caption_and_no_body() -> None:
    picture = REUTERS | {"type": "picture", "bodyXhtml": "", "caption": "Deputies asleep."}
    draft = only(picture)
    assert (draft.type, draft.body) == (ItemType.PICTURE, [])
    assert draft.captions == [Caption(text="Deputies asleep.")]


def test_belgas_press_api_gives_stories() -> None:
    draft = only({"data": [PRESS], "_meta": {"total": 1}})
    assert (draft.id, draft.language, draft.provider) == ("u-1", "en", "BELGA")
    assert draft.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert [block.text for block in draft.body] == [
        "Nine hours of debate.",
        "Parliament passed a carbon tax on Friday.",
        "It ended at dawn.",
    ]


def test_belgas_archive_gives_stories_without_its_notes_numbers() -> None:
    draft = only({"newsObjects": [ARCHIVED], "nrNewsObjects": 1, "start": 0})
    assert (draft.id, draft.slugline, draft.byline) == ("77", "TAX", "Kari Weld")
    assert draft.first_created == datetime(2024, 5, 3, 5, 50, tzinfo=UTC)
    assert draft.version_created == datetime(2024, 5, 3, 6, 50, tzinfo=UTC)
    assert [block.text for block in draft.body] == [
        "Nine hours of debate.",
        "Parliament passed a tax.",
    ]
    assert draft.ednote is None


def test_belgas_pictures_have_captions() -> None:
    draft = only({"nrImages": 1, "images": [IMAGE]})
    assert (draft.id, draft.type) == ("belgaimage:12", ItemType.PICTURE)
    assert draft.captions == [Caption(text="Deputies asleep.", credit="JO PARK")]


def test_a_planned_event_names_no_contacts() -> None:
    draft = only([EVENT])
    assert (draft.id, draft.type, draft.provider) == ("91", ItemType.EVENT, "Onclusive")
    assert (draft.headline, draft.keywords) == ("Vote on the carbon tax", ["Politics"])
    assert draft.extra["provisional"] is True
    assert "555" not in repr(draft)
    assert only([EVENT | {"deleted": True}]).pub_status is PubStatus.CANCELED
