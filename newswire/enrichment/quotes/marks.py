"""Quotation marks: where one opens, and what stands between two.

Double ones open and close; a single one may be an apostrophe, so it counts only in front of a word,
and what it opens isn't followed to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newswire.enrichment.quotes.decoding import PARAGRAPH_END, Bounds

_CLOSES = {"“": "”", "„": "“”", "«": "»", '"': '"'}
"""Of each double mark that opens: those that close it."""

_DOUBLE = re.compile(rf"[\"“”«»„]|{PARAGRAPH_END.pattern}")
_SINGLE = r"(?<!\w)[‘']\w"
_OPENS = re.compile(rf"[\"“„«]|{_SINGLE}")
_ANY = re.compile(rf"[\"“”«»„]|{_SINGLE}")
_DIGIT_BEFORE = re.compile(r"(?<=\d)")


def opens(text: str, at: int) -> bool:
    """Whether a quotation mark opens at a place."""
    return _OPENS.match(text, at) is not None


def any_in(text: str) -> bool:
    """Whether a text has somebody's own words in it, or their beginning or end."""
    return _ANY.search(text) is not None


def marked(text: str) -> list[Bounds]:
    """What stands in double quotation marks, in order; one that never closes ends with its
    paragraph.
    """
    return [(start, end) for start, end, _ in _regions(text, 0, len(text))]


def stays_open(text: str, start: int, end: int) -> bool:
    """Whether a double mark opens in a part of a text that doesn't close in it."""
    return not all(closed for _, _, closed in _regions(text, start, end))


def _regions(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Start and end of what stands between two marks, and whether the second is there."""
    opened: int | None = None
    closing = ""
    for found in _DOUBLE.finditer(text, start, end):
        mark = found.group()
        if mark[0] == "\n" or (opened is not None and mark in closing):
            if opened is not None:
                yield opened, found.start(), mark[0] != "\n"
            opened = None
        # An inch is no quotation mark.
        elif opened is None and mark in _CLOSES and not _DIGIT_BEFORE.match(text, found.start()):
            opened, closing = found.end(), _CLOSES[mark]
    if opened is not None:
        yield opened, end, False
