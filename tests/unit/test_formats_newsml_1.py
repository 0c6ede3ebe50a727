from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newswire.errors import NoArticle
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft, identity
from newswire.stories.model import ItemType, PubStatus

HEADLINE = "<NewsLines><HeadLine>Prices rise</HeadLine></NewsLines>"


def an_item(
    component: str = "",
    *,
    public: str = "urn:newsml:acme.example:20260304:tx7:2",
    item: str = "tx7",
    management: str = '<Status FormalName="Usable"/>',
) -> str:
    return f"""<NewsItem xml:lang="en"><Identification><NewsIdentifier>
        <ProviderId>acme.example</ProviderId><DateId>20260304</DateId>
        <NewsItemId>{item}</NewsItemId>
        <RevisionId PreviousRevision="1" Update="N">2</RevisionId>
        <PublicIdentifier>{public}</PublicIdentifier></NewsIdentifier>
        <NameLabel>City-prices</NameLabel></Identification>
        <NewsManagement><NewsItemType FormalName="News"/>
        <FirstCreated>20260304T093549+0100</FirstCreated>
        <ThisRevisionCreated>20260304T123731Z</ThisRevisionCreated>{management}
        </NewsManagement><NewsComponent>{component}</NewsComponent></NewsItem>"""


def some_content(data: str) -> str:
    return f"""<ContentItem><MediaType FormalName="Text"/>
        <DataContent>{data}</DataContent></ContentItem>"""


def read(*items: str) -> Parsed:
    document = f"<?xml version='1.0'?><NewsML>{''.join(items)}</NewsML>"
    parsed = parse(document.encode(), uri="https://acme.example/item.xml")
    assert parsed.format == "newsml-1"
    return parsed


def one(*items: str) -> Draft:
    (draft,) = read(*items).drafts
    return draft


def test_what_an_item_states_goes_to_its_fields() -> None:
    story = one(
        an_item(
            """<NewsLines><HeadLine>Prices rise</HeadLine><SubHeadLine>Again</SubHeadLine>
            <ByLine>Jo Quill</ByLine><DateLine>Leeds, 4 March (Acme) -</DateLine>
            <CreditLine>ACME</CreditLine><CopyrightLine>© 2026 Acme</CopyrightLine>
            <NewsLine><NewsLineType FormalName="ProductLine"/><NewsLineText>(Photo)</NewsLineText>
            </NewsLine></NewsLines>
            <AdministrativeMetadata><Provider><Party FormalName="Acme Wire"/></Provider>
            <Creator><Party FormalName="jq/br"/></Creator></AdministrativeMetadata>
            <DescriptiveMetadata><Language FormalName="en"/><SubjectCode>
            <Subject FormalName="04000000" cat="ECO"/><SubjectMatter FormalName="ECO"/>
            <SubjectDetail FormalName=""/></SubjectCode><Location HowPresent="Origin">
            <Property FormalName="Country" Value="GBR"/><Property FormalName="City" Value="Leeds"/>
            </Location><Property FormalName="Keyword" Value="tea"/>
            <Property FormalName="Isin" Value="XX1"/></DescriptiveMetadata>"""
            + some_content(
                "<nitf><body><body.content><p>Tea rose.</p></body.content></body></nitf>"
            ),
            management="""<Status FormalName="USABLE"/><Urgency FormalName="3"/>
            <AssociatedWith NewsItem="urn:newsml:acme.example:20260304:doc1"/>""",
        )
    )
    assert (story.headline, story.byline, story.credit) == ("Prices rise", "Jo Quill", "ACME")
    assert (story.provider, story.located) == ("Acme Wire", "Leeds, GBR")
    assert (story.language, story.urgency, story.version) == ("en", 3, 2)
    assert (story.slugline, story.keywords) == ("City-prices", ["tea"])
    assert story.first_created == datetime(2026, 3, 4, 8, 35, 49, tzinfo=UTC)
    assert story.version_created == datetime(2026, 3, 4, 12, 37, 31, tzinfo=UTC)
    assert [subject.qcode for subject in story.subjects] == ["subj:04000000", "ECO"]
    assert [(link.rel, link.href) for link in story.links] == [
        ("previous", "urn:newsml:acme.example:20260304:tx7:1"),
        ("related", "urn:newsml:acme.example:20260304:doc1"),
    ]
    assert story.extra["news_lines"] == ["ProductLine: (Photo)"]
    assert story.extra["properties"] == ["Isin: XX1"]
    assert [block.text for block in story.body] == ["Tea rose."]


@pytest.mark.parametrize(
    ("public", "item", "lineage"),
    [
        ("urn:newsml:acme.example:20260304:tx7:2", "tx7", "urn:newsml:acme.example:20260304:tx7"),
        ("urn:newsml:acme.example:20260304:tx7:2N", "tx7", "urn:newsml:acme.example:20260304:tx7"),
        ("urn:newsml:acme.example:tx7:2", "tx7-v2", "urn:newsml:acme.example:tx7"),
        ("urn:newsml:www.acme.example", "tx7", "urn:newsml:acme.example:20260304:tx7"),
        ("urn:newsml:acme.example:tx7", "tx7", None),
    ],
)
def test_all_revisions_of_an_item_have_one_lineage_and_no_two_items_share_it(
    public: str, item: str, lineage: str | None
) -> None:
    story = one(an_item(HEADLINE + some_content("<p>Tea rose.</p>"), public=public, item=item))
    assert story.id == public
    assert story.lineage == lineage


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ("<p>One.</p><p/><p> </p><p>Two<br/>lines.</p>", ["One.", "Two lines."]),
        ("<![CDATA[<P>One &eacute;.</P><P> </P><P>Two.</P>]]>", ["One é.", "Two."]),
        (
            "<![CDATA[Acme <b>rose</b>. <ACME.L> <EUR=>\n\nWrite to <desk@acme.example>.]]>",
            ["Acme rose. <ACME.L> <EUR=>", "Write to <desk@acme.example>."],
        ),
        (
            "<![CDATA[<Result><Home>Leeds</Home><Goals>1</Goals></Result>]]>",
            ["<Result><Home>Leeds</Home><Goals>1</Goals></Result>"],
        ),
        ("One.&#13;Two.", ["One.", "Two."]),
        ("One line\nand another.\n\nTwo.", ["One line and another.", "Two."]),
        ('One.\nTwo &lt;Ref id="7"/&gt; more.', ["One.", "Two more."]),
        ("<media><media-caption>Tea</media-caption></media><p>One.</p>", ["One."]),
    ],
)
def test_a_text_may_stand_in_many_ways(data: str, texts: list[str]) -> None:
    story = one(an_item(HEADLINE + some_content(data)))
    assert [block.text for block in story.body] == texts
    assert story.type is ItemType.TEXT


def test_an_alert_without_a_headline_has_its_first_paragraph_as_one() -> None:
    lines = "<NewsLines><HeadLine/></NewsLines>"
    story = one(an_item(lines + some_content("<p>Bank raises rates</p><p>jq/br</p>")))
    assert story.headline == "Bank raises rates"
    assert [block.text for block in story.body] == ["Bank raises rates", "jq/br"]
    assert story.extra["headline_from"] == "body"


def test_captions_of_pictures_are_no_body_of_a_text() -> None:
    picture = f"""<NewsComponent Duid="photo0"><NewsLines><HeadLine>Tea</HeadLine></NewsLines>
        <NewsComponent><Role FormalName="Caption"/>{some_content("<p>Tea leaves.</p>")}
        </NewsComponent><NewsComponent><Role FormalName="Main"/><ContentItem Href="tea.jpg">
        <MediaType FormalName="Photo"/></ContentItem></NewsComponent></NewsComponent>"""
    text = f"<NewsComponent>{some_content('<p>Tea rose.</p>')}</NewsComponent>"
    story = one(an_item(HEADLINE + text + picture))
    assert (story.type, story.headline) == (ItemType.TEXT, "Prices rise")
    assert [block.text for block in story.body] == ["Tea rose."]
    assert [caption.text for caption in story.captions] == ["Tea leaves."]
    assert story.extra["content"] == ["tea.jpg"]


def test_a_sound_that_stands_by_itself_has_its_title_as_text() -> None:
    story = one(
        an_item(
            """<NewsComponent><NewsLines><HeadLine>Quote mayor</HeadLine></NewsLines>
            <NewsComponent><Role FormalName="Title"/><ContentItem>
            <DataContent>Quote mayor on the port</DataContent></ContentItem></NewsComponent>
            <NewsComponent><Role FormalName="Sound"/><ContentItem Href="quote.mp3">
            <MimeType FormalName="audio/mpeg3"/></ContentItem></NewsComponent></NewsComponent>"""
        )
    )
    assert (story.type, story.headline) == (ItemType.AUDIO, "Quote mayor")
    assert [block.text for block in story.body] == ["Quote mayor on the port"]


def test_a_picture_that_stands_by_itself_has_its_caption_as_text() -> None:
    story = one(
        an_item(
            f"""{HEADLINE}<NewsComponent><Role FormalName="Caption"/>
            {some_content("<p>Tea leaves. REUTERS/Jo Lens</p>")}</NewsComponent><NewsComponent>
            <ContentItem Href="tea.jpg"><MediaType FormalName="Photo"/></ContentItem>
            </NewsComponent>"""
        )
    )
    assert story.type is ItemType.PICTURE
    assert [(one.text, one.credit) for one in story.captions] == [
        ("Tea leaves.", "REUTERS/Jo Lens")
    ]
    assert [block.text for block in story.body] == ["Tea leaves. REUTERS/Jo Lens"]


def a_part(language: str, title: str, body: str, role: str = "Text") -> str:
    return f"""<NewsComponent xmlns:w="xml" w:lang="{language}"><Role FormalName="{role}"/>
        <NewsLines><HeadLine>{title}</HeadLine></NewsLines>
        <NewsComponent><Role FormalName="Title"/>{some_content(title)}</NewsComponent>
        <NewsComponent><Role FormalName="Lead"/>{some_content(body + " lead.")}</NewsComponent>
        <NewsComponent><Role FormalName="Body"/>{some_content(body + ".")}</NewsComponent>
        </NewsComponent>"""


def test_one_item_in_several_languages_is_several_stories() -> None:
    item = an_item(
        "<NewsLines><HeadLine>No headline</HeadLine></NewsLines>"
        + a_part("nl", "Prijzen", "Thee")
        + a_part("fr", "Prix", "Thé"),
        public="urn:newsml:www.acme.example",
    )
    stories = read(item).drafts
    assert [(story.language, story.headline) for story in stories] == [
        ("nl", "Prijzen"),
        ("fr", "Prix"),
    ]
    assert [block.text for block in stories[1].body] == ["Thé lead.", "Thé."]
    assert len({identity(story) for story in stories}) == 2
    assert {story.id for story in stories} == {"urn:newsml:www.acme.example"}
    # What one of them adds to its lists, the other doesn't have.
    assert stories[0].links is not stories[1].links
    assert stories[0].extra is not stories[1].extra


def test_alternatives_by_language_are_several_stories() -> None:
    def alternative(language: str, title: str) -> str:
        return f"""<NewsComponent xml:lang="{language}"><NewsLines><HeadLine>{title}</HeadLine>
            </NewsLines>{some_content(f"<p>{title}.</p>")}</NewsComponent>"""

    item = an_item(
        f"""<NewsComponent EquivalentsList="yes"><BasisForChoice>xml:lang</BasisForChoice>
        {alternative("en", "Tea")}{alternative("fr", "Thé")}</NewsComponent>"""
    )
    assert [(one.language, one.headline) for one in read(item).drafts] == [
        ("en", "Tea"),
        ("fr", "Thé"),
    ]


def test_a_document_of_several_items_gives_several_stories() -> None:
    first = an_item(HEADLINE + some_content("<p>Tea.</p>"))
    assert len(read(first, first.replace("tx7", "tx8")).drafts) == 2


def test_an_item_of_references_is_a_package() -> None:
    story = one(
        an_item(f'{HEADLINE}<NewsComponent><NewsItemRef NewsItem="urn:x:1"/></NewsComponent>')
    )
    assert story.type is ItemType.COMPOSITE
    assert ("item", "urn:x:1") in [(link.rel, link.href) for link in story.links]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("OPEN", PubStatus.USABLE),
        ("Canceled", PubStatus.CANCELED),
        ("Withheld", PubStatus.WITHHELD),
        ("Embargoed", PubStatus.WITHHELD),
        ("Doubtful", PubStatus.WITHHELD),
    ],
)
def test_the_status_decides(status: str, expected: PubStatus) -> None:
    item = an_item(
        HEADLINE + some_content("<p>Tea.</p>"), management=f'<Status FormalName="{status}"/>'
    )
    assert one(item).pub_status is expected


@pytest.mark.parametrize(
    ("when", "expected", "until"),
    [
        ("20260305T060000Z", PubStatus.USABLE, datetime(2026, 3, 5, 6, tzinfo=UTC)),
        ("20260305T060000", PubStatus.WITHHELD, None),
        ("", PubStatus.WITHHELD, None),
    ],
)
def test_a_status_that_will_change_is_an_embargo(
    when: str, expected: PubStatus, until: datetime | None
) -> None:
    story = one(
        an_item(
            HEADLINE + some_content("<p>Tea.</p>"),
            management=f"""<Status FormalName="Embargoed"/><StatusWillChange>
            <FutureStatus FormalName="Usable"/><DateAndTime>{when}</DateAndTime>
            </StatusWillChange>""",
        )
    )
    assert (story.pub_status, story.embargoed_until) == (expected, until)


def test_a_doctype_with_entities_is_lawful_and_loads_nothing() -> None:
    document = f"""<?xml version="1.0" encoding="ISO-8859-15"?>
        <!DOCTYPE NewsML PUBLIC "urn:x" "http://127.0.0.1:9/NewsML.dtd"
        [<!ENTITY % nitf SYSTEM "nitf.dtd"> %nitf; <!ENTITY acme "Acme Wire">]>
        <NewsML>{an_item(HEADLINE + some_content("<p>&acme; rose.</p>"))}</NewsML>"""
    story = parse(document.encode(), uri="https://acme.example/item.xml").drafts[0]
    assert [block.text for block in story.body] == ["Acme Wire rose."]


def test_a_document_without_items_is_named() -> None:
    with pytest.raises(NoArticle, match="without items"):
        read()
