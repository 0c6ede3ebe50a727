"""schema.org in pages: its three spellings, its mistakes, and what comes before what."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from newswire.formats import parse
from newswire.stories.draft import Draft

PARAGRAPHS = (
    "The council of the harbour town voted on Monday to close the road to lorries.",
    "It had argued for a year, and the hauliers have promised to go to court over it.",
    "The mayor said that nobody would be ruined, and that the noise would end at last.",
)
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
URI = "https://courier.example/road"
ARTICLE: dict[str, JsonValue] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Road closes",
}


def read(head: str = "", body: str = BODY, article: str = "<article>") -> Draft:
    page = f"<html><head><title>Harbour road closes</title>{head}</head><body>{article}{body}"
    (draft,) = parse(page.encode(), uri=URI).drafts
    return draft


def ld(value: JsonValue | str) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "stated",
    [
        ld([{"@type": "WebSite", "name": "Courier"}, ARTICLE]),
        ld({"@type": "BreadcrumbList"}) + ld(ARTICLE),
        ld({"@type": "WebPage", "mainEntity": ARTICLE}),
        ld(ARTICLE | {"@type": ["Thing", "https://schema.org/OpinionNewsArticle"]}),
        ld("<!--\n" + json.dumps(ARTICLE) + "\n-->"),
        ld("//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>"),
        ld('{"@type": "NewsArticle", "headline": "Road closes", "keywords": ["a",],}'),
        ld('{"@type": "NewsArticle", "headline": "Road closes", "about": "The \\\'road\\\'"}'),
        ld('{"@type": "NewsArticle", "headline": "Road closes", "description": "Two\nlines"}'),
        ld('{"@type": "WebSite"}\n{"@type": "NewsArticle", "headline": "Road closes"};'),
        ld("{no json") + ld(ARTICLE),
    ],
)
def test_an_article_is_found_wherever_json_ld_has_it_and_in_broken_json(stated: str) -> None:
    assert read(stated).headline == "Road closes"


def test_references_within_a_graph_are_followed() -> None:
    graph: JsonValue = {
        "@graph": [
            ARTICLE | {"author": [{"@id": "#ines"}], "publisher": {"@id": "#courier"}},
            {"@type": "Person", "@id": "#ines", "name": "Ines Farrow"},
            {"@type": "Organization", "@id": "#courier", "name": "The Lakeland Courier"},
        ]
    }
    draft = read(ld(graph))
    assert (draft.byline, draft.provider) == ("Ines Farrow", "The Lakeland Courier")


def test_of_several_articles_the_one_that_the_page_shows_counts() -> None:
    other = ARTICLE | {"headline": "Ferry cuts timetable"}
    shown = ARTICLE | {"headline": "Harbour road closes"}
    here = ARTICLE | {"headline": "Road closed", "mainEntityOfPage": {"@id": URI + "#x"}}
    assert read(ld([other, shown])).headline == "Harbour road closes"
    assert read(ld([other, shown, here])).headline == "Road closed"


MICRODATA = (
    """<div itemscope itemtype="https://schema.org/NewsArticle">
<h2 itemprop="headline">Road closes</h2>
<span itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/i">
<span itemprop="name">Ines Farrow</span></a></span>
<meta itemprop="datePublished" content="2024-05-02T08:15:00+02:00">
<time itemprop="dateModified" datetime="2024-05-02T10:00:00+02:00">ten</time>
<div itemprop="articleBody">"""
    + BODY
)
RDFA = (
    """<div vocab="https://schema.org/" typeof="NewsArticle">
<h2 property="headline">Road closes</h2>
<span property="author" typeof="Person"><span property="name">Ines Farrow</span></span>
<span property="schema:datePublished" content="2024-05-02T08:15:00+02:00"></span>
<time property="dateModified" datetime="2024-05-02T10:00:00+02:00">ten</time>
<div property="articleBody">"""
    + BODY
)


@pytest.mark.parametrize("marked_up", [MICRODATA, RDFA])
def test_microdata_and_rdfa_say_what_json_ld_leaves_out(marked_up: str) -> None:
    draft = read(body="", article=marked_up)
    assert (draft.headline, draft.byline) == ("Road closes", "Ines Farrow")
    assert draft.first_created == datetime(2024, 5, 2, 6, 15, tzinfo=UTC)
    assert draft.version_created == datetime(2024, 5, 2, 8, 0, tzinfo=UTC)
    both = read(ld(ARTICLE | {"headline": "Road shut"}), body="", article=marked_up)
    assert (both.headline, both.byline) == ("Road shut", "Ines Farrow")


def test_schema_org_comes_before_open_graph_and_that_before_other_meta_elements() -> None:
    section = '<meta property="article:section" content="Graph">'
    names = '<meta name="author" content="Meta Name"><meta name="keywords" content="meta">'
    stated = ld(ARTICLE | {"articleSection": "Schema", "keywords": "schema, road"})
    draft = read(stated + section + names)
    assert (draft.section, draft.keywords) == ("Schema", ["schema", "road"])
    draft = read(section + names + '<meta property="article:tag" content="graph">')
    assert (draft.section, draft.byline, draft.keywords) == ("Graph", "Meta Name", ["graph"])


def test_what_no_field_is_for_is_kept_in_extra() -> None:
    stated = ARTICLE | {
        "isAccessibleForFree": "http://schema.org/False",
        "isPartOf": {"@type": ["CreativeWork", "Product"], "name": "Courier Premium"},
        "articleSection": ["Energy", "Politics"],
        "correction": "An earlier version had the wrong day.",
        "dateline": "MORVIK",
        "locationCreated": {"@type": "Place", "name": "Morvik"},
        "datePublished": "2024-05-02T08:15:00Z",
        "expires": "2024-06-02T00:00:00Z",
    }
    tier = '<meta property="article:content_tier" content="locked">'
    draft = read(ld(stated) + tier)
    assert draft.extra == {
        "is_accessible_for_free": False,
        "content_tier": "locked",
        "is_part_of": ["Courier Premium"],
        "sections": ["Energy", "Politics"],
        "correction": ["An earlier version had the wrong day."],
    }
    assert (draft.section, draft.dateline, draft.located) == ("Energy", "MORVIK", "Morvik")
    assert draft.expires == datetime(2024, 6, 2, tzinfo=UTC)


def test_a_language_is_read_from_its_code_whatever_its_name() -> None:
    language = {"@type": "Language", "name": "Portuguese", "alternateName": "pt-BR"}
    assert read(ld(ARTICLE | {"inLanguage": language})).language == "pt-BR"


@pytest.mark.parametrize(
    "mark", ['class="byline"', 'rel="author" href="/jo"', 'class="AuthorName"']
)
def test_a_byline_that_the_page_only_shows_is_known_by_its_name(mark: str) -> None:
    assert read(body=f"<a {mark}>Jo Park</a>{BODY}").byline == "Jo Park"
    assert read(body=f"<a {mark}>All the news of the harbour, every day</a>{BODY}").byline is None
