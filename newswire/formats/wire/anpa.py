"""The copy of an ANPA 1312 transmission: its logical lines, free of the signs of composition."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newswire.formats.base.clean import one_line
from newswire.formats.lines import wirecopy
from newswire.formats.wire.text import STX, is_full
from newswire.stories.model import Block

_SIGNS = (
    (re.compile("``"), "“"),
    (re.compile("''"), "”"),
    (re.compile(r"(?<![_\w])_(?![_\w])"), "—"),
    (re.compile(r"\{"), "½"),
)


@dataclass
class CopyLine:
    """A logical line."""

    text: str
    """Without signs of composition, white space normalised; of a row the cells, tabs between."""
    paragraph: bool
    """It begins with a tab, or as deep as one."""
    row: bool


@dataclass
class Copy:
    """The logical lines that are left to be read."""

    found: list[CopyLine] = field(default_factory=list)

    @classmethod
    def of(cls, copy: str) -> Copy:
        """The logical lines: one goes on until another begins with a sign of composition."""
        parts: list[tuple[list[str], bool, bool]] = []
        ended = True
        # Some wires have no sign that begins a line (Kyodo): one is broken where it is full.
        marked, previous = "^" in copy, ""
        for physical in copy.replace(STX, "").split("\n"):
            stripped = physical.strip(" \r\x0c")
            if not stripped:
                ended = True
                continue
            row = "\x08" in physical
            paragraph = not row and re.match(r"\t| {4,}\S", physical) is not None
            begins = row or paragraph or ended or stripped[0] == "^"
            if begins or not (marked or is_full(previous, stripped)):
                parts.append(([], paragraph, row))
            parts[-1][0].append(_cells(physical) if row else _plain(stripped))
            previous = stripped
            # A wrapped paragraph's sign of its end is that of its last line.
            ended = row or stripped.rstrip("\x10 ").endswith(("<", "=", "+"))
        lines = (CopyLine(" ".join(filter(None, text)), *kind) for text, *kind in parts)
        return cls([line for line in lines if line.text])

    def take_keyword(self, header: str) -> str:
        """The keyword line, taken off; the header's keyword, where the copy has none."""
        first = self.found[0] if self.found else None
        if first is None or first.paragraph or first.row:
            return header
        start = re.split(r"[\s,]|--", first.text, maxsplit=1)[0]
        if not header.startswith(start[:8]):
            return header
        return self.found.pop(0).text

    def take_last(self, *signs: re.Pattern[str]) -> str:
        """The last line, taken off, where one of the signs matches it; else nothing."""
        if self.found and any(sign.match(self.found[-1].text) for sign in signs):
            return self.found.pop().text
        return ""

    def blocks(self) -> list[Block]:
        """What is left: paragraphs, tables of consecutive rows, crossheads."""
        blocks: list[Block] = []
        rows: list[str] = []
        for line in [*self.found, CopyLine("", False, False)]:
            if line.row:
                rows.append(line.text)
                continue
            if rows:
                blocks.append(Block(kind="table", text="\n".join(rows)))
                rows = []
            if line.text:
                # A centred line above a table, or capitals between two paragraphs.
                stands_out = not line.paragraph or line.text.isupper()
                heading = stands_out and wirecopy.is_crosshead(line.text)
                blocks.append(Block(kind="crosshead" if heading else "paragraph", text=line.text))
        return blocks


def _plain(text: str) -> str:
    bare = re.sub(r"[<=+]+$", "", text.strip().lstrip("^\t ").rstrip("\x10 "))
    bare = re.sub(r"[\x00-\x08\x0b-\x1f]", " ", bare)
    for sign, instead in _SIGNS:
        bare = sign.sub(instead, bare)
    return one_line(bare)


def _cells(line: str) -> str:
    """The cells of a row: ``;`` or unit and record separators between; DLE is a fixed space."""
    bare = line.replace("\x08", "").replace("\x10", "").strip(" \r").lstrip("^")
    cells = re.split(
        r"[ \x1e\x1f]*[\x1e\x1f][ \x1e\x1f]*" if re.search("[\x1e\x1f]", bare) else ";", bare
    )
    return "\t".join(_plain(cell) for cell in cells).rstrip("\t")
