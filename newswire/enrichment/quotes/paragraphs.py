"""Quotes and paragraphs: a quote of several opens each with a mark, and closes the last one only.

So what ends without a closing mark goes on in the next paragraph, if that opens with one, in the
same speaker's mouth; and without a mark nothing goes over a paragraph's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from newswire.enrichment.quotes.attributions import Attribution, same_paragraph
from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.marks import opens, stays_open


def by_marks(text: str, read: Sequence[Attribution]) -> list[Attribution]:
    """Attributions as the marks and paragraphs of their text say.

    Args:
        text: What the spans refer to.
        read: As the reader found them, in the text's order.
    """
    return _carried_on(text, [_within(text, own) for own in read])


def _within(text: str, own: Attribution) -> Attribution:
    """Without what a content takes in of a neighbouring paragraph, as where a mark never closes.

    Of a content that goes on over a paragraph's end without a mark the part nearest to its cue is
    left.
    """
    cue = own.cue[0]
    rows: list[list[Bounds]] = []
    for piece in own.content:
        if rows and _follows(text, rows[-1][-1], piece) and not opens(text, piece[0]):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    content = (min(row, key=lambda part: max(part[0] - cue[1], cue[0] - part[1])) for row in rows)
    return replace(own, content=tuple(content))


def _carried_on(text: str, read: Sequence[Attribution]) -> list[Attribution]:
    """With each paragraph that carries a quote on put to the one whose quote it is.

    Unless it has a cue of its own: `"And it is late," he added.`
    """
    owners: dict[Bounds, set[int]] = {}
    for number, own in enumerate(read):
        for piece in own.content:
            owners.setdefault(piece, set()).add(number)
    open_ends: dict[int, tuple[Bounds, int]] = {}
    for piece in sorted(owners):
        has = owners[piece]
        before = open_ends.get(_end_before(text, piece[0]))
        if before and _follows(text, before[0], piece) and opens(text, piece[0]):
            has = {own for own in has if same_paragraph(text, read[own].cue[0], piece)}
            owners[piece] = has = has or {before[1]}
        if stays_open(text, *piece):
            open_ends[piece[1]] = piece, min(has)
    contents: list[list[Bounds]] = [[] for _ in read]
    for piece, has in owners.items():
        for number in has:
            contents[number].append(piece)
    return [
        replace(own, content=tuple(sorted(content)))
        for own, content in zip(read, contents, strict=True)
    ]


def _end_before(text: str, at: int) -> int:
    """Where what stands before a place ends."""
    while at and text[at - 1].isspace():
        at -= 1
    return at


def _follows(text: str, one: Bounds, other: Bounds) -> bool:
    """Whether one begins the paragraph behind the other, which ends its own."""
    gap = text[one[1] : other[0]]
    return "\n" in gap and gap.isspace()
