"""Pages that hold no story: a login, an error, a front page, a list of links.

An extractor finds some text on every page. These are the reasons not to believe it; a page that
says that it is an article (schema.org, OpenGraph) is only asked whether there is any text.
"""

from __future__ import annotations

import re

from lxml import html

from newswire.formats.base.clean import SENTENCE_END, one_line
from newswire.formats.page.facts import Page
from newswire.formats.page.shown import is_front
from newswire.stories.model import Block

_LEAST_PROSE = 140
"""Characters in sentences below which a page is no article: a login has fewer."""
_LEAST_STATED_TEXT = 60
"""Of any kind, for a page that says that it is an article: a flash is short."""
_LEAST_DOUBTFUL_PROSE = 800
"""The same for a page that looks like a login, an error or a front page."""
_LONG = 120
"""A paragraph so long is prose, whatever it ends in: some scripts have no stops. It counts half,
since a page's footer is as long."""
_MOST_LINKED = 0.5
"""Share of a body that may be the text of links."""
_LEAST_TEASERS = 4
_SEARCHED = 20_000
"""Longest body in which the texts of links are looked for; a longer one is no list of links."""
_ERROR_TITLE = re.compile(
    r"(?:sign|log) ?in\b|(?:sign|log) ?on\b|register\b|[45]\d\d\b|(?:page )?not found|"
    r"access denied|forbidden|error\b|just a moment|are you (?:a robot|human)|captcha|"
    r"service unavailable|bad gateway|subscribe\b|checking your browser",
    re.IGNORECASE,
)


def asks_password(root: html.HtmlElement) -> bool:
    """Whether a page has a field for a password."""
    return any((field.get("type") or "").lower() == "password" for field in root.iter("input"))


def why_no_story(
    root: html.HtmlElement, page: Page, blocks: list[Block], uri: str, *, password: bool
) -> str | None:
    """Why a page is no story, for people; ``None``: it may be one.

    Args:
        root: the page.
        page: what it says of itself.
        blocks: what was extracted as its body.
        uri: where it was fetched.
        password: it asks for one.
    """
    prose = _prose(blocks)
    if page.is_article:
        # A table of times or a list is enough where the page says what it is.
        whole = sum(len(block.text) for block in blocks)
        return _too_short(prose) if whole < _LEAST_STATED_TEXT else None
    if prose < _LEAST_PROSE:
        return _too_short(prose)
    if prose < _LEAST_DOUBTFUL_PROSE:
        if _ERROR_TITLE.match(page.headline):
            return f"a page without an article: {page.headline[:60]!r}"
        if password:
            return "a page without an article: it asks for a password"
        if is_front(uri):
            return "a page without an article: a site's front page"
    if _teasers(root, blocks) or _linked(root, blocks) > _MOST_LINKED:
        return "a page without an article: a list of links to others"
    return None


def _too_short(prose: int) -> str:
    return f"a page without an article: {prose} characters in sentences"


def _prose(blocks: list[Block]) -> int:
    return sum(map(_prose_in, blocks))


def _prose_in(block: Block) -> int:
    if block.kind not in {"paragraph", "quote", "list-item"}:
        return 0
    if SENTENCE_END.search(block.text):
        return len(block.text)
    return len(block.text) // 2 if len(block.text) > _LONG else 0


def _teasers(root: html.HtmlElement, blocks: list[Block]) -> bool:
    """Whether most paragraphs stand under headings that lead elsewhere."""
    paragraphs = [block.text for block in blocks if _prose_in(block)]
    announced: set[str] = set()
    for heading in root.iter("h2", "h3", "h4"):
        links = list(heading.iter("a"))
        inside = any(ancestor.tag == "a" for ancestor in heading.iterancestors())
        if not inside and not any(_text(link) == _text(heading) for link in links):
            continue
        following = heading.getnext()
        if following is None and heading.getparent() is not None:
            following = heading.getparent().getnext()
        if following is not None:
            announced.add(_text(following))
    found = sum(text in announced for text in paragraphs)
    return found >= _LEAST_TEASERS and 2 * found > len(paragraphs)


def _linked(root: html.HtmlElement, blocks: list[Block]) -> float:
    """The share of the body that is the text of links."""
    body = " ".join(block.text for block in blocks)
    if not body or len(body) > _SEARCHED:
        return 0.0
    links = {text for link in root.iter("a") if len(text := _text(link)) >= 15}
    return sum(len(text) for text in links if text in body) / len(body)


def _text(element: html.HtmlElement) -> str:
    return one_line(element.text_content()) if isinstance(element.tag, str) else ""
