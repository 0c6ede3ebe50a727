from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.errors import NoArticle
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft
from newswire.stories.model import ItemType, PubStatus

PROSE = "&lt;p&gt;Prices &amp;aring; rose.&lt;br /&gt;&lt;/p&gt;&lt;p&gt;They fell.&lt;/p&gt;"


def read(document: str) -> Parsed:
    parsed = parse(document.encode(), uri="https://acme.example/item.xml")
    assert parsed.format == "vendor-xml"
    return parsed


def one(document: str) -> Draft:
    (draft,) = read(document).drafts
    return draft


def texts(story: Draft) -> list[str]:
    return [block.text for block in story.body]


# --- Ritzau ------------------------------------------------------------------------------------


def a_ritzau(fields: str = "", content: str = PROSE) -> str:
    return f"""<RBNews xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
        <NewsID>9a69-55fc</NewsID><PublishDate>2026-01-30T17:32:18.397</PublishDate>
        <version>2</version><strapline>NU/PRISER</strapline><town>Haag</town>
        <origin>/ritzau/</origin><section>Udland</section><Priority>3</Priority>
        <byLine>Peder Skriver</byLine><byLinePhone>33300412</byLinePhone>{fields}
        <content>{content}</content></RBNews>"""


def test_a_ritzau_story_has_its_fields_and_nobody_s_telephone_number() -> None:
    story = one(
        a_ritzau(
            """<headline>Priser</headline><subtitle>Igen&lt;br /&gt;</subtitle>
            <IPTCList xmlns:a="urn:a"><a:int>4000000</a:int><a:int>15000000</a:int></IPTCList>
            <SubjectKeyword xmlns:a="urn:a"><a:string>te</a:string></SubjectKeyword>
            <Replaces i:nil="true"/><replacedID>9a69-0001</replacedID><Korrektion>true</Korrektion>
            <TilRedaktionen>&lt;p&gt;Billeder følger&lt;/p&gt;</TilRedaktionen>"""
        )
    )
    assert (story.id, story.version, story.urgency) == ("9a69-55fc", 2, 3)
    assert (story.headline, story.byline, story.located) == ("Priser", "Peder Skriver", "Haag")
    assert (story.section, story.slugline, story.provider) == ("Udland", "NU/PRISER", "Ritzau")
    assert [subject.qcode for subject in story.subjects] == ["subj:04000000", "subj:15000000"]
    assert (story.keywords, story.ednote) == (["te"], "Billeder følger")
    assert [(link.rel, link.href) for link in story.links] == [("previous", "9a69-0001")]
    assert story.extra["dates_without_zone"] == ["version_created"]
    assert (story.extra["subheadlines"], story.extra["signals"]) == (["Igen"], ["Korrektion"])
    assert texts(story) == ["Prices å rose.", "They fell."]
    assert "33300412" not in repr(story)


def test_a_flash_has_its_first_paragraph_as_headline() -> None:
    assert one(a_ritzau('<headline i:nil="true"/>')).headline == "Prices å rose."


def test_an_annulled_story_is_canceled() -> None:
    assert one(a_ritzau("<Annuleret>true</Annuleret>")).pub_status is PubStatus.CANCELED


def test_a_queue_of_stories_gives_each_and_names_those_without_text() -> None:
    stories = a_ritzau() + a_ritzau(content="") + a_ritzau()
    parsed = read(
        f"""<XMLNewsQueuedResponse xmlns="http://tempuri.org/"><XMLNewsQueuedResult>
        <ListOfRBNews xmlns="">{stories}</ListOfRBNews></XMLNewsQueuedResult>
        </XMLNewsQueuedResponse>"""
    )
    assert len(parsed.drafts) == 2
    assert [failure.entry for failure in parsed.failures] == ["item 2"]


def test_an_empty_queue_is_named() -> None:
    with pytest.raises(NoArticle, match="without stories"):
        read("<XMLNewsQueuedResponse><ListOfRBNews/></XMLNewsQueuedResponse>")


# --- The Canadian Press ------------------------------------------------------------------------


def a_publication(fields: str = "", embargo: str = "0001-01-01T00:00:00") -> str:
    return f"""<Publish><PublishID>20355168</PublishID><ContentItem>
        <NewsCompID>56127639</NewsCompID><ContentItemID>73823887</ContentItemID>
        <Headline>Police charged</Headline><Headline2>Two charged</Headline2>
        <Credit>THE ACME PRESS</Credit><Source>Acme Press</Source><SlugProper>US-Police</SlugProper>
        <Language>1</Language><IndexCode>Justice,Atlantic</IndexCode><Keyword>Crime, Law</Keyword>
        <City>Buffalo</City><Country>United States</Country><EmbargoTime>{embargo}</EmbargoTime>
        <UpdatedDateTime>2026-06-06T18:10:48.893-04:00</UpdatedDateTime>
        <CreatedDateTime>2026-06-06T22:10:48.873</CreatedDateTime>{fields}
        </ContentItem></Publish>"""


def test_a_publication_of_the_canadian_press_has_its_fields() -> None:
    story = one(
        a_publication(
            """<ContentType>Text</ContentType><EditorNote>Will be updated</EditorNote>
            <ContentText>&lt;p&gt;A man&amp;nbsp;was held.&lt;/p&gt;
            &lt;ul&gt;&lt;li&gt;One&lt;/li&gt;&lt;/ul&gt;</ContentText>"""
        )
    )
    assert (story.id, story.version, story.language) == ("56127639", 73823887, "en")
    assert story.version_created == datetime(2026, 6, 6, 22, 10, 48, 893000, UTC)
    assert (story.located, story.keywords) == ("Buffalo, United States", ["Crime", "Law"])
    assert [subject.qcode for subject in story.subjects] == ["Justice", "Atlantic"]
    assert (story.ednote, story.slugline) == ("Will be updated", "US-Police")
    assert texts(story) == ["A man was held.", "One"]
    assert (story.pub_status, story.embargoed_until) == (PubStatus.USABLE, None)


def test_a_photo_has_its_caption_and_its_credit() -> None:
    story = one(
        a_publication(
            """<ContentType>Photo</ContentType><Byline>Jo Lens</Byline>
            <ContentRef>a.jpg</ContentRef>
            <EnglishCaption>Tea at noon. (AP Photo/Jo Lens)</EnglishCaption>"""
        )
    )
    assert (story.type, story.body) == (ItemType.PICTURE, [])
    assert [(one.text, one.credit) for one in story.captions] == [
        ("Tea at noon.", "AP Photo/Jo Lens")
    ]


@pytest.mark.parametrize(
    ("fields", "embargo"),
    [("", "2026-06-07T00:01:00"), ("<HoldFlag>true</HoldFlag>", "0001-01-01T00:00:00")],
)
def test_a_hold_and_an_embargo_without_a_zone_withhold(fields: str, embargo: str) -> None:
    content = "<ContentText>&lt;p&gt;A man was held.&lt;/p&gt;</ContentText>"
    story = one(a_publication(fields + content, embargo))
    assert (story.pub_status, story.embargoed_until) == (PubStatus.WITHHELD, None)


# --- Solita ------------------------------------------------------------------------------------


def a_release(embargo: str = "") -> str:
    return f"""<release id="17854144" lang="no"><!-- a comment -->
        <longurl>https://acme.example/release?releaseId=17854144</longurl><body>{PROSE}</body>
        <boilerplate/><contactsAsText>Kari, +47 942 77 795</contactsAsText>
        <embargo>{embargo}</embargo><leadtext>A new committee.</leadtext>
        <publicationDate>28.09.2026 11:45</publicationDate><title>Committee</title>
        <images><image id="1"><caption>A room</caption></image></images>
        <categories><category id="1"><label>Politics</label></category></categories>
        <publisher id="1"><name>Ministry</name></publisher></release>"""


def test_a_press_release_has_its_lead_before_its_body_and_no_contacts() -> None:
    story = one(a_release())
    assert (story.id, story.headline, story.language) == ("17854144", "Committee", "no")
    assert story.url == "https://acme.example/release?releaseId=17854144"
    assert (story.provider, story.subjects[0].qcode) == ("Ministry", "Politics")
    assert story.version_created == datetime(2026, 9, 28, 11, 45, tzinfo=UTC)
    assert texts(story) == ["A new committee.", "Prices å rose.", "They fell."]
    assert [caption.text for caption in story.captions] == ["A room"]
    assert "942 77" not in repr(story)


def test_a_press_release_under_embargo_is_withheld_since_no_zone_is_stated() -> None:
    assert one(a_release("29.09.2026 06:00")).pub_status is PubStatus.WITHHELD


def test_a_document_that_only_shares_the_name_of_a_root_is_none_of_them() -> None:
    with pytest.raises(NoArticle, match="<publish>"):
        parse(b"<?xml version='1.0'?><Publish><Book/></Publish>", uri="https://acme.example/")
