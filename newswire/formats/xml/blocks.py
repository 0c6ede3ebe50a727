"""From elements of XHTML and NITF to blocks of text, by what is marked up and nothing else.

Unlike in pages (:mod:`newswire.formats.web.markup`), where what a line is has to be guessed, markup
is to be trusted.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from newswire.errors import InputTooLarge
from newswire.formats.base.clean import one_line
from newswire.formats.lines import wirecopy
from newswire.formats.xml import tree as xmltree
from newswire.stories.model import Block, BlockKind, Caption

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 hl1 hl2".split())
_QUOTES = frozenset(("blockquote", "bq", "q-block"))
_ITEMS = frozenset(("li", "dt", "dd"))
_MARKED = _HEADINGS | _ITEMS | {"p"}
_TABLES = frozenset(("table", "nitf-table"))
_BREAKS = frozenset(("br", "hr"))
_PICTURES = frozenset(("figure", "media"))
_DROPPED = frozenset(
    "head style script noscript object iframe embed form button input select textarea svg math "
    "video audio img map title meta link".split()
)
_BLOCKS = (
    _HEADINGS
    | _QUOTES
    | frozenset(
        "p div section article main header footer aside nav ul ol dl li dt dd address center "
        "fieldset details summary figcaption block body body.content body.end tagline".split()
    )
)
"""Elements that begin a block. Any other is part of the running text, as are agencies' own
(``<Company>``)."""
_NO_TEXT = frozenset(("ul", "ol", "time")) | _HEADINGS
"""What an XHTML ``header`` repeats for machines and layout: date, slugline, headline."""
_SPECIAL = _BLOCKS | _TABLES | _BREAKS | _PICTURES | _DROPPED | {"time", "pre", "note"}
_CONTACTS = re.compile(r"(?:^|[\s_-])(?:contact(?:s|-?info)?|np-nonpublic)(?:$|\s)")
"""Classes of what an agency marks up as whom to call, and dpa as not for publication."""
_CREDITED = ("/", "(", "[", "©", "hoto", "redit", "mage", "icture", "andout", "aption", "via ")
"""One of these is in each credit that :func:`wirecopy.caption` knows."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_DEEPEST = 100
"""Elements within elements; further down nothing but their characters is read."""
_LONGEST_CELL = 300
"""A table with longer cells arranges a page; it holds no data."""
_MOST_BLOCKS = 20_000
"""Of one body; the longest of real ones have some hundreds."""


def between_blank_lines(text: str) -> list[str]:
    """The parts of plain text, of which white space may be left.

    Raises:
        InputTooLarge: more than any body has. No more than that are made.
    """
    return _bounded(_BLANK_LINE.split(text, _MOST_BLOCKS))


def lines(text: str) -> list[str]:
    """The lines of plain text; the same holds of them."""
    return _bounded(text.split("\n", _MOST_BLOCKS))


def _bounded(parts: list[str]) -> list[str]:
    if len(parts) > _MOST_BLOCKS:
        raise _too_many()
    return parts


def _too_many() -> InputTooLarge:
    return InputTooLarge(f"a body of more than {_MOST_BLOCKS:,} blocks")


def spaced(element: etree._Element) -> str:
    """All characters in an element, a space where one element ends and another begins."""
    return one_line(" ".join(element.itertext())) if len(element) else xmltree.text(element)


@lru_cache(maxsize=1024)
def _kind(tag: object) -> str:
    """The local name, lower case; empty for a comment."""
    return xmltree.local_name(tag).lower() if isinstance(tag, str) else ""


class Reader:
    """Collects running text, and closes a block where an element of a block begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.unmarked: list[int] = []
        """The indices of those that aren't marked up as blocks."""
        self.captions: list[Caption] = []
        self.notes: list[str] = []
        self._words: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._marked = False
        self._in_header = False
        self._breaks = 0
        self._depth = 0

    def inside(self, element: etree._Element) -> None:
        """Read what is in an element."""
        if self._depth == _DEEPEST:
            self._text(xmltree.characters(element))
            return
        self._depth += 1
        if element.text:
            self._text(element.text)
        for child in element:
            kind = _kind(child.tag)
            if kind == "p":
                self._paragraph(child)
            else:
                self._element(child, kind)
            tail = child.tail
            # The white space between two paragraphs would be dropped: not worth a call.
            if tail and (self._words or not tail.isspace()):
                self._text(tail)
        self._depth -= 1

    def _add(self, kind: BlockKind, text: str, marked: bool) -> None:
        if len(self.blocks) == _MOST_BLOCKS:
            raise _too_many()
        if not marked:
            self.unmarked.append(len(self.blocks))
        self.blocks.append(Block(kind=kind, text=text))

    def flush(self) -> None:
        """End the block that is open."""
        if self._words:
            text = "".join(self._words)
            self._words.clear()
            # Outside of all markup a blank line ends a paragraph.
            for part in (text,) if self._marked else between_blank_lines(text):
                line = one_line(part)
                if line:
                    self._add(self._kind, line, self._marked)
        self._breaks = 0

    def _element(self, element: etree._Element, kind: str) -> None:
        classes = element.get("class")
        if classes and _CONTACTS.search(classes):
            return
        if kind not in _SPECIAL:
            self.inside(element)
        elif kind in _BREAKS:
            self._break()
        elif kind in _TABLES:
            self._table(element)
        elif kind in _PICTURES:
            self._picture(element)
        elif kind == "pre":
            self.flush()
            for part in between_blank_lines(xmltree.characters(element)):
                if line := one_line(part):
                    self._add("paragraph", line, True)
        elif kind in _DROPPED or (self._in_header and kind in _NO_TEXT):
            return
        elif kind == "time":
            self.inside(element)
        elif kind == "note":
            self.flush()
            if element.get("type") != "npa":
                self.notes.append(spaced(element))
        else:
            self._block(element, kind)

    def _paragraph(self, element: etree._Element) -> None:
        """A paragraph of nothing but running text, as most are, is read at once."""
        if len(element):
            for inner in element.iterdescendants():
                if _kind(inner.tag) in _SPECIAL:
                    self._block(element, "p")
                    return
        text = xmltree.characters(element)
        if self._words:
            self.flush()
        line = one_line(text)
        if line:
            self._add("paragraph" if self._kind == "list-item" else self._kind, line, True)

    def _block(self, element: etree._Element, kind: str) -> None:
        self.flush()
        outer = self._kind, self._marked, self._in_header
        if kind in _QUOTES:
            self._kind = "quote"
        elif kind in _HEADINGS and not self._marked:
            # Agencies put headings into paragraphs; what is marked up as a paragraph is one.
            self._kind = "crosshead"
        elif kind in _ITEMS and self._kind == "paragraph":
            self._kind = "list-item"
        elif kind == "p" and self._kind == "list-item":
            self._kind = "paragraph"
        self._marked = self._marked or kind in _MARKED
        self._in_header = self._in_header or kind == "header"
        self.inside(element)
        self.flush()
        self._kind, self._marked, self._in_header = outer

    def _break(self) -> None:
        self._words.append(" ")
        self._breaks += 1
        # A paragraph may hold a blank line; outside of one it ends the block.
        if self._breaks > 1 and not self._marked:
            self.flush()

    def _text(self, text: str) -> None:
        if not text.isspace():
            self._breaks = 0
        elif not self._words:
            return
        self._words.append(text)

    def _table(self, element: etree._Element) -> None:
        self.flush()
        table = _table(element)
        if table:
            # A table of one cell is a heading with a frame.
            kind: BlockKind = "table" if "\n" in table or "\t" in table else "crosshead"
            self._add(kind, table, True)
        else:
            self.inside(element)
            self.flush()

    def _picture(self, element: etree._Element) -> None:
        texts: dict[str, str] = {}
        for inner in element.iter():
            kind = _kind(inner.tag)
            if kind in ("figcaption", "media-caption"):
                texts.setdefault("caption", xmltree.text(inner))
            elif kind == "media-producer":
                texts.setdefault("credit", xmltree.text(inner))
        if texts.get("caption"):
            self.captions.append(read_caption(texts["caption"], texts.get("credit", "")))


def _table(element: etree._Element) -> str:
    """The cells, a tab between two and a line for each row; empty: the table holds no data."""
    rows: list[list[str]] = []
    for inner in element.iterdescendants():
        kind = _kind(inner.tag)
        if kind == "td" or kind == "th":
            if rows:
                rows[-1].append(spaced(inner) if len(inner) else one_line(inner.text))
        elif kind == "tr":
            rows.append([])
        elif kind in _TABLES:
            return ""
    rows = [row for row in rows if any(row)]
    longest = max((len(cell) for row in rows for cell in row), default=0)
    if longest > _LONGEST_CELL:
        return ""
    return "\n".join("\t".join(row).rstrip("\t") for row in rows)


def read_caption(text: str, credit: str = "") -> Caption:
    """A caption, its credit apart where it is stated or looks like one."""
    if credit:
        return Caption(text=text, credit=wirecopy.clean_credit(credit))
    may_end_in_one = any(sign in text for sign in _CREDITED)
    return (wirecopy.caption(text) if may_end_in_one else None) or Caption(text=text)
