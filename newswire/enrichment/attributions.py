"""Who says what: source, cue and content of each attribution, from what the reader tells of tokens.

The reader tags cues, and tells of each token which role it has toward each cue. So what is
interrupted ("…," she said, "…") is one content of several pieces, and each content has the source
of its own cue, however many speakers a sentence has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from newswire.enrichment.runtime import Floats

Span = tuple[int, int]
"""``[start, end)``: code points of a text, or tokens of a window."""

Flags = npt.NDArray[np.bool_]

PARTS = ("source", "cue", "content")
"""Of an attribution, as in PolNeAR (Newell et al., 2018)."""

TAGS = ("O", *(f"{at}-{part}" for part in PARTS for at in "BI"))
"""Of a token: outside, or the beginning or inside of a part."""

ROLES = ("none", "source", "content")
"""Of a token toward a cue."""

SOURCE, CONTENT = ROLES.index("source"), ROLES.index("content")


@dataclass(frozen=True)
class Attribution:
    """One attribution; each part is several pieces where it is interrupted, in text order."""

    source: tuple[Span, ...]
    """Empty where nobody is named: "it is said that …"."""
    cue: tuple[Span, ...]
    content: tuple[Span, ...]


def runs(tags: Sequence[int], names: Sequence[str]) -> list[tuple[int, int, str]]:
    """Start, end and kind of what BIO tags mark; an inside without its beginning begins one."""
    out: list[tuple[int, int, str]] = []
    for at, tag in enumerate(tags):
        name = names[tag]
        if name == "O":
            continue
        kind = name[2:]
        if name[0] == "I" and out and out[-1][1] == at and out[-1][2] == kind:
            out[-1] = (out[-1][0], at + 1, kind)
        else:
            out.append((at, at + 1, kind))
    return out


def attributions(cues: Sequence[Span], roles: Floats, offsets: Sequence[Span]) -> list[Attribution]:
    """The attribution of each cue of a window.

    A token is content of one cue at most, the one that claims it most; a cue is no part of what it
    introduces.

    Args:
        cues: Tokens of each cue.
        roles: ``[cues, tokens, 3]``, probabilities in the order of :data:`ROLES`.
        offsets: Of each token in the text; ``(-1, -1)`` for those that stand for none.
    """
    if not cues:
        return []
    real = np.array([start >= 0 for start, _ in offsets])
    best = roles.argmax(-1)
    claims = np.where(best == CONTENT, roles[..., CONTENT], 0)
    owner = claims.argmax(0)
    out = []
    for number, (start, end) in enumerate(cues):
        own = real.copy()
        own[start:end] = False
        out.append(
            Attribution(
                source=_pieces(offsets, own & (best[number] == SOURCE)),
                cue=((offsets[start][0], offsets[end - 1][1]),),
                content=_pieces(offsets, own & (claims[number] > 0) & (owner == number)),
            )
        )
    return out


def _pieces(offsets: Sequence[Span], chosen: Flags) -> tuple[Span, ...]:
    """Runs of neighbouring tokens as spans of the text."""
    out: list[Span] = []
    before = -2
    for token in np.flatnonzero(chosen).tolist():
        start, end = offsets[token]
        if token == before + 1:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
        before = token
    return tuple(out)
