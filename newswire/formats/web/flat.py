"""HTML of nothing but the commonest elements, read without a tree: most bodies of wires are so.

It gives what :mod:`newswire.formats.web.markup` would, in a third of the time, or nothing: whatever
the two could read differently (an element that isn't closed, an entity that HTML 4 doesn't have, a
comment, a table) is left to the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.entities import name2codepoint
from itertools import pairwise

from newswire.formats.base.clean import one_line
from newswire.stories.model import BlockKind

_NAME = re.compile(r"(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/]|$)")
_REFERENCE = re.compile(r"&(?:(#x?[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);)?")
_BOLD = frozenset(("b", "strong"))
_INLINE = _BOLD | frozenset("a abbr cite code em font i s small span sub sup u".split())
_CONTAINERS = frozenset("p div section article ul ol li block blockquote figure figcaption".split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "hl2"))
_BLOCKS = _CONTAINERS | _HEADINGS
_AROUND = _CONTAINERS - {"p", "figcaption"}
_CLOSED_BY_OTHERS = frozenset(("p", "li"))
_VOID = frozenset(("br", "hr", "img"))
_CREDITED = re.compile("class|itemprop")
"""Attributes by which a caption's credit may be told."""
_LONGEST = 200_000
"""Characters. A longer one is worth a tree, and its limits."""


@dataclass
class Flat:
    """The blocks in order (kind, text, and whether all of it is in bold), and the captions."""

    blocks: list[tuple[BlockKind, str, bool]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    """What stands in ``figcaption``, as one line."""


def read(text: str) -> Flat | None:
    """Read a fragment; ``None``: it needs a tree."""
    if len(text) > _LONGEST:
        return None
    words, *tagged = text.split("<")
    reader = _Reader()
    if ">" in words or not reader.take(words):
        return None
    in_paragraph = False
    for part, following in pairwise((*tagged, "")):
        inside, closed, words = part.partition(">")
        if not closed or ">" in words:
            return None
        # A paragraph of nothing but words, as most are, is read at once.
        if inside == "p" and following.startswith("/p>") and reader.is_between():
            if not reader.paragraph(words):
                return None
            in_paragraph = True
            continue
        if in_paragraph:
            in_paragraph = False
        else:
            bare = _BARE.get(inside)
            if not (bare[0](reader, bare[1], bare[2]) if bare else reader.spelled(inside)):
                return None
        if words and not reader.take(words):
            return None
    return reader.end()


def characters(text: str) -> str | None:
    """What a text without tags says; ``None``: it has a reference that not all read alike."""
    if "&" not in text:
        return text
    return unescape(text) if _has_known_references(text) else None


def _has_known_references(words: str) -> bool:
    return all(_is_known(found[1]) for found in _REFERENCE.finditer(words))


def _is_known(reference: str | None) -> bool:
    """Whether every reader takes a reference for the same character."""
    if reference is None:
        return False
    if reference[0] != "#":
        return reference in name2codepoint or reference == "apos"
    hexadecimal = reference[1:2] == "x"
    digits = reference[2 if hexadecimal else 1 :]
    if not digits or len(digits) > 6 or not (hexadecimal or digits.isdecimal()):
        return False
    code = int(digits, 16 if hexadecimal else 10)
    return 32 <= code < 127 or 160 <= code < 0xD800 or 0xE000 <= code < 0xFFFE


class _Reader:
    """Collects running text; each method that takes a tag says whether the tag fits."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._plain = False
        """There is text in the block that isn't in bold."""
        self._bold = 0
        self._breaks = 0
        self._found = Flat()
        self._marked: list[str] = []
        """The inline elements that are open."""
        self._open: list[str] = []
        self._in_items: list[bool] = []
        """Of each of them, whether it is in an item of a list and in no paragraph of it; those
        that were closed last may still follow."""
        self._quotes = 0
        self._around: tuple[list[str], bool, int] = ([], False, 0)
        """The block in whose midst a caption stands: its words, and what is known of them."""

    def take(self, words: str) -> bool:
        """The characters between two tags."""
        if "&" in words:
            said = characters(words)
            if said is None:
                return False
            words = said
        if words and not words.isspace():
            self._breaks = 0
            if not self._bold:
                self._plain = True
        elif not self._words:
            return True
        self._words.append(words)
        return True

    def is_between(self) -> bool:
        """Whether a paragraph may begin here, and closes nothing but running text."""
        return not self._marked and (not self._open or self._open[-1] in _AROUND)

    def paragraph(self, words: str) -> bool:
        """A paragraph without a tag in it, where one may begin."""
        said = characters(words)
        if said is None:
            return False
        if self._words:
            self._flush()
        self._add("quote" if self._quotes else "paragraph", one_line(said), False)
        return True

    def spelled(self, inside: str) -> bool:
        """A tag as it is written between ``<`` and ``>``."""
        if inside.startswith("!--"):
            # Gutenberg's, before and behind each block.
            return len(inside) > 4 and inside.find("--", 3) == len(inside) - 2
        named = _NAME.match(inside)
        if named is None or (self._in_caption() and _CREDITED.search(inside)):
            return False
        closing, name = named[1] != "", named[2].lower()
        if inside[-1] == "/" and name not in _VOID:
            return False
        return self._tag(name, closing)

    def _tag(self, name: str, closing: bool) -> bool:
        if name in _BLOCKS:
            return self.block(name, closing)
        if name in _INLINE or ("-" in name and name != "q-block"):
            # An element of the agency's own (``<dpa-embed>``) is in line, as is any unknown one.
            return self.inline(name, closing)
        return name in _VOID and not closing and self.void(name, closing)

    def block(self, name: str, closing: bool) -> bool:
        """An element that begins or ends a block."""
        # What is marked over the edge of a block is the tree's.
        if self._marked:
            return False
        if name == "figcaption" or self._in_caption():
            fits = self._in_caption() == (closing and name == "figcaption")
            return fits and self._caption(closing)
        if self._words:
            self._flush()
        return self._close(name) if closing else self._begin(name)

    def inline(self, name: str, closing: bool) -> bool:
        """An element in the midst of running text."""
        if not closing:
            self._marked.append(name)
            self._bold += name in _BOLD
        elif name in self._marked:
            self._bold -= name in _BOLD
            return self._marked.pop() == name
        return True

    def void(self, name: str, _closing: bool) -> bool:
        """An element that nothing is in."""
        if name == "br":
            self._breaks += 1
            self._words.append(" ")
            if self._breaks > 1:
                self._flush()
        elif name == "hr":
            self._flush()
            return not self._marked and not (self._open and self._open[-1] in _HEADINGS)
        return True

    def _begin(self, name: str) -> bool:
        last = self._open[-1] if self._open else ""
        if last == "p" or (last == "li" == name):
            self._open.pop()
        elif last in _HEADINGS:
            return False
        depth = len(self._open)
        in_item = name == "li" or (name != "p" and depth > 0 and self._in_items[depth - 1])
        self._in_items[depth:] = (in_item,)
        self._open.append(name)
        self._quotes += name == "blockquote"
        return True

    def _close(self, name: str) -> bool:
        while self._open and self._open[-1] != name and self._open[-1] in _CLOSED_BY_OTHERS:
            self._open.pop()
        if not self._open or self._open.pop() != name:
            return False
        self._quotes -= name == "blockquote"
        return True

    def _in_caption(self) -> bool:
        return bool(self._open) and self._open[-1] == "figcaption"

    def _caption(self, closing: bool) -> bool:
        """A caption is apart from the running text, and ends no block of it."""
        if closing:
            self._found.captions.append(one_line("".join(self._words)))
            self._words, self._plain, self._breaks = self._around
            return self._open.pop() == "figcaption"
        self._around = self._words, self._plain, self._breaks
        self._words, self._plain, self._breaks = [], False, 0
        return self._begin("figcaption")

    def _flush(self) -> None:
        kind: BlockKind = "paragraph"
        if self._open and self._open[-1] in _HEADINGS:
            kind = "crosshead"
        elif self._quotes:
            kind = "quote"
        elif self._open and self._in_items[len(self._open) - 1]:
            kind = "list-item"
        self._add(kind, one_line("".join(self._words)), not self._plain)
        self._words.clear()
        self._plain = False
        self._breaks = 0

    def _add(self, kind: BlockKind, line: str, bold: bool) -> None:
        if line and (line[0].isalnum() or any(map(str.isalnum, line))):
            self._found.blocks.append((kind, line, bold))

    def end(self) -> Flat | None:
        """What was read; ``None``: an inline element is open."""
        if self._marked or self._in_caption():
            return None
        self._flush()
        return self._found


_BARE = {
    **{name: (_Reader.block, name, False) for name in _BLOCKS},
    **{f"/{name}": (_Reader.block, name, True) for name in _BLOCKS},
    **{name: (_Reader.inline, name, False) for name in _INLINE},
    **{f"/{name}": (_Reader.inline, name, True) for name in _INLINE},
    **{f"{name}{end}": (_Reader.void, name, False) for name in _VOID for end in ("", "/", " /")},
}
"""Tags without attributes, as they are written: what reads one, its name, whether it closes."""
