"""Who says what: source, cue and content of each attribution, from what the reader tells of tokens.

The reader finds the parts, and tells of each token which role it has toward each cue. So what is
interrupted ("…," she said, "…") is one content of several pieces, and each content has the source
of its own cue, however many speakers a sentence has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from newswire.enrichment.quotes.decoding import PARAGRAPH_END, Bounds
from newswire.enrichment.runtime import Floats

PARTS = ("source", "cue", "content")
"""Of an attribution, as in PolNeAR (Newell et al., 2018)."""

TAGS = ("O", *(f"{at}-{part}" for part in PARTS for at in "BI"))
"""Of a token: outside, or the beginning or inside of a part."""

ROLES = ("none", "source", "content")
"""Of a token toward a cue."""

SOURCE, CONTENT = ROLES.index("source"), ROLES.index("content")

COSTS = {"cue": 0.5, "content": 2.0}
"""Of beginning a part (:class:`~newswire.enrichment.quotes.decoding.Decoder`); best on PolNeAR's
development part."""

CLAIMED = 0.25
"""Mean chance of a content's tokens from which a cue introduces it."""

SURE = 0.5
"""Mean chance of a source's tokens from which it is a cue's."""


_WORD = re.compile(r"\w")
"""In what is said: a quotation mark alone says nothing."""


@dataclass(frozen=True)
class Attribution:
    """One attribution; each part is several pieces where it is interrupted, in text order."""

    source: tuple[Bounds, ...]
    """Empty where nobody is named: "it is said that …"."""
    cue: tuple[Bounds, ...]
    content: tuple[Bounds, ...]


def attributions(
    text: str, parts: Sequence[tuple[int, int, str]], roles: Floats, offsets: Sequence[Bounds]
) -> list[Attribution]:
    """One attribution for each cue of a window, in order.

    A content belongs to the cue that claims it most, if one does, and to one of its own paragraph
    first; a source may be that of several cues.

    Args:
        text: What the offsets refer to.
        parts: Start, end (tokens) and name (of :data:`PARTS`) of the parts found.
        roles: ``[cues, tokens, 3]``, probabilities in the order of :data:`ROLES`.
        offsets: Of each token in the text.
    """
    cues, contents, sources = (
        [(start, end) for start, end, part in parts if part == wanted]
        for wanted in ("cue", "content", "source")
    )
    claimed: list[list[Bounds]] = [[] for _ in cues]
    owner, ended = -1, -1
    for start, end in contents if cues else ():
        claims = roles[:, start:end, CONTENT].mean(1)
        (span,) = _spans(offsets, [(start, end)])
        claiming = [number for number, own in enumerate(claims) if own >= CLAIMED]
        beside = [own for own in claiming if same_paragraph(text, span, offsets[cues[own][0]])]
        if claiming:
            owner = max(beside or claiming, key=lambda number: float(claims[number]))
        elif start != ended:
            continue
        # What nobody claims by itself goes on with the paragraph before.
        ended = end
        if owner >= 0 and _WORD.search(text, *span):
            claimed[owner].append((start, end))
    return [
        Attribution(
            source=tuple(
                span
                for span in _spans(
                    offsets, [(a, b) for a, b in sources if own[a:b, SOURCE].mean() >= SURE]
                )
                if same_paragraph(text, span, offsets[cue[0]])
            ),
            cue=_spans(offsets, [cue]),
            content=_spans(offsets, content),
        )
        for cue, own, content in zip(cues, roles, claimed, strict=True)
    ]


def same_paragraph(text: str, one: Bounds, other: Bounds) -> bool:
    """Whether no paragraph ends between two places of a text."""
    between = min(one[1], other[1]), max(one[0], other[0])
    return PARAGRAPH_END.search(text, *between) is None


def _spans(offsets: Sequence[Bounds], parts: Sequence[Bounds]) -> tuple[Bounds, ...]:
    return tuple((offsets[start][0], offsets[end - 1][1]) for start, end in parts)
