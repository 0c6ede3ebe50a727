"""Pages with one story, and pages with none."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.errors import NoArticle, NoHeadline
from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.model import Caption

DATA = Path(__file__).parent / "data" / "formats"
PARAGRAPHS = (
    "The council of the harbour town voted on Monday to close the road to lorries.",
    "It had argued for a year, and the hauliers have promised to go to court over it.",
    "The mayor said that nobody would be ruined, and that the noise would end at last.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def read(page: str, uri: str = "https://courier.example/story") -> Draft:
    parsed = parse(page.encode(), uri=uri)
    assert parsed.format == "html"
    (draft,) = parsed.drafts
    return draft


def page(head: str = "", body: str = BODY, title: str = "Harbour road closes to lorries") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body><article>{body}</article></body>"


@pytest.fixture(scope="module")
def story() -> Draft:
    return read((DATA / "page.html").read_text("utf-8"), "https://courier.example/x?y=1")


def test_the_facts_of_a_page_are_those_of_schema_org(story: Draft) -> None:
    assert story.headline == "Lake towns reject nuclear plant & ask for wind"
    assert story.byline == "Ines Farrow, Theo Grant"
    assert (story.extra["outlet"], story.section) == ("The Lakeland Courier", "Energy")
    assert story.language == "en-GB"
    assert story.keywords == ["nuclear power", "wind"]
    assert story.url == "https://courier.example/energy/lake-towns-reject-plant"
    assert story.first_created == datetime(2024, 5, 2, 6, 15, tzinfo=UTC)
    assert story.version_created == datetime(2024, 5, 2, 8, 0, tzinfo=UTC)


def test_the_body_of_a_page_is_in_order_and_of_its_kinds(story: Draft) -> None:
    assert [block.kind for block in story.body] == [
        "paragraph", "paragraph", "crosshead", "paragraph", "quote", "paragraph", "table",
        "list-item", "list-item",
    ]  # fmt: skip
    assert story.body[0].text.startswith("Four of five lake towns")
    assert story.body[6].text == "Town\tAgainst\nMorvik\t61%\nLoden\t48%"
    assert story.body[-1].text == "It has said that it will not."


def test_dateline_sign_off_and_caption_of_a_page_stand_apart(story: Draft) -> None:
    assert (story.dateline, story.located) == ("MORVIK, May 2 (Reuters) -", "MORVIK")
    assert [(one.role, one.name) for one in story.contributors] == [
        ("reporting", "Ines Farrow"), ("editing", "Mia Stahl"),
    ]  # fmt: skip
    assert story.captions == [
        Caption(text="The site at Morvik, seen in April.", credit="Jo Park/Courier")
    ]


def test_nothing_around_the_story_and_no_markup_is_in_the_body(story: Draft) -> None:
    text = "\n".join(block.text for block in story.body)
    for stranger in ("Sign in", "Related stories", "Ferry line", "Copyright", "By Ines", "<", "{"):
        assert stranger not in text


def test_open_graph_and_meta_elements_serve_where_schema_org_is_absent() -> None:
    draft = read(
        page(
            '<meta property="og:title" content="Road &amp; harbour close">'
            '<meta property="og:site_name" content="Courier">'
            '<meta property="article:published_time" content="2024-05-02T08:15:00Z">'
            '<meta name="author" content="Jo Park"><meta name="keywords" content="roads, harbour">'
            '<meta property="og:locale" content="en_GB">'
        )
    )
    assert (draft.headline, draft.provider) == ("Road & harbour close", "Courier")
    assert (draft.byline, draft.language) == ("Jo Park", "en-GB")
    assert draft.keywords == ["roads", "harbour"]
    assert draft.first_created == draft.version_created == datetime(2024, 5, 2, 8, 15, tzinfo=UTC)


def test_the_site_is_taken_off_the_title() -> None:
    site = '<meta property="og:site_name" content="Courier">'
    assert read(page(site, title="Harbour road closes - The Courier")).headline == (
        "Harbour road closes"
    )


@pytest.mark.parametrize(
    ("headings", "headline"),
    [
        (["Road closed to all lorries"], "Road closed to all lorries"),
        (["Search location by code"], "Harbour road closes to lorries"),
        (
            ["The Courier of the lakes", "Harbour road shut to lorries"],
            "Harbour road shut to lorries",
        ),
        (["Courier"], "Harbour road closes to lorries"),
    ],
)
def test_the_heading_that_says_what_the_title_says_is_the_headline(
    headings: list[str], headline: str
) -> None:
    shown = "".join(f"<h1>{heading}</h1>" for heading in headings)
    assert read(page(body=shown + BODY)).headline == headline


@pytest.mark.parametrize("mark", ["_", " - ", "|"])
def test_a_heading_in_a_script_without_spaces_is_the_headline_and_no_part_of_the_body(
    mark: str,
) -> None:
    sentence = "港湾評議会は火曜日、古いフェリー埠頭を閉鎖することを決めたと市長が{}述べた。"
    body = "".join(f"<p>{sentence.format(word) * 2}</p>" for word in ("会合で", "朝に", "夜に"))
    shown = f"<h1>古いフェリー埠頭を閉鎖へ</h1>{body}"
    title = f"古いフェリー埠頭を閉鎖へ{mark}湖新聞"
    draft = read(f"<html><head><title>{title}</title></head><body>{shown}</body></html>")
    assert draft.headline == "古いフェリー埠頭を閉鎖へ"
    assert "閉鎖へ" not in draft.body[0].text


def test_a_date_without_a_zone_is_taken_as_utc_and_said() -> None:
    stamp = '<meta property="article:published_time" content="2024-05-02 08:15">'
    draft = read(page(stamp))
    assert draft.first_created == datetime(2024, 5, 2, 8, 15, tzinfo=UTC)
    assert draft.extra["dates_without_zone"] == ["first_created"]


@pytest.mark.parametrize("script", ["[" * 100_000, "{not json}", '{"@graph": [{}]}', "null"])
def test_broken_schema_org_data_is_passed_over(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert read(page(head)).headline == "Harbour road closes to lorries"


def test_a_canonical_address_that_is_the_front_page_is_not_the_storys() -> None:
    draft = read(page('<link rel="canonical" href="https://courier.example/">'))
    assert draft.url == "https://courier.example/story"


def test_the_text_in_schema_org_serves_where_a_page_shows_none() -> None:
    stated = {"@type": "NewsArticle", "headline": "Road closes"}
    stated["articleBody"] = "\n".join(PARAGRAPHS)
    head = f'<script type="application/ld+json">{json.dumps(stated)}</script>'
    draft = read(page(head, body="<p>Turn on scripts.</p>"))
    assert [block.text for block in draft.body] == list(PARAGRAPHS)


@pytest.mark.parametrize("times", [0, 1])
def test_markup_in_the_text_of_schema_org_is_read_as_such(times: int) -> None:
    stated = "".join(f'<p class="text">{text}</p>' for text in PARAGRAPHS)
    for _ in range(times):
        stated = stated.replace("<", "&lt;").replace(">", "&gt;")
    article = {"@type": "NewsArticle", "headline": "Road", "articleBody": stated}
    head = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    draft = read(page(head, body="<p>Turn on scripts.</p>"))
    assert [block.text for block in draft.body] == list(PARAGRAPHS)


def test_the_text_in_schema_org_serves_where_something_else_was_extracted() -> None:
    stated = [f"{text} So it was said in hall {i}." for i, text in enumerate(PARAGRAPHS * 3)]
    article = {"@type": "NewsArticle", "headline": "Road", "articleBody": "\n".join(stated)}
    head = f'<script type="application/ld+json">{json.dumps(article)}</script>'
    other = "".join(
        f"<p>Part {i} of our terms says what a reader may do here.</p>" for i in range(20)
    )
    assert [block.text for block in read(page(head, body=other)).body] == stated
    shown = "".join(f"<p>{text}</p>" for text in stated)
    assert len(read(page(head, body=f"{shown}<p>The talks go on on Friday.</p>")).body) == 10


def test_a_doctype_with_entities_expands_nothing() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    draft = read(bomb + page(body=f"{BODY}<p>They said &b; and left the hall at once.</p>"))
    assert "haha" not in "".join(block.text for block in draft.body)


LINKS = "".join(
    f'<li><a href="/s/{i}">The {what} number {i} is seen by all of the people in town</a></li>'
    for i, what in enumerate(("minister", "harbour", "school", "bridge", "court") * 6)
)
TEASERS = "".join(
    f'<h3><a href="/s/{i}">Headline number {i} on something</a></h3>'
    f"<p>The council of town {i} met on Monday and spoke at length of the bridge to be built.</p>"
    for i in range(20)
)
LOGIN = (
    "<h1>Welcome back to us</h1><p>Enter your address and your password to read all of our articles"
    " without limit.</p><p>By continuing you agree to our terms. We shall never share your address"
    " with anybody else.</p><form><input type=password></form>"
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "0 characters"),
        (f"<ul>{LINKS}</ul>", "list of links"),
        (f"<main>{TEASERS}</main>", "list of links"),
        (f"<main>{LOGIN}</main>", "password"),
        ("<h1>404 Not Found</h1><p>The address was not found on this server.</p>", "characters"),
    ],
)
def test_a_page_without_an_article_says_what_it_is(body: str, words: str) -> None:
    document = f"<html><head><title>The Lakeland Courier</title></head><body>{body}</body></html>"
    with pytest.raises(NoArticle, match=words) as caught:
        read(document)
    assert "\n" not in str(caught.value)


def test_paragraphs_in_a_script_without_stops_are_prose_and_a_footer_is_none() -> None:
    text = "สภาเมืองท่าลงมติเมื่อวันจันทร์ให้ปิดถนนสายท่าเรือสำหรับรถบรรทุก" * 3
    draft = read(page(body=f"<p>{text}</p><p>{text}ก</p>"))
    assert [block.text for block in draft.body] == [text, f"{text}ก"]
    with pytest.raises(NoArticle):
        read(page(body="<p>About the paper, its press, copyright, contacts, creators, " * 3))


def test_a_login_page_is_no_article() -> None:
    with pytest.raises(NoArticle):
        read((DATA / "login.html").read_text("utf-8"))


def test_an_article_without_a_headline_or_a_title_is_refused() -> None:
    with pytest.raises(NoHeadline, match="headline or a title"):
        read(f"<html><body><article>{BODY}</article></body></html>")


@pytest.mark.parametrize(
    "markup", ["<div>" * 50_000, "<b>" * 50_000, "<a" * 50_000, "<table><tr><td>" * 5_000]
)
def test_hostile_nesting_ends_in_one_clear_error(markup: str) -> None:
    with pytest.raises(NoArticle):
        read(f"<html><head><title>A b c d</title></head><body>{markup}x")
