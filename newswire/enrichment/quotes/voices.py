"""Who says what, while it isn't known yet who "he" is: what the words themselves rule out or tell.

Within quotation marks nobody speaks of himself as "he"; "he added" behind somebody's quote is that
somebody, where nobody else was named since; and "Ruiz said that she" is Ruiz.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newswire.enrichment.quotes.decoding import PARAGRAPH_END, Bounds
from newswire.enrichment.quotes.marks import marked
from newswire.enrichment.quotes.mentions import Mention, kind_of

REACH = 120
"""Characters behind a quote, without what is said there, in which its speaker may speak on."""

_THAT = re.compile(r"that\s+", re.IGNORECASE)
_SINGLE = re.compile(r"[‘']\w")


@dataclass(frozen=True)
class Voice:
    """One who says something."""

    by: int | Mention
    """The number of an entity of the story, or what stands for one."""
    said: tuple[Bounds, ...]
    source: Bounds
    extent: Bounds
    """From the first character of its source, cue and content to the last one's end."""
    represents: bool
    """He speaks for :attr:`by`, and isn't that one himself."""


class Voices:
    """The voices of a story, asked for what is known of its mentions."""

    def __init__(self, text: str, voices: Sequence[Voice]) -> None:
        self._text = text
        self._marked = marked(text) if voices else []
        self._said = sorted(
            (start, end, number) for number, own in enumerate(voices) for start, end in own.said
        )
        self._voices = voices
        self.speaking: dict[Mention, list[Bounds]] = {}
        """What is said by those without a name, of each where its words stand."""
        self._paragraphs = [own.end() for own in PARAGRAPH_END.finditer(text)] if voices else []
        self._begins = {
            begins: own
            for own in voices
            for start, end in own.said
            if self._marks_around(begins := _that(text, start, end)) is None
        }
        self.follows: dict[Mention, Voice] = {}
        """Of "he" and "she" who speak right behind another voice: that one."""
        for own in voices:
            if isinstance(own.by, Mention):
                self.speaking.setdefault(own.by, []).extend(own.said)
        for own, before in self._in_a_row():
            if isinstance(own.by, Mention) and kind_of(text[slice(*own.source)]) in ("he", "she"):
                self.follows[own.by] = before

    def reported(self, mention: Mention) -> Voice | None:
        """The voice whose words, not put in quotation marks, begin with "he" or "she"."""
        subject = self._text[mention.start : mention.end].lower() in ("he", "she")
        return self._begins.get(mention.start) if subject else None

    def around(self, mention: Mention) -> Voice | None:
        """The voice within whose quotation marks something stands."""
        at = bisect_right(self._said, (mention.start, len(self._text), 0)) - 1
        if at < 0 or mention.end > self._said[at][1]:
            return None
        start, end, number = self._said[at]
        own = self._voices[number]
        if not _SINGLE.match(self._text, start):
            around = self._marks_around(mention.start)
            if around is None or around[1] < mention.end:
                return None
            start, end = around
        # Who is quoted within the marks by another isn't the one who speaks there.
        return None if start <= own.source[0] < end else own

    def _marks_around(self, at: int) -> Bounds | None:
        """What stands in double quotation marks around a place."""
        region = bisect_right(self._marked, (at, len(self._text))) - 1
        return self._marked[region] if region >= 0 and at < self._marked[region][1] else None

    def _in_a_row(self) -> Iterator[tuple[Voice, Voice]]:
        """Each voice with the one right before it in its paragraph."""
        before: Voice | None = None
        for own in self._voices:
            if before is not None and own.source[0] < before.extent[1]:
                # Within another's words, or woven into them: who speaks on behind is open.
                if own.extent[1] > before.extent[1]:
                    before = own
                continue
            if before is not None and self._right_behind(before, own):
                yield own, before
            before = own

    def _right_behind(self, before: Voice, own: Voice) -> bool:
        start, end = before.extent[1], own.source[0]
        words = sum(max(0, min(b, end) - max(a, start)) for a, b in own.said)
        return end - start - words <= REACH and not PARAGRAPH_END.search(self._text, start, end)

    def paragraph(self, mention: Mention) -> int:
        """Where its paragraph begins."""
        at = bisect_right(self._paragraphs, mention.start)
        return self._paragraphs[at - 1] if at else 0

    def between(
        self, start: int, mention: Mention, names: Sequence[tuple[int, int]]
    ) -> Iterator[int]:
        """The numbers of the names from a place to who speaks there, beside what he says.

        Args:
            start: The place.
            mention: One of :attr:`speaking`.
            names: Of people: where each stands and whose it is, in order.
        """
        said = self.speaking[mention]
        for at in range(bisect_left(names, (start, 0)), len(names)):
            begins, number = names[at]
            if begins >= mention.start:
                return
            if not any(a <= begins < b for a, b in said):
                yield number


def _that(text: str, start: int, end: int) -> int:
    """Where what is said begins, behind "that"."""
    found = _THAT.match(text, start, end)
    return found.end() if found else start
