"""The blocks of a page where they stand in it, to complete what an extractor found there.

An extractor looks for one container of paragraphs. Newspapers set the standfirst apart from it,
with the headline. What is missing is put back where its place and its name say that it belongs to
the story.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from lxml import html

from newswire.formats.base.clean import one_line
from newswire.formats.lines import furniture, stock
from newswire.formats.page import regions
from newswire.formats.page.shown import key
from newswire.stories.model import Block

_UNITS = ("h1", "h2", "h3", "h4", "h5", "p", "li", "div", "section", "blockquote", "dd", "span")
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data em font i img kbd mark q s small span strong sub sup svg "
    "time u var wbr".split()
)
_ALWAYS = frozenset(("h1", "p"))
"""What holds running text and no other block, whatever is in it."""
_LONGEST = 2_000
_MOST_PIECES = 200
"""Of a block's text: longer ones are passed over, so that the time stays linear in the page."""
_STANDFIRST = re.compile(
    r"\b(?:lead|lede|intro\w*|standfirst|stand first|chapo|chapeau|dek|deck|sub ?titles?|"
    r"sub ?head\w*|subline|subheading|summary|excerpt|perex|ingress|vorspann|anrei[sß]+er|teaser|"
    r"preface|preamble|abstract|description|sommario|occhiello|catenaccio|bajada|entradilla|"
    r"copete|sumario|subtitulo|linha fina|linhafina|resumo|ledtext|manchet)\b"
)
_LEAST_STANDFIRST = 40
_MOST_STANDFIRST = 1_000
_MOST_STANDFIRSTS = 3
_MOST_BETWEEN = 20
"""Blocks after the headline among which a standfirst is looked for by its name."""
_NOT_OF_THE_STORY = frozenset(("a", "aside", "nav", "footer"))
_COMPARED = 50
"""Characters in which the page's description and the standfirst have to agree."""
_MOST_LINKED = 0.5
LEAST_PROSE = 80
"""Characters from which a paragraph is prose, whatever it ends in."""
_LEAST_KEY = 20
"""Letters of a text that isn't found twice by chance."""


@dataclass(frozen=True)
class Unit:
    """A block of text of a page."""

    key: str
    text: str
    element: html.HtmlElement


def units(root: html.HtmlElement) -> Iterator[Unit]:
    """The blocks of a page, in order."""
    for element in root.iter(*_UNITS):
        if element.tag not in _ALWAYS and any(child.tag not in _INLINE for child in element):
            continue
        text = _text(element)
        if text:
            yield Unit(key(text), text, element)


def prose(root: html.HtmlElement) -> int:
    """Characters in the page's paragraphs that are long and no list of links."""
    return sum(
        len(unit.text)
        for unit in units(root)
        if unit.element.tag == "p"
        and len(unit.text) >= LEAST_PROSE
        and _linked(unit) <= _MOST_LINKED
    )


def completed(
    root: html.HtmlElement, headline: str, description: str, blocks: list[Block]
) -> list[Block]:
    """The blocks of a story with its standfirst before them.

    Args:
        root: the page.
        headline: the story's.
        description: what the page says that it is about; a standfirst often says the same.
        blocks: what was extracted.
    """
    known = {key(block.text): index for index, block in enumerate(blocks)}
    title = key(headline)
    running = {
        name
        for name, index in known.items()
        if len(name) >= _LEAST_KEY and blocks[index].kind != "crosshead" and name != title
    }
    first = next((name for name in known if name in running), None)
    above: list[Unit] = []
    behind: list[int] = []
    for unit in units(root):
        if unit.key == first:
            standfirst = _standfirst(above, title, description, known)
            return standfirst + _in_order(blocks, behind)
        if unit.key in running:
            behind.append(known[unit.key])
        above.append(unit)
    return blocks


def _in_order(blocks: list[Block], behind: list[int]) -> list[Block]:
    """The blocks, those at their end that stand first in the page moved to where they stand.

    trafilatura appends what it finds when it looks again.
    """
    start = len(blocks) - len(behind)
    if sorted(behind) != list(range(start, len(blocks))):
        return blocks
    return [*(blocks[index] for index in behind), *blocks[:start]]


def _standfirst(
    above: list[Unit], title: str, description: str, known: Container[str]
) -> list[Block]:
    described = key(description)[:_COMPARED]
    headlines = [i for i, unit in enumerate(above) if title and unit.key == title] or [
        i for i, unit in enumerate(above) if unit.element.tag == "h1"
    ]
    under = range(headlines[-1] + 1, headlines[-1] + 1 + _MOST_BETWEEN) if headlines else range(0)
    found: dict[str, str] = {}
    for index, unit in enumerate(above):
        if not _LEAST_STANDFIRST <= len(unit.text) <= _MOST_STANDFIRST or unit.key in known:
            continue
        as_described = len(described) >= _LEAST_KEY and unit.key.startswith(described)
        if not as_described and not (index in under and _named(unit.element)):
            continue
        if furniture.is_byline(unit.text) or stock.is_stock(unit.text):
            continue
        if _leads_elsewhere(unit) or title.startswith(unit.key):
            continue
        found.setdefault(unit.key, unit.text)
    return [Block(text=text) for text in list(found.values())[:_MOST_STANDFIRSTS]]


def _named(element: html.HtmlElement) -> bool:
    """Whether the element, or one of the two around it, is named as a standfirst is."""
    for _ in range(3):
        if element is None or element.tag in {"body", "article", "main"}:
            return False
        names = f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"
        if _STANDFIRST.search(regions.words(names)):
            return True
        element = element.getparent()
    return False


def _leads_elsewhere(unit: Unit) -> bool:
    around = {ancestor.tag for ancestor in unit.element.iterancestors()}
    return not around.isdisjoint(_NOT_OF_THE_STORY) or _linked(unit) > _MOST_LINKED


def _linked(unit: Unit) -> float:
    links = sum(len(_text(link) or "") for link in unit.element.iter("a"))
    return links / len(unit.text)


def _text(element: html.HtmlElement) -> str | None:
    """The text in an element as one line; ``None``: it is too long for a block."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > _LONGEST or len(pieces) > _MOST_PIECES:
            return None
    return one_line("".join(pieces))
