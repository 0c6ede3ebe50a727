from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.errors import MalformedInput, NoArticle
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft
from newswire.stories.model import ItemType, PubStatus

DATA = Path(__file__).parent / "data/formats/xml"


def read(document: str) -> Parsed:
    return parse(document.encode(), uri="https://acme.example/item.xml")


def an_item(
    meta: str = "", content: str = "", body: str = "<p>One sentence.</p>", attributes: str = ""
) -> str:
    return f"""<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1" version="2"
        {attributes}><itemMeta><itemClass qcode="ninat:text"/>
        <versionCreated>2026-03-04T10:00:00Z</versionCreated>{meta}</itemMeta>
        <contentMeta><headline>A headline</headline>{content}</contentMeta>
        <contentSet><inlineXML><html><body>{body}</body></html></inlineXML></contentSet>
        </newsItem>"""


def one(document: str) -> Draft:
    (draft,) = read(document).drafts
    return draft


@pytest.fixture(scope="module")
def message() -> Parsed:
    return parse((DATA / "g2-message.xml").read_bytes(), uri="https://acme.example/m.xml")


def test_a_message_gives_a_story_for_each_item_and_names_what_is_none(message: Parsed) -> None:
    assert message.format == "newsml-g2"
    assert [draft.type for draft in message.drafts] == [
        ItemType.COMPOSITE,
        ItemType.TEXT,
        ItemType.PICTURE,
    ]
    (failure,) = message.failures
    assert failure.entry == "x"
    assert "<advertItem>" in str(failure.error)


def test_a_package_names_its_items_as_links(message: Parsed) -> None:
    package = message.drafts[0]
    assert [(link.rel, link.href) for link in package.links] == [
        ("item", "tag:acme.example,2026:text1"),
        ("item", "tag:acme.example,2026:pic1"),
    ]


def test_what_a_news_item_states_goes_to_its_fields(message: Parsed) -> None:
    story = message.drafts[1]
    assert (story.id, story.version) == ("tag:acme.example,2026:text1", 978556838)
    assert story.headline == "CORRECTED-Dockers end harbour strike"
    assert story.version_created == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert story.first_created == datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
    assert (story.byline, story.credit, story.provider) == ("Ada Quill", "ACME", "Acme Wire")
    assert (story.language, story.urgency) == ("en-GB", 3)
    assert (story.slugline, story.keywords) == ("HARBOUR-STRIKE/", ["dockers"])
    assert story.located == "Lillehaven"
    assert story.dateline == "LILLEHAVEN, March 4 (Acme) -"
    assert story.rights == "(c) Acme Wire 2026"
    assert [(link.rel, link.href) for link in story.links] == [
        ("previous", "tag:acme.example,2026:text1"),
        ("related", "https://acme.example/background"),
    ]
    assert [(one.role, one.name) for one in story.contributors] == [
        ("reporting", "Ada Quill"),
        ("editing", "Ben Ray"),
        ("other", "Ben Ray"),
    ]


def test_subjects_are_qcodes_each_once_and_words_where_there_is_no_code(message: Parsed) -> None:
    assert [subject.qcode for subject in message.drafts[1].subjects] == [
        "medtop:20000523",
        "medtop:20000531",
        "subj:04000000",
        "Port of Lillehaven",
        "Mira Dahl",
    ]
    assert message.drafts[1].subjects[0].name == "labour market"


def test_what_no_field_is_for_is_kept(message: Parsed) -> None:
    extra = message.drafts[1].extra
    assert extra["signals"] == ["edStat:C", "sig:correction"]
    assert extra["genres"] == ["genre:Current"]
    assert extra["other_headlines"] == ["Union accepts offer"]
    assert extra["subheadlines"] == ["Offer accepted"]
    assert extra["loose_text"] == ["51 77 03 ECO01"]


def test_a_body_is_its_paragraphs_crossheads_tables_and_quotes(message: Parsed) -> None:
    assert [(block.kind, block.text) for block in message.drafts[1].body] == [
        ("paragraph", "By Ada Quill"),
        (
            "paragraph",
            "LILLEHAVEN, March 4 (Acme) - Dockers in Lillehaven Port went back to work on "
            "Wednesday, their union said.",
        ),
        ("crosshead", "Pay"),
        ("list-item", "Four percent from May"),
        ("list-item", "Two days of leave"),
        ("table", "Year\tRise\n2026\t4.0"),
        ("quote", "It is a fair deal."),
        ("paragraph", "(Reporting by Ada Quill; Editing by Ben Ray)"),
    ]
    assert [(one.text, one.credit) for one in message.drafts[1].captions] == [
        ("Cranes at dawn.", "REUTERS/Jo Lens")
    ]


def test_a_note_that_may_be_published_stays_and_a_private_one_goes(message: Parsed) -> None:
    assert message.drafts[1].ednote == "Will be led"
    assert "7946" not in repr(message.drafts)


def test_a_picture_has_its_caption_and_the_address_of_its_file(message: Parsed) -> None:
    picture = message.drafts[2]
    assert picture.body == []
    assert [(one.text, one.credit) for one in picture.captions] == [
        ("Cranes at dawn in Lillehaven.", "REUTERS/Jo Lens")
    ]
    assert picture.extra["content"] == ["https://acme.example/p.jpg"]


def test_a_kill_is_canceled_and_keeps_its_headline_without_a_body() -> None:
    kill = one(an_item('<pubStatus qcode="stat:canceled"/>', body=""))
    assert kill.pub_status is PubStatus.CANCELED
    assert (kill.headline, kill.body, kill.type) == ("A headline", [], ItemType.TEXT)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("", PubStatus.USABLE),
        ('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/usable"/>', PubStatus.USABLE),
        ('<pubStatus qcode="stat:withheld"/>', PubStatus.WITHHELD),
        ('<pubStatus qcode="stat:pondered"/>', PubStatus.WITHHELD),
    ],
)
def test_a_status_that_is_not_known_withholds(status: str, expected: PubStatus) -> None:
    assert one(an_item(status)).pub_status is expected


def test_an_embargo_with_its_zone_holds_the_story_until_then() -> None:
    story = one(an_item("<embargoed>2026-03-05T06:00:00+01:00</embargoed>"))
    assert story.pub_status is PubStatus.USABLE
    assert story.embargoed_until == datetime(2026, 3, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize("stated", ["2026-03-05T06:00:00", "2026-03-05", "tomorrow noon"])
def test_an_embargo_without_a_zone_or_a_date_withholds(stated: str) -> None:
    story = one(an_item(f"<embargoed>{stated}</embargoed>"))
    assert story.pub_status is PubStatus.WITHHELD
    assert story.embargoed_until is None


def test_an_empty_embargo_is_none() -> None:
    assert one(an_item("<embargoed/>")).pub_status is PubStatus.USABLE


def test_a_note_that_repeats_the_embargo_for_people_does_not_withhold() -> None:
    note = "<edNote>STRICTLY EMBARGOED until noon on Thursday</edNote>"
    assert one(an_item(note)).pub_status is PubStatus.WITHHELD
    held = one(an_item("<embargoed>2026-03-05T12:00:00Z</embargoed>" + note))
    assert held.pub_status is PubStatus.USABLE
    assert held.embargoed_until == datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_an_embargo_in_the_copy_holds_the_story_and_reaches_no_body() -> None:
    story = one(
        an_item(body="<p>EMBARGOED UNTIL 0600 GMT, 5 March 2026</p><p>Prices rose on Monday.</p>")
    )
    assert story.embargoed_until == datetime(2026, 3, 5, 6, tzinfo=UTC)
    assert [block.text for block in story.body] == ["Prices rose on Monday."]


def test_contacts_in_a_press_release_are_meant_for_readers() -> None:
    story = one(an_item(body="<p>Prices rose.</p><p>Contact: Jo, jo@acme.example</p>"))
    assert story.body[-1].text == "Contact: Jo, jo@acme.example"


def test_a_date_without_a_zone_is_taken_as_utc_and_extra_says_so() -> None:
    item = an_item().replace("10:00:00Z", "10:00:00")
    story = one(item)
    assert story.version_created == datetime(2026, 3, 4, 10, tzinfo=UTC)
    assert story.extra["dates_without_zone"] == ["version_created"]


def test_a_text_without_text_is_a_component() -> None:
    assert one(an_item(body="")).type is ItemType.COMPONENT


def test_inline_nitf_gives_headline_and_byline_where_the_metadata_have_none() -> None:
    nitf = """<nitf><head><title>A title</title></head><body><body.head>
        <hedline><hl1>From the head</hl1></hedline><byline>By<person>Jo Quill</person></byline>
        </body.head><body.content><block><hl2>Pay</hl2><p>One.</p></block></body.content>
        </body></nitf>"""
    item = an_item().replace("<headline>A headline</headline>", "")
    story = one(item.replace("<html><body><p>One sentence.</p></body></html>", nitf))
    assert (story.headline, story.byline) == ("From the head", "By Jo Quill")
    assert [block.text for block in story.body] == ["One."]


def test_an_agency_s_own_name_for_nitf_is_no_hindrance() -> None:
    own = """<ttnitf><head><title>T</title></head><body><body.head><byline>Jo</byline></body.head>
        <body.content><p>One.</p></body.content></body></ttnitf>"""
    story = one(an_item().replace("<html><body><p>One sentence.</p></body></html>", own))
    assert (story.byline, [block.text for block in story.body]) == ("Jo", ["One."])


def test_a_paragraph_in_an_item_of_a_list_is_one_and_a_quoted_list_is_a_quote() -> None:
    story = one(
        an_item(
            body="""<p>First.</p><ul><li>Second</li><li><p>Third.</p>fourth</li></ul>
            <dl><dt>Fifth</dt><dd>Sixth <b>and</b> last</dd></dl>
            <blockquote><ul><li>Seventh</li></ul></blockquote>"""
        )
    )
    assert [(block.kind, block.text) for block in story.body] == [
        ("paragraph", "First."),
        ("list-item", "Second"),
        ("paragraph", "Third."),
        ("list-item", "fourth"),
        ("list-item", "Fifth"),
        ("list-item", "Sixth and last"),
        ("quote", "Seventh"),
    ]


def test_plain_text_content_has_a_paragraph_for_each_block_of_lines() -> None:
    item = an_item().replace(
        "<inlineXML><html><body><p>One sentence.</p></body></html></inlineXML>",
        "<inlineData contenttype='text/plain'>One line\nand its end.\n\nAnother.</inlineData>",
    )
    assert [block.text for block in one(item).body] == ["One line and its end.", "Another."]


def test_results_and_events_are_no_text_and_what_they_say_in_words_is_kept() -> None:
    item = an_item().replace(
        "<html><body><p>One sentence.</p></body></html>",
        """<sports-content><sports-event key="4711">
            <team><name>Leeds Rovers</name>
                  <name>Rovers</name></team>

            <team><name>Acme\u00a0United</name></team>
        </sports-event></sports-content>""",
    )
    story = one(item)
    assert story.type is ItemType.COMPONENT
    assert [block.text for block in story.body] == ["Leeds Rovers Rovers", "Acme United"]
    assert story.extra["inline"] == ["sports-content"]


def test_an_alert_without_a_headline_has_its_first_paragraph_as_one() -> None:
    story = one(an_item().replace("<headline>A headline</headline>", ""))
    assert story.headline == "One sentence."
    assert story.extra["headline_from"] == "body"


@pytest.mark.parametrize(
    ("root", "item_type"),
    [("planningItem", ItemType.PLANNING), ("knowledgeItem", ItemType.CONCEPT)],
)
def test_items_that_are_no_news_have_their_kind(root: str, item_type: ItemType) -> None:
    item = one(f'<{root} guid="urn:x:1" version="1"><itemMeta/></{root}>')
    assert item.type is item_type


def test_an_event_sent_as_a_concept_is_an_event() -> None:
    item = one(
        """<conceptItem guid="urn:x:1" version="1"><itemMeta/><concept>
        <conceptId qcode="event:1"/><type qcode="cpnat:event"/><name>Spring meeting</name>
        </concept></conceptItem>"""
    )
    assert (item.type, item.headline) == (ItemType.EVENT, "Spring meeting")
    assert item.extra["concepts"] == ["event:1"]


def test_a_message_without_items_is_named() -> None:
    with pytest.raises(NoArticle, match="without items"):
        read("<newsMessage><header/><itemSet/></newsMessage>")


def test_a_cut_document_is_one_clear_line() -> None:
    whole = an_item()
    with pytest.raises(MalformedInput, match="seems to be cut off") as caught:
        read(whole[: len(whole) // 2])
    assert "\n" not in str(caught.value)


def test_a_wrong_declaration_of_the_character_set_does_no_harm() -> None:
    item = "<?xml version='1.0' encoding='ISO-8859-1'?>" + an_item(body="<p>Décès à Liège.</p>")
    assert one(item).body[0].text == "Décès à Liège."


def test_content_by_itself_is_an_item_that_says_nothing_of_itself() -> None:
    draft = one(
        '<contentSet><inlineXML contenttype="application/xhtml+xml">'
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>Fleet sails</title></head>"
        "<body><p>The fleet sailed on Friday.</p></body></html></inlineXML></contentSet>"
    )
    assert (draft.id, draft.headline) == (None, "Fleet sails")
    assert [block.text for block in draft.body] == ["The fleet sailed on Friday."]


def test_a_group_set_by_itself_is_a_package_whatever_its_mode() -> None:
    draft = one(
        """<groupSet root="G1"><group id="G1" role="group:main" mode="pgrmod:alt">
        <groupRef idref="G2"/><itemRef residref="urn:x:1"><title>One</title></itemRef></group>
        <group id="G2" role="group:side" mode="pgrmod:seq">
        <itemRef residref="urn:x:2"><title>Two</title></itemRef></group></groupSet>"""
    )
    assert (draft.type, draft.id, draft.body) == (ItemType.COMPOSITE, None, [])
    assert [(link.rel, link.href) for link in draft.links] == [
        ("item", "urn:x:1"),
        ("item", "urn:x:2"),
    ]


def test_metadata_by_themselves_are_a_component_with_what_they_state() -> None:
    draft = one(
        """<contentMeta><located qcode="city:Leeds"/><language tag="en-GB"/>
        <subject qcode="reg:Yorkshire"/><dateline>LEEDS, Monday (Acme)</dateline></contentMeta>"""
    )
    assert (draft.type, draft.dateline, draft.located, draft.language) == (
        ItemType.COMPONENT,
        "LEEDS, Monday (Acme)",
        "city:Leeds",
        "en-GB",
    )


def test_a_part_that_says_nothing_is_refused() -> None:
    with pytest.raises(NoArticle, match="without a guid"):
        one("<contentMeta><language tag='en'/></contentMeta>")
