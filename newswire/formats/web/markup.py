"""From an element tree to blocks of text. No markup leaves this module.

It reads HTML and the vocabulary that trafilatura gives an extracted body (``head``, ``item``,
``quote``, ``row``, ``cell``, ``lb``, ``hi``), which names the same things, and NITF's crosshead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree, html

from newswire.errors import InputTooLarge
from newswire.formats.base import bounds
from newswire.formats.base.clean import one_line, without_controls
from newswire.formats.lines import wirecopy
from newswire.formats.lines.line import read_lines
from newswire.formats.web import flat as flatmarkup
from newswire.stories.model import Block, BlockKind, Caption

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 hl2 head".split())
_QUOTES = frozenset("blockquote quote q-block".split())
_ITEMS = frozenset(("li", "dt", "dd", "item"))
_BREAKS = frozenset(("br", "lb"))
_ROWS, _CELLS = frozenset(("tr", "row")), frozenset(("td", "th", "cell"))
_BOLD = frozenset(("b", "strong"))
_BLOCKS = (
    _HEADINGS
    | _QUOTES
    | _ROWS
    | _CELLS
    | frozenset(
        "html body p div section block article main header footer ul ol li dl dt dd list item pre "
        "figure figcaption table tbody thead tfoot caption address center hr fieldset details "
        "summary".split()
    )
)
_DROPPED = frozenset(
    "script style noscript template iframe object embed form button input select textarea svg math "
    "video audio canvas nav aside title meta link img graphic map".split()
)
_BLOCK_TAG = re.compile(r"<(?:p|div|li|tr|h[1-6]|section|article|blockquote|br|block)\b", re.I)
_BLANK_LINE = re.compile(r"\n(?<!</p>\n)[^\S\n]*\n\s*")
"""Between two marked paragraphs it says nothing new. What it begins with stands first, so that only
line feeds are looked at."""
_MOST_CHARS = 4_000_000
"""Of a body, markup included. A tree takes some fifty bytes for each."""
_LONGEST_CELL = 300
"""A table with longer cells arranges a page; it holds no data."""
_READ_SO = {
    "encoding": "utf-8",
    "remove_comments": True,
    "remove_pis": True,
    "no_network": True,
    "huge_tree": False,
}
_PARSER = html.HTMLParser(**_READ_SO)
_FRAGMENT_PARSER = etree.HTMLParser(**_READ_SO)


@dataclass
class Content:
    """The blocks of a body, in order, and the captions of its pictures."""

    blocks: list[Block] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)


def document(text: str) -> html.HtmlElement | None:
    """Parse HTML, a whole page or a fragment; ``None``: there is no element in it.

    Raises:
        InputTooLarge: an element with more attributes than any has.
    """
    bounds.refuse_attributes(text)
    try:
        return html.document_fromstring(
            without_controls(text).encode("utf-8"), parser=_PARSER, ensure_head_body=True
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def tree(text: str) -> etree._Element | None:
    """Parse an HTML fragment; ``None``: there is nothing in it.

    The elements are plain ones: each of :func:`document`'s costs a call of Python when it is met.

    Raises:
        InputTooLarge: an element with more attributes than any has.
    """
    bounds.refuse_attributes(text)
    try:
        return etree.fromstring(
            b"<div>%s</div>" % without_controls(text).encode("utf-8"), _FRAGMENT_PARSER
        )
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def fragment(text: str) -> Content:
    """Blocks and captions of an HTML fragment, such as a feed's content.

    Raises:
        InputTooLarge: longer, with its markup, than any body is.
    """
    _refuse_long(text)
    flat = flatmarkup.read(text)
    if flat is None:
        return by_tree(text)
    blocks = [(Block(kind=kind, text=line), bold) for kind, line, bold in flat.blocks]
    return Content(_typed_all(blocks), [one for one in map(_caption, flat.captions) if one])


def _refuse_long(text: str) -> None:
    if len(text) > _MOST_CHARS:
        raise InputTooLarge(
            f"a body of {len(text):,} characters, over the limit of {_MOST_CHARS:,}"
        )


def by_tree(text: str) -> Content:
    """The same for any fragment, through lxml."""
    root = tree(text)
    return read(root) if root is not None else Content()


def running(text: str) -> Content:
    """Blocks and captions of a body that is HTML, or text with a line to a paragraph.

    HTML without one element of a block is text, too: publishing systems make paragraphs of its
    blank lines.

    Raises:
        InputTooLarge: longer, with its markup, than any body is.
    """
    _refuse_long(text)
    if "<" not in text and "&" not in text:
        return Content(
            [Block(text=line.text) for line in read_lines(text) if _has_words(line.text)]
        )
    return fragment(text) if _BLOCK_TAG.search(text) else with_blank_lines(text)


def with_blank_lines(text: str) -> Content:
    """Blocks and captions of HTML in which a blank line ends a paragraph."""
    return fragment(_BLANK_LINE.sub("<br><br>", text))


def lines(texts: Iterable[str]) -> Content:
    """A paragraph for each text that isn't white space."""
    return Content([Block(text=text) for text in map(one_line, texts) if text])


def plain(text: str) -> str:
    """An HTML fragment as one line of text."""
    if "<" not in text:
        characters = flatmarkup.characters(text)
        if characters is not None:
            return one_line(characters)
    root = tree(text)
    return one_line("".join(root.itertext())) if root is not None else ""


def read(root: etree._Element) -> Content:
    """Read a tree: paragraphs, list items, headings as crossheads, quotes, tables, captions.

    A paragraph in a list item is one, and what a quote holds is of the quote.
    """
    reader = _Reader()
    reader.element(root)
    reader.flush()
    return Content(_typed_all(reader.found), reader.captions)


class _Reader:
    """Collects running text, and closes a block where an element of a block begins or ends."""

    def __init__(self) -> None:
        self.found: list[tuple[Block, bool]] = []
        self.captions: list[Caption] = []
        self._words: list[tuple[str, bool]] = []
        self._kind: BlockKind = "paragraph"
        self._breaks = 0

    def element(self, element: etree._Element, bold: bool = False) -> None:
        tag = _tag(element)
        if tag in _DROPPED or (tag == "head" and element.find("title") is not None):
            return
        if tag == "figcaption":
            self._caption(element)
        elif tag == "table" and (table := _table(element)):
            self.flush()
            self.found.append((Block(kind="table", text=table), False))
        elif tag in _BREAKS:
            self._breaks += 1
            self._words.append((" ", bold))
            if self._breaks > 1:
                self.flush()
        elif tag in _BLOCKS:
            self.flush()
            outer = self._kind
            if tag in _HEADINGS:
                self._kind = "crosshead"
            elif tag in _QUOTES:
                self._kind = "quote"
            elif tag in _ITEMS and self._kind == "paragraph":
                self._kind = "list-item"
            elif tag == "p" and self._kind == "list-item":
                self._kind = "paragraph"
            self._inside(element, bold)
            self.flush()
            self._kind = outer
        else:
            self._inside(element, bold or tag in _BOLD or element.get("rend") == "#b")

    def _inside(self, element: etree._Element, bold: bool) -> None:
        self._text(element.text, bold)
        for child in element:
            if isinstance(child.tag, str):
                self.element(child, bold)
            self._text(child.tail, bold)

    def _text(self, text: str | None, bold: bool) -> None:
        if text:
            if not text.isspace():
                self._breaks = 0
            self._words.append((text, bold))

    def flush(self) -> None:
        """End the block that is open."""
        text = one_line("".join(word for word, _ in self._words))
        if _has_words(text):
            bold = all(strong for word, strong in self._words if not word.isspace())
            self.found.append((Block(kind=self._kind, text=text), bold))
        self._words.clear()
        self._breaks = 0

    def _caption(self, element: etree._Element) -> None:
        found = read_caption(element)
        if found is not None:
            self.captions.append(found)


def _typed_all(found: list[tuple[Block, bool]]) -> list[Block]:
    """A paragraph in bold or in capitals between two others is a crosshead."""
    blocks = []
    for index, (block, bold) in enumerate(found):
        if (
            0 < index < len(found) - 1
            and block.kind == "paragraph"
            and (bold or block.text.isupper())
        ):
            before_text = found[index + 1][0].kind != "crosshead"
            if before_text and wirecopy.is_crosshead(block.text):
                block = Block(kind="crosshead", text=block.text)
        blocks.append(block)
    return blocks


def read_caption(element: etree._Element) -> Caption | None:
    """The caption in a ``figcaption``, its credit apart where it is marked up or looks like one."""
    credits = [
        inner
        for inner in element.iter()
        if isinstance(inner.tag, str)
        and inner is not element
        and re.search(
            r"credit|copyright|photographer|source",
            inner.get("class", "") + inner.get("itemprop", ""),
        )
    ]
    whole = one_line("".join(element.itertext()))
    credit = one_line("".join(credits[0].itertext())) if credits else ""
    if credit and credit in whole:
        text = one_line(whole.replace(credit, " ", 1)).rstrip(" (|-–—/")
        if text:
            return Caption(text=text, credit=wirecopy.clean_credit(credit))
    return _caption(whole)


def _caption(whole: str) -> Caption | None:
    """The caption in one line of text."""
    if not any(letter.isalpha() for letter in whole):
        return None
    return wirecopy.caption(whole) or (None if wirecopy.lone_credit(whole) else Caption(text=whole))


def _table(element: etree._Element) -> str | None:
    """The cells, a tab between two and a line for each row; ``None``: the table holds no data."""
    if any(_tag(inner) == "table" for inner in element.iterdescendants()):
        return None
    rows = [
        [one_line("".join(cell.itertext())) for cell in row if _tag(cell) in _CELLS]
        for row in element.iter()
        if _tag(row) in _ROWS
    ]
    rows = [row for row in rows if any(row)]
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    if max(len(cell) for row in rows for cell in row) > _LONGEST_CELL:
        return None
    return "\n".join("\t".join(row).rstrip("\t") for row in rows)


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def _tag(element: etree._Element) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""
