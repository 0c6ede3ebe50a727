"""The lines of a text, and what each is by itself: a sentence, prose, furniture of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from newswire.formats.base.clean import SENTENCE_END, one_line
from newswire.formats.lines import aggregator, furniture, wirecopy

_PROSE_CHARS = 60
"""From this length a line that ends as a sentence is prose; headlines don't end so."""


@dataclass(frozen=True)
class Line:
    """One line, white space normalised, never empty. What it is, is found out once."""

    text: str
    apart: bool
    """A blank line stands before it."""

    @cached_property
    def is_sentence(self) -> bool:
        """It ends as a sentence and is nothing but running text."""
        return (
            SENTENCE_END.search(self.text) is not None
            # Some scripts have no spaces between words.
            and (len(self.text.split()) >= 3 or (" " not in self.text and len(self.text) >= 10))
            and not self.is_furniture
        )

    @cached_property
    def is_prose(self) -> bool:
        """A sentence as long as only a story's are."""
        return len(self.text) >= _PROSE_CHARS and self.is_sentence

    @cached_property
    def is_furniture(self) -> bool:
        """What a page or an agency puts around a story."""
        return (
            aggregator.is_chrome(self.text)
            or furniture.is_byline(self.text)
            or furniture.is_age(self.text)
            or furniture.stamp(self.text) is not None
            or wirecopy.caption(self.text) is not None
            or wirecopy.lone_credit(self.text) is not None
            or wirecopy.sign_off(self.text) is not None
        )


def read_lines(text: str) -> list[Line]:
    """The lines of a text; paragraphs that are broken at a fixed width are joined."""
    blocks = [
        [line for line in map(one_line, block.split("\n")) if line]
        for block in re.split(r"\n[^\S\n]*\n\s*", text)
    ]
    # Where one paragraph of three lines is broken at a fixed width, those of two lines are too.
    wrapped = any(len(lines) > 2 and _is_wrapped(lines) for lines in blocks)
    found: list[Line] = []
    for lines in blocks:
        if len(lines) > (1 if wrapped else 2) and _is_wrapped(lines):
            lines = [" ".join(lines)]
        found.extend(Line(line, apart=not index) for index, line in enumerate(lines))
    return found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph, broken at a fixed width as mail and old terminals do."""
    *full, last = lines
    if not full or len(last) > 100:
        return False
    broken = sum(not SENTENCE_END.search(line) for line in full)
    width = max(map(len, full))
    return 45 <= width <= 100 and min(map(len, full)) >= width - 20 and 2 * broken >= len(full)
