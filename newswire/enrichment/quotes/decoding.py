"""From what a model thinks of each token to spans: the likeliest row of BIO tags, by whole words.

A tag for each token by itself cuts words in two and interrupts spans at a doubtful token. Here a
word has one tag, an inside follows its own beginning only, and beginning a span may cost something,
so that a long one isn't cut for one token (Viterbi, 1967).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from newswire.enrichment.runtime import Floats

Bounds = tuple[int, int]
"""``[start, end)``: code points of a text, or tokens of a window."""

PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n")
"""A blank line."""

_NEVER = -1e9


class Decoder:
    """Decodes one set of tags."""

    def __init__(
        self,
        tags: Sequence[str],
        costs: Mapping[str, float] | None = None,
        across: Collection[str] = (),
    ) -> None:
        """Prepare the transitions.

        Args:
            tags: ``O`` first, then ``B-kind`` and ``I-kind`` of each kind.
            costs: Of beginning a span of a kind, in logits; none: nothing.
            across: Kinds whose spans may go over a line's end, and are in several at a paragraph's;
                of others the last line's part is taken.
        """
        self._across = across
        self._tags = tags
        costs = costs or {}
        self._inside = [0] * len(tags)
        """The tag of a span's further words."""
        self._moves = np.zeros((len(tags), len(tags)), np.float32)
        for to, tag in enumerate(tags):
            if tag.startswith("B-"):
                self._inside[to] = tags.index(f"I-{tag[2:]}")
                self._moves[:, to] = -costs.get(tag[2:], 0.0)
            elif tag.startswith("I-"):
                self._inside[to] = to
                before = [own.endswith(tag[1:]) for own in tags]
                self._moves[:, to] = np.where(before, 0.0, _NEVER)

    def spans(
        self, text: str, offsets: Sequence[Bounds], probabilities: Floats
    ) -> list[tuple[int, int, str]]:
        """Start, end (tokens) and kind of each span of a window, in order.

        Args:
            text: What the offsets refer to.
            offsets: Of each token; ``(-1, -1)`` for those that stand for no text.
            probabilities: ``[tokens, tags]``.
        """
        words = _words(text, offsets)
        if not words:
            return []
        scores = np.log(np.clip(probabilities, 1e-9, 1.0))
        path = self._path(np.array([self._word(scores[start:end]) for start, end in words]))
        out: list[tuple[int, int, str]] = []
        after = False
        for (start, end), tag in zip(words, path, strict=True):
            name = self._tags[tag]
            # What stands for no text between two words ends a span.
            if name[0] == "I" and after and out[-1][1] == start:
                out[-1] = (out[-1][0], end, name[2:])
            elif name != "O":
                out.append((start, end, name[2:]))
            after = name != "O"
        return [
            (first, last, kind)
            for start, end, kind in out
            for first, last in (
                _paragraphs(text, offsets, start, end)
                if kind in self._across
                else [(_last_line(text, offsets, start, end), end)]
            )
        ]

    def _word(self, pieces: Floats) -> Floats:
        """The mean over a word's pieces; those after the first are inside whatever it begins."""
        first, rest = pieces[0], pieces[1:]
        # A piece may say beginning or inside: both mean that the word is a part.
        further = np.maximum(rest[:, self._inside], rest)
        out: Floats = (first + further.sum(0)) / len(pieces)
        return out

    def _path(self, scores: Floats) -> list[int]:
        best = scores[0] + self._moves[0]
        back = []
        for own in scores[1:]:
            ways = best[:, None] + self._moves
            back.append(ways.argmax(0))
            best = ways.max(0) + own
        path = [int(best.argmax())]
        for step in reversed(back):
            path.append(int(step[path[-1]]))
        return path[::-1]


def _last_line(text: str, offsets: Sequence[Bounds], start: int, end: int) -> int:
    """The first token of ``start`` to ``end`` after which no line ends among them."""
    for token in range(end - 1, start, -1):
        if "\n" in text[offsets[token - 1][1] : offsets[token][0]]:
            return token
    return start


def _paragraphs(
    text: str, offsets: Sequence[Bounds], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """The tokens ``start`` to ``end``, those of each paragraph by themselves."""
    for token in range(start + 1, end):
        if PARAGRAPH_END.search(text, offsets[token - 1][1], offsets[token][0]):
            yield start, token
            start = token
    yield start, end


def _words(text: str, offsets: Sequence[Bounds]) -> list[Bounds]:
    """Tokens of each word; what stands for no text is left out."""
    out: list[Bounds] = []
    for number, (start, _) in enumerate(offsets):
        if start < 0:
            continue
        joined = (
            out
            and out[-1][1] == number
            and offsets[number - 1][1] == start
            and text[start].isalnum()
            and text[start - 1].isalnum()
        )
        if joined:
            out[-1] = (out[-1][0], number + 1)
        else:
            out.append((number, number + 1))
    return out
