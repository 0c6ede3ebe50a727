"""Documents of very many tiny stories: refused before they take a hundred times their size."""

from __future__ import annotations

import json

import pytest

from newswire.errors import InputTooLarge
from newswire.formats import parse

PARAGRAPHS = "<p>So it is.</p>"


def refused(document: str) -> str:
    with pytest.raises(InputTooLarge) as caught:
        parse(document.encode(), uri="https://wire.example/1")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "document",
    [
        f"<newsMessage><itemSet>{'<newsItem/>' * 20_001}</itemSet></newsMessage>",
        f"<NewsML>{'<NewsItem/>' * 20_001}</NewsML>",
    ],
    ids=["newsml-g2", "newsml-1"],
)
def test_an_xml_wire_of_more_items_than_any_has_is_refused(document: str) -> None:
    assert refused(document).startswith("an XML wire of 20,001 items, over the limit of 20,000; ")


def g2(paragraphs: str, items: int) -> str:
    item = (
        '<newsItem guid="u"><itemMeta/><contentMeta><headline>So</headline></contentMeta>'
        f"<contentSet><inlineXML><html><body>{paragraphs}</body></html></inlineXML></contentSet>"
        "</newsItem>"
    )
    return f"<newsMessage><itemSet>{item * items}</itemSet></newsMessage>"


def newsml_1(paragraphs: str, items: int) -> str:
    item = (
        "<NewsItem><NewsComponent><NewsLines><HeadLine>So</HeadLine></NewsLines><ContentItem>"
        f'<MediaType FormalName="Text"/><DataContent>{paragraphs}</DataContent></ContentItem>'
        "</NewsComponent></NewsItem>"
    )
    return f"<NewsML>{item * items}</NewsML>"


def ninjs(paragraphs: str, items: int) -> str:
    return json.dumps([{"uri": "u", "headline": "So", "body_html": paragraphs}] * items)


def rss(paragraphs: str, items: int) -> str:
    escaped = paragraphs.replace("<", "&lt;")
    item = f"<item><guid>u</guid><title>So</title><description>{escaped}</description></item>"
    return f'<rss version="2.0"><channel>{item * items}</channel></rss>'


@pytest.mark.parametrize("document", [g2, newsml_1, ninjs, rss])
def test_a_document_of_more_paragraphs_than_any_has_is_refused(
    document: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(document)
    monkeypatch.setattr("newswire.formats.base.room._MOST_BLOCKS", 300)
    assert parse(document(PARAGRAPHS * 100, 3).encode(), uri="https://wire.example/1").drafts
    message = refused(document(PARAGRAPHS * 100, 4))
    assert message.startswith("stories of over 300 paragraphs in one document; split it")
    monkeypatch.setattr("newswire.formats.base.room._MOST_STORIES", 5)
    assert refused(document(PARAGRAPHS, 6)).startswith("over 5 stories in one document; split it")


def test_of_an_export_with_more_posts_than_any_has_the_rest_is_one_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("newswire.formats.base.room._MOST_STORIES", 2)
    names = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"'
    )
    post = (
        "<item><title>So</title><guid>u</guid><content:encoded>So it is.</content:encoded>"
        "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
    )
    export = f'<rss version="2.0" {names}><channel>{post * 4}</channel></rss>'
    parsed = parse(export.encode(), uri="https://wire.example/1")
    assert len(parsed.drafts) == 2
    (failure,) = parsed.failures
    assert failure.entry == "the rest of the export"
    assert str(failure.error).startswith("over 2 stories in one document; ")
