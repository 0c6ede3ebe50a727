"""The content that an XML wire carries inline: XHTML, NITF, paragraphs, HTML in a string, text.

What is marked up as a paragraph is one, and so is a list item; a heading is a crosshead, a table
stays a table. Captions go to the captions. Byline, dateline and notes of an NITF body's head are
given apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from newswire.formats.base.clean import without_controls
from newswire.formats.lines.dates import read_date
from newswire.formats.web import markup
from newswire.formats.xml import blocks as xmlblocks
from newswire.formats.xml import tree as xmltree
from newswire.formats.xml.blocks import spaced
from newswire.stories.model import Block, Caption

_MARKUP = re.compile(r"<(?:p|div|br|h[1-6]|ul|table|html|body)\b", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>")
"""Neither an instrument's code (``<EUR=>``, ``<IBM.N>``) nor an address (``<me@example.org>``)."""
_DATA = re.compile(r"\s*<([A-Za-z][\w:-]*)[\s>].*</\1\s*>\s*", re.DOTALL)
_CODES = re.compile(r"(?=\D*\d)[A-Z0-9\W_]*")


@dataclass
class Inline:
    """What an inline document says."""

    blocks: list[Block] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    headline: str = ""
    subheadline: str = ""
    title: str = ""
    byline: str = ""
    dateline: str = ""
    credit: str = ""
    abstract: str = ""
    notes: list[str] = field(default_factory=list)
    """Advisories that may be published (NITF's ``note``, but ``type="npa"``)."""
    loose: list[str] = field(default_factory=list)
    """Codes that stand outside all paragraphs."""


def read(root: etree._Element) -> Inline:
    """Read XHTML, NITF, or an element that holds paragraphs, whatever its name."""
    found = Inline()
    kind = xmltree.name(root)
    body = xmltree.child(root, "body")
    content = xmltree.child(body, "body.content")
    if content is not None or kind == "nitf":
        # Whatever the root is called: TT's is its own.
        found.title = xmltree.text(xmltree.child(root, "head", "title"))
        _read_head(found, xmltree.child(body, "body.head"))
        body = body if content is None else content
    elif kind == "html":
        found.title = xmltree.text(xmltree.child(root, "head", "title"))
    else:
        body = root
    if body is not None:
        _read_body(found, body)
    return found


def read_string(content: str) -> Inline:
    """Read HTML in a string, e.g. a CDATA section, or plain text."""
    if _MARKUP.search(content):
        root = markup.tree(content)
        return read(root) if root is not None else Inline()
    # An element of another vocabulary is data as a whole: its values say nothing without names.
    words = content if _DATA.fullmatch(content) else _TAG.sub("", content)
    parts = xmlblocks.between_blank_lines(without_controls(words).strip())
    if len(parts) == 1:
        parts = xmlblocks.lines(parts[0])
    return Inline(blocks=markup.lines(parts).blocks)


def read_data(element: etree._Element) -> Inline:
    """Read what a vocabulary without paragraphs says in words: names of teams, an event's place.

    A blank line is where one thing ends, as in plain text: one element a line is how data are set.
    """
    words = without_controls(" ".join(element.itertext()))
    return Inline(blocks=markup.lines(xmlblocks.between_blank_lines(words)).blocks)


def headings(found: Inline, headline: str | None) -> list[str]:
    """Take the headings above the body out of it: the headline once more, and subheadlines.

    A crosshead stands between paragraphs.
    """
    above = []
    while len(found.blocks) > 1 and found.blocks[0].kind == "crosshead":
        above.append(found.blocks.pop(0).text)
    return [heading for heading in above if heading != (headline or found.headline)]


def _read_head(found: Inline, head: etree._Element | None) -> None:
    for element in head if head is not None else ():
        kind = xmltree.name(element)
        if kind == "hedline":
            found.headline = xmltree.text(xmltree.child(element, "hl1"))
            found.subheadline = xmltree.text(xmltree.child(element, "hl2"))
        elif kind == "byline":
            found.byline = found.byline or spaced(element)
        elif kind == "dateline":
            stated = spaced(element)
            # EFE puts a moment for machines here, and says itself that it is a mistake.
            found.dateline = "" if read_date(stated) else stated
        elif kind == "distributor":
            found.credit = spaced(element)
        elif kind == "abstract":
            found.abstract = spaced(element)
        elif kind == "note" and element.get("type") != "npa":
            found.notes.append(spaced(element))


def _read_body(found: Inline, body: etree._Element) -> None:
    reader = xmlblocks.Reader()
    reader.inside(body)
    reader.flush()
    found.blocks = reader.blocks
    if len(reader.unmarked) < len(reader.blocks):
        # What stands outside all paragraphs and has no word of a language is for machines.
        texts = {index: reader.blocks[index].text for index in reader.unmarked}
        codes = {index: text for index, text in texts.items() if _CODES.fullmatch(text)}
        found.loose = list(codes.values())
        if codes:
            found.blocks = [one for i, one in enumerate(reader.blocks) if i not in codes]
    found.captions = list(dict.fromkeys(reader.captions))
    found.notes += reader.notes
