"""ninjs 1 to 3, and what Superdesk and TT write."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.errors import NoArticle
from newswire.formats import parse
from newswire.formats.desk.signals import WITHHELD_NOTE
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, Contributor, ItemType, Link, PubStatus, Subject

DATA = Path(__file__).parent / "data" / "formats"
ITEM = {
    "uri": "urn:norland:1",
    "headline": "Parliament passes a carbon tax",
    "body_html": "<p>Parliament passed a carbon tax on Friday.</p>",
}


def only(document: object) -> Draft:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    parsed = parse(data, uri="https://wire.example/item.json")
    assert not parsed.failures, str(parsed.failures[0].error)
    (draft,) = parsed.drafts
    return draft


def with_(**more: object) -> Draft:
    return only(ITEM | more)


@pytest.fixture(scope="module")
def first() -> Draft:
    return only((DATA / "ninjs-1.json").read_bytes())


@pytest.fixture(scope="module")
def third() -> Draft:
    return only((DATA / "ninjs-3.json").read_bytes())


def test_ninjs_1_states_its_facts(first: Draft) -> None:
    assert (first.id, first.version, first.type) == ("urn:norland:24:tax", 4, ItemType.TEXT)
    assert first.headline == "Parliament passes carbon tax & rebate"
    assert (first.byline, first.located, first.language) == ("Kari Weld", "Loden", "en-GB")
    assert (first.provider, first.urgency, first.slugline) == ("Norland Wire", 3, "NORLAND-TAX")
    assert first.rights == "Copyright 2024 Norland Wire"
    assert first.first_created == datetime(2024, 5, 3, 6, 10, tzinfo=UTC)
    assert first.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert first.expires == datetime(2024, 6, 3, tzinfo=UTC)
    assert first.contributors == [Contributor(role="writing", name="Kari Weld")]
    assert first.extra["genres"] == ["Article"]
    assert first.extra["places"] == ["Norland"]


def test_subjects_are_qcodes_where_the_scheme_is_iptcs(first: Draft) -> None:
    assert first.subjects == [
        Subject(qcode="medtop:20000592", name="taxation"),
        Subject(qcode="subj:04008000", name="macro economics"),
        Subject(qcode="climate", name="Climate"),
    ]


def test_the_html_body_is_read_before_the_plain_one(first: Draft) -> None:
    assert [(block.kind, block.text) for block in first.body] == [
        ("paragraph", "LODEN (Reuters) - Parliament passed a carbon tax on Friday."),
        ("crosshead", "Long night"),
        ("paragraph", "The debate took nine hours and ended at dawn."),
    ]
    assert (first.dateline, first.provider) == ("LODEN (Reuters) -", "Norland Wire")


def test_pictures_are_captions_and_other_items_are_links(first: Draft) -> None:
    assert first.captions == [Caption(text="Deputies asleep on Friday.", credit="Jo Park")]
    assert first.links == [
        Link(rel="previous", href="urn:norland:24:tax-vote"),
        Link(rel="related", href="urn:norland:24:timeline"),
        Link(rel="related", href="urn:norland:24:untold"),
    ]


def test_ninjs_3_states_the_same_in_other_names(third: Draft) -> None:
    assert (third.id, third.version) == ("urn:norland:24:tax", 4)
    assert third.headline == "Parliament passes carbon tax"
    assert (third.byline, third.located) == ("Kari Weld", "Loden")
    assert third.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert third.subjects == [Subject(qcode="medtop:20000592", name="taxation")]
    assert [block.text for block in third.body] == ["Parliament passed a carbon tax on Friday."]
    assert third.captions == [Caption(text="Deputies asleep on Friday.", credit="Jo Park")]
    assert third.extra["description"] == "Nine hours of debate end in a tax."
    # Contacts stand beside the names.
    assert third.extra["people"] == ["Mira Tolland"]
    assert "555" not in json.dumps(third.extra)


@pytest.mark.parametrize(
    ("names", "id"),
    [
        ({"guid": "urn:g", "uri": "https://api.example/1"}, "urn:g"),
        ({"uri": "urn:u"}, "urn:u"),
        ({"_id": "abc"}, "abc"),
    ],
)
def test_the_id_is_what_other_items_refer_to(names: dict[str, str], id: str) -> None:
    rest = {name: value for name, value in ITEM.items() if name != "uri"}
    assert only(rest | names).id == id


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        (None, PubStatus.USABLE),
        ("usable", PubStatus.USABLE),
        ("stat:usable", PubStatus.USABLE),
        ("http://cv.iptc.org/newscodes/pubstatusg2/usable", PubStatus.USABLE),
        ("withheld", PubStatus.WITHHELD),
        ("canceled", PubStatus.CANCELED),
        ("replaced", PubStatus.CANCELED),
        ("commissioned", PubStatus.WITHHELD),
        ("sometime", PubStatus.WITHHELD),
    ],
)
def test_a_status_that_is_not_known_withholds(stated: str | None, status: PubStatus) -> None:
    assert with_(pubstatus=stated).pub_status is status


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        ({"state": "published"}, PubStatus.USABLE),
        ({"state": "corrected"}, PubStatus.USABLE),
        ({"state": "killed"}, PubStatus.CANCELED),
        ({"state": "scheduled"}, PubStatus.WITHHELD),
        ({"flags": {"marked_for_not_publication": True}}, PubStatus.WITHHELD),
        ({"flags": {"marked_for_not_publication": False}}, PubStatus.USABLE),
        ({"uri": "http://tt.se/media/text/1", "profile": "INFO"}, PubStatus.WITHHELD),
        ({"uri": "http://tt.se/media/text/1", "profile": "PUBL"}, PubStatus.USABLE),
        ({"profile": "INFO"}, PubStatus.USABLE),
    ],
)
def test_states_and_marks_of_superdesk_and_tt_count(
    stated: dict[str, object], status: PubStatus
) -> None:
    assert with_(pubstatus="usable", **stated).pub_status is status


def test_a_kill_needs_no_body() -> None:
    draft = only({"uri": "urn:norland:1", "pubstatus": "canceled", "headline": "Withdrawn"})
    assert (draft.pub_status, draft.body) == (PubStatus.CANCELED, [])


@pytest.mark.parametrize("name", ["embargoed", "embargo", "Embargoed", "embargoedUntil"])
def test_an_embargo_holds_until_its_time(name: str) -> None:
    draft = with_(**{name: "2027-05-03T09:00:00+02:00"})
    assert draft.embargoed_until == datetime(2027, 5, 3, 7, tzinfo=UTC)
    assert draft.pub_status is PubStatus.USABLE


@pytest.mark.parametrize(
    "stated",
    [
        "2027-05-03T09:00:00", "tomorrow morning", "2027-05-03", True, 1809331200,
        ["2027-05-03T09:00:00Z"], {"until": "2027-05-03T09:00:00Z"},
    ],
)  # fmt: skip
def test_an_embargo_whose_end_cannot_be_told_withholds(stated: object) -> None:
    draft = with_(embargoed=stated)
    assert draft.pub_status is PubStatus.WITHHELD
    assert (draft.embargoed_until, draft.ednote) == (None, WITHHELD_NOTE)


@pytest.mark.parametrize("stated", [None, "", " ", False, [], {}])
def test_an_embargo_without_anything_in_it_is_none(stated: object) -> None:
    draft = with_(embargoed=stated, pubstatus=stated)
    assert (draft.embargoed_until, draft.pub_status) == (None, PubStatus.USABLE)


@pytest.mark.parametrize("stated", [["canceled"], {"qcode": "stat:canceled"}, True, 2])
def test_a_status_that_is_no_word_withholds(stated: object) -> None:
    assert with_(pubstatus=stated).pub_status is PubStatus.WITHHELD


def test_a_superdesk_schedule_is_an_embargo() -> None:
    draft = with_(schedule_settings={"utc_embargo": "2027-05-03T07:00:00+0000"})
    assert draft.embargoed_until == datetime(2027, 5, 3, 7, tzinfo=UTC)


def test_a_note_that_is_private_reaches_no_story() -> None:
    draft = with_(ednote="Adds vote.\nDesk: +47 22 34 56 78\nkari@norland.example has more")
    assert draft.ednote == "Adds vote."


@pytest.mark.parametrize(
    ("note", "status", "until"),
    [
        ("EMBARGOED UNTIL 07:00 GMT, 3 May 2027", PubStatus.USABLE, True),
        ("EMBARGOED UNTIL FRIDAY", PubStatus.WITHHELD, False),
    ],
)
def test_an_embargo_in_a_note_counts(note: str, status: PubStatus, until: bool) -> None:
    draft = with_(ednote=note)
    assert (draft.pub_status, draft.embargoed_until is not None) == (status, until)


def test_a_picture_is_told_by_its_caption() -> None:
    draft = with_(
        type="picture", body_html="", description_text="The chamber at dawn.", byline="Jo Park"
    )
    assert (draft.type, draft.body) == (ItemType.PICTURE, [])
    assert draft.captions == [Caption(text="The chamber at dawn.", credit="Jo Park")]


@pytest.mark.parametrize(
    ("stated", "kind"),
    [("graphic", ItemType.GRAPHIC), ("composite", ItemType.COMPOSITE), ("event", ItemType.EVENT)],
)
def test_the_kind_of_item_is_kept(stated: str, kind: ItemType) -> None:
    assert with_(type=stated).type is kind


def test_a_kind_that_iptc_does_not_know_is_a_text() -> None:
    draft = with_(type="advisory")
    assert (draft.type, draft.extra["type"]) == (ItemType.TEXT, "advisory")


def test_a_text_whose_text_is_elsewhere_is_a_component() -> None:
    story = {"headline": "Told in pictures", "uri": "urn:norland:9"}
    picture = {"uri": "urn:norland:10", "type": "picture", "description_text": "At dawn."}
    assert only(story | {"associations": {"a": picture}}).type is ItemType.COMPONENT


def test_a_text_without_any_text_is_no_story() -> None:
    with_text = {"uri": "urn:norland:1", "headline": "One", "body_text": "It happened."}
    parsed = parse(json.dumps([with_text, {"uri": "urn:2", "headline": "Two"}]).encode(), uri="x")
    (failure,) = parsed.failures
    assert (failure.entry, type(failure.error)) == ("urn:2", NoArticle)


@pytest.mark.parametrize(
    ("stated", "version", "kept"),
    [
        ("2", 2, None),
        (7, 7, None),
        ("1st Ld-Writethru", None, "1st Ld-Writethru"),
        (-1, None, "-1"),
    ],
)
def test_a_version_is_a_number_or_is_kept(
    stated: object, version: int | None, kept: str | None
) -> None:
    draft = with_(version=stated)
    assert (draft.version, draft.extra.get("version")) == (version, kept)


def test_an_urgency_beyond_nine_is_kept() -> None:
    draft = with_(urgency=12)
    assert (draft.urgency, draft.extra["urgency"]) == (None, 12)


def test_revisions_and_replacements_are_links() -> None:
    draft = with_(
        replacing=["urn:norland:0"],
        replacedby="urn:norland:2",
        revisions=[{"uri": "urn:norland:0"}, {"uri": "urn:norland:1"}],
    )
    assert draft.links == [
        Link(rel="previous", href="urn:norland:0"),
        Link(rel="next", href="urn:norland:2"),
        Link(rel="revision", href="urn:norland:0"),
    ]


def test_what_tts_html_repeats_of_other_fields_is_no_body() -> None:
    html = (
        "<html><head><title>A</title></head><body><article><section>"
        "<h1>Parliament passes a carbon tax</h1>"
        '<div class="dat"><span class="vignette">Tax</span><span class="source">NW</span></div>'
        '<div class="bodytext"><p>Parliament passed a tax.</p><blockquote>At last.</blockquote>'
        '</div><figure><img src="a.jpg"/><div class="byline">Jo Park</div>'
        "<figcaption>Deputies asleep.</figcaption></figure></section></article></body></html>"
    )
    draft = with_(body_html="", body_html5=html, byline="Kari Weld")
    assert [(block.kind, block.text) for block in draft.body] == [
        ("paragraph", "Parliament passed a tax."),
        ("quote", "At last."),
    ]
    assert draft.captions == [Caption(text="Deputies asleep.")]


def test_blank_lines_part_paragraphs_where_nothing_else_does() -> None:
    draft = with_(body_html="Parliament <b>passed</b> it.\n\nThe debate\nwas long.")
    assert [block.text for block in draft.body] == ["Parliament passed it.", "The debate was long."]


def test_a_date_without_a_zone_says_so() -> None:
    draft = with_(versioncreated="2024-05-03T07:30:00", firstcreated="in May")
    assert draft.version_created == datetime(2024, 5, 3, 7, 30, tzinfo=UTC)
    assert draft.extra["dates_without_zone"] == ["version_created"]
    assert draft.extra["date_unreadable"] == "in May"
