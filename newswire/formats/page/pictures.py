"""The captions of a page's pictures, taken out of it so that none ends up in the body."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import html

from newswire.formats.page import regions
from newswire.formats.web import markup
from newswire.stories.model import Caption

_NOT_OF_THE_STORY = frozenset(("aside", "nav", "footer", "header"))
_HOLDERS = ("figcaption", "p", "div", "span", "small", "em", "li", "dd")
_NAMED = re.compile(
    r"\b(?:captions?(?: text)?|bildunterschrift|bildtext|(?:photo|image|picture|img|media) "
    r"(?:credits?|copyright|source|legend|description)|credits?|photographer|photocredit)\b"
)
_PICTURES = ("img", "picture", "video", "amp-img", "amp-video", "iframe")
_LONGEST = 1_000
_LONGEST_NAMES = 1_000
_MOST_PIECES = 40


def take(root: html.HtmlElement) -> list[Caption]:
    """The captions of the story's pictures, in order, each once; the page has none afterwards."""
    found: dict[Caption, None] = {}
    beside: dict[html.HtmlElement, bool] = {}
    for element in list(root.iter(*_HOLDERS)):
        parent = element.getparent()
        if parent is None or not _is_caption(element, parent, beside):
            continue
        around = {ancestor.tag for ancestor in element.iterancestors()}
        # A picture inside a link leads to another story.
        if around.isdisjoint(_NOT_OF_THE_STORY) and "a" not in around:
            caption = markup.read_caption(element)
            if caption is not None:
                found[caption] = None
        element.drop_tree()
    return list(found)


def _is_caption(
    element: html.HtmlElement,
    parent: html.HtmlElement,
    beside: dict[html.HtmlElement, bool],
) -> bool:
    if element.tag == "figcaption":
        return True
    names = element.get("class")
    if not names or len(names) > _LONGEST_NAMES or not _names_caption(names):
        return False
    if not _is_short(element):
        return False
    outer = parent.getparent()
    return _has_picture(parent, beside) or (outer is not None and _has_picture(outer, beside))


@lru_cache(maxsize=2**13)
def _names_caption(names: str) -> bool:
    return any(_NAMED.search(regions.words(name)) for name in names.split())


def _is_short(element: html.HtmlElement) -> bool:
    length = 0
    for count, piece in enumerate(element.itertext()):
        length += len(piece)
        if length > _LONGEST or count > _MOST_PIECES:
            return False
    return True


def _has_picture(element: html.HtmlElement, known: dict[html.HtmlElement, bool]) -> bool:
    """Whether a picture is in an element; looked for once in each."""
    if element.tag in {"body", "html"}:
        return False
    if element not in known:
        known[element] = next(element.iter(*_PICTURES), None) is not None
    return known[element]
