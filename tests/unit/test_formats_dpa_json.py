"""dpa digitalwires, and that it is read to the same story as dpa's own NewsML-G2 of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswire.config import ROOT
from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, ItemType, Link, PubStatus, Subject

DATA = Path(__file__).parent / "data" / "formats"
PAIRED = ROOT.parent / "shared" / "wire" / "dpa-digitalwires-json"
CONVERTED = PAIRED / "expected-newsml-g2"


def entry() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / "dpa-entry.json").read_text("utf-8"))
    return document


def only(document: object) -> Draft:
    parsed = parse(json.dumps(document).encode(), uri="https://api.example/entries")
    assert parsed.format == "json"
    assert not parsed.failures, str(parsed.failures[0].error)
    (draft,) = parsed.drafts
    return draft


@pytest.fixture(scope="module")
def story() -> Draft:
    return only(entry())


def test_an_entry_states_its_facts(story: Draft) -> None:
    assert (story.id, story.version, story.type) == ("urn:newsml:example:1", 2, ItemType.TEXT)
    assert story.headline == "Norland beschließt «Steuer»"
    assert (story.byline, story.located, story.language) == ("Von Kari Weld", "Loden", "de")
    assert (story.provider, story.credit, story.urgency) == ("dpa", "dpa", 3)
    assert story.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert story.keywords == ["Steuern"]
    assert story.subjects == [
        Subject(qcode="dpacat:pl", name="pl"),
        Subject(qcode="dpacountry:9", name="Norland"),
        Subject(qcode="medtop:20000592", name="Steuerpolitik"),
    ]
    assert story.extra["kicker"] == "Klimapolitik"
    assert story.extra["signals"] == ["update"]


def test_teaser_article_and_box_are_the_body(story: Draft) -> None:
    assert story.dateline == "Loden (dpa) -"
    assert [(block.kind, block.text) for block in story.body] == [
        ("paragraph", "Neun Stunden dauerte die Debatte."),
        ("paragraph", "Loden (dpa) - Das Parlament hat am Freitag eine Steuer beschlossen."),
        ("crosshead", "Lange Nacht"),
        ("paragraph", "Die Debatte endete am Morgen."),
        ("crosshead", "Zahlen"),
        ("paragraph", "101 dafür, 99 dagegen."),
    ]


def test_the_text_begins_with_the_dateline_that_is_stated_beside_it() -> None:
    apart = entry() | {"article_html": "<p>Das Parlament tagt.</p>", "teaser": None}
    apart["infobox_html"] = None
    assert [block.text for block in only(apart).body] == ["Loden (dpa) - Das Parlament tagt."]


def test_links_and_pictures_have_their_fields(story: Draft) -> None:
    assert story.captions == [Caption(text="Schlafende Abgeordnete.", credit="Jo Park/dpa")]
    assert story.links == [
        Link(rel="related", href="https://norland.example/?a=1&b=2"),
        Link(rel="related", href="urn:newsml:example:2"),
    ]


def test_notes_that_are_not_for_publication_reach_no_story(story: Draft) -> None:
    assert story.ednote == "Foto aktuell"
    assert "3228" not in repr(story)


def test_an_entry_that_is_a_picture_is_one() -> None:
    picture = entry() | {"article_html": None, "teaser": None, "byline": None, "dateline": None}
    picture["associations"][0]["urn"] = picture["urn"]
    draft = only(picture)
    assert (draft.type, draft.body, draft.links[1:]) == (ItemType.PICTURE, [], [])
    assert draft.byline == "weld"
    assert draft.captions == [Caption(text="Schlafende Abgeordnete.", credit="Jo Park/dpa")]


def test_an_embargo_holds_and_a_cancelled_entry_is_withdrawn() -> None:
    held = only(entry() | {"embargoed": "2027-05-03T09:00:00+02:00"})
    assert held.embargoed_until == datetime(2027, 5, 3, 7, tzinfo=UTC)
    killed = only(entry() | {"pubstatus": "canceled", "article_html": None})
    assert killed.pub_status is PubStatus.CANCELED


def test_several_entries_give_several_stories() -> None:
    other = entry() | {"urn": "urn:newsml:example:3"}
    parsed = parse(json.dumps({"entries": [entry(), other]}).encode(), uri="x")
    assert [draft.id for draft in parsed.drafts] == ["urn:newsml:example:1", "urn:newsml:example:3"]


@pytest.mark.skipif(not CONVERTED.is_dir(), reason=f"the real files are not here: {CONVERTED}")
def test_it_is_the_story_that_dpas_own_newsml_g2_tells() -> None:
    compared = 0
    for path in sorted(CONVERTED.glob("*.xml")):
        source = PAIRED / f"{path.stem}.json"
        if not source.is_file():
            continue
        (ours,) = parse(source.read_bytes(), uri="x").drafts
        (theirs,) = parse(path.read_bytes(), uri="x").drafts
        for name in ("id", "version", "headline", "language", "version_created", "urgency"):
            assert getattr(ours, name) == getattr(theirs, name), (path.name, name)
        assert {one.qcode for one in ours.subjects} == {
            one.qcode for one in theirs.subjects if not one.qcode.startswith("poi")
        }
        compared += 1
    assert compared
