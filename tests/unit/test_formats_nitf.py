from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.errors import NoArticle
from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.model import PubStatus


def a_document(
    docdata: str = "", body: str = "<p>Prices rose on Monday.</p>", head: str = "", status: str = ""
) -> str:
    return f"""<?xml version="1.0" encoding="iso-8859-1"?>
        <nitf baselang="en-GB"><head><title>1 CITY Prices</title>{head}
        <docdata management-status="{status}"><doc-id id-string="abc-13" regsrc="ACME"/>
        {docdata}</docdata></head><body><body.head><hedline><hl1>PRICES RISE</hl1>
        <hl2>Third month</hl2></hedline></body.head>
        <body.content>{body}</body.content></body></nitf>"""


def read(document: str) -> Draft:
    parsed = parse(document.encode(), uri="https://acme.example/item.xml")
    assert parsed.format == "nitf"
    (draft,) = parsed.drafts
    return draft


def test_what_docdata_states_goes_to_its_fields() -> None:
    story = read(
        a_document(
            """<du-key key="ACME-CITY" version="04"/><urgency ed-urg="4"/>
            <date.issue norm="20260304T132446+0100"/><date.expire norm="20260404T000000Z"/>
            <key-list><keyword key="Prices"/></key-list><evloc city="Leeds" iso-cc="GB"/>
            <doc-scope scope="CITY"/><doc.copyright holder="Acme Wire" year="2026"/>
            <identified-content><person>Mira Dahl</person></identified-content>""",
            head="""<meta name="service" content="Full"/><tobject>
            <tobject.property tobject.property.type="Current"/>
            <tobject.subject tobject.subject.refnum="04000000" tobject.subject.type="Economy"/>
            <tobject.subject tobject.subject.refnum="F0200"/></tobject>""",
            status="usable",
        )
    )
    assert (story.id, story.version, story.urgency) == ("abc-13", 4, 4)
    assert (story.headline, story.language) == ("PRICES RISE", "en-GB")
    assert story.version_created == datetime(2026, 3, 4, 12, 24, 46, tzinfo=UTC)
    assert story.expires == datetime(2026, 4, 4, tzinfo=UTC)
    assert (story.provider, story.credit, story.located) == ("ACME", "Acme Wire", "Leeds")
    assert (story.slugline, story.keywords) == ("ACME-CITY", ["Prices"])
    assert [(one.qcode, one.name) for one in story.subjects] == [
        ("subj:04000000", "Economy"),
        ("F0200", None),
    ]
    assert story.extra == {
        "scopes": ["CITY"],
        "persons": ["Mira Dahl"],
        "genres": ["Current"],
        "meta": {"service": "Full"},
        "other_headlines": ["Third month"],
    }


def test_a_release_after_the_issue_is_an_embargo() -> None:
    story = read(
        a_document(
            """<date.issue norm="20260304T132446+0100"/><date.release norm="20260305T000100+0100"/>
            <ed-msg info="Embargoed to 0001 Thursday March 5"/>""",
            status="embargoed",
        )
    )
    assert story.pub_status is PubStatus.USABLE
    assert story.embargoed_until == datetime(2026, 3, 4, 23, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "docdata",
    [
        "",
        '<date.release norm="20260305T000100"/>',
        '<date.release norm="YYYYMMDD000000-HHMM"/>',
    ],
)
def test_an_embargo_whose_end_cannot_be_told_withholds(docdata: str) -> None:
    assert read(a_document(docdata, status="embargoed")).pub_status is PubStatus.WITHHELD


def test_a_release_date_that_nobody_filled_in_is_no_embargo() -> None:
    story = read(a_document('<date.release norm="YYYYMMDD000000-HHMM"/>', status="usable"))
    assert story.pub_status is PubStatus.USABLE


def test_a_release_date_that_no_calendar_has_withholds() -> None:
    story = read(a_document('<date.release norm="20261399T000000Z"/>', status="usable"))
    assert story.pub_status is PubStatus.WITHHELD


def test_a_release_at_the_time_of_the_issue_is_none() -> None:
    dates = '<date.issue norm="20260218T160141"/><date.release norm="20260218T160141"/>'
    story = read(a_document(dates))
    assert (story.pub_status, story.embargoed_until) == (PubStatus.USABLE, None)
    assert story.extra["dates_without_zone"] == ["version_created"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("canceled", PubStatus.CANCELED), ("", PubStatus.USABLE), ("odd", PubStatus.WITHHELD)],
)
def test_the_management_status_decides(status: str, expected: PubStatus) -> None:
    assert read(a_document(status=status)).pub_status is expected


def test_a_body_keeps_dateline_byline_and_the_end_of_the_copy() -> None:
    story = read(
        a_document(
            body="""<p>By Jo Quill, City Editor</p><p>LEEDS, March 4 (Acme) - Prices rose.</p>
            <block><hl2>Wages</hl2><p>Wages rose <br/>as well.</p></block>
            <table><tr><th>Item</th><th>Rise</th></tr><tr><td>Tea</td><td>2</td></tr></table>
            <media media-type="image"><media-caption>Tea. REUTERS/Jo Lens</media-caption>
            </media><p>ends</p>"""
        )
    )
    assert [(block.kind, block.text) for block in story.body] == [
        ("paragraph", "By Jo Quill, City Editor"),
        ("paragraph", "LEEDS, March 4 (Acme) - Prices rose."),
        ("crosshead", "Wages"),
        ("paragraph", "Wages rose as well."),
        ("table", "Item\tRise\nTea\t2"),
        ("paragraph", "ends"),
    ]
    assert (story.byline, story.located) == ("By Jo Quill, City Editor", "LEEDS")
    assert story.dateline == "LEEDS, March 4 (Acme) -"
    assert [one.credit for one in story.captions] == ["REUTERS/Jo Lens"]


def test_notes_to_editors_go_and_what_stands_around_them_stays() -> None:
    prose = "Prices rose for the third month in a row on Monday, the statistics office said."
    note = "NOTE TO EDITORS: call 020 7946 0000"
    story = read(a_document(body=f"<p>{prose}</p><p>ends</p><p>{note}</p>"))
    assert [block.text for block in story.body] == [prose]


def test_an_advisory_goes_to_the_note_to_editors_and_a_private_one_nowhere() -> None:
    document = a_document(
        body="""<p>Prices rose.</p><note noteclass="editorsnote"><body.content><p>With graphic.</p>
        </body.content></note><note type="npa"><p>Call Jo at home.</p></note>"""
    ).replace("</hedline>", "</hedline><note type='npa'>Secret</note><note>Will be led.</note>")
    story = read(document)
    assert [block.text for block in story.body] == ["Prices rose."]
    assert story.ednote == "Will be led.\nWith graphic."
    assert "Secret" not in repr(story)


def test_an_advisory_of_an_embargo_without_an_end_withholds() -> None:
    document = a_document(body="<p>Prices rose.</p><note>Under embargo, please hold</note>")
    assert read(document).pub_status is PubStatus.WITHHELD


def test_a_moment_for_machines_is_no_dateline() -> None:
    document = a_document().replace(
        "</hedline>",
        "</hedline><dateline><story.date>20260102T222800+0000</story.date></dateline>",
    )
    assert read(document).dateline is None


def test_the_title_is_the_headline_where_there_is_none() -> None:
    document = a_document().replace("<hl1>PRICES RISE</hl1>", "")
    assert read(document).headline == "1 CITY Prices"


def test_a_document_without_an_id_has_none() -> None:
    document = a_document().replace('id-string="abc-13" ', "")
    assert read(document).id is None


def test_a_document_that_says_nothing_is_named() -> None:
    with pytest.raises(NoArticle, match="without a headline and a text"):
        read("<nitf><head/><body/></nitf>")
