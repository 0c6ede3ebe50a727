"""Scores of attributions: exact spans of each part, and contents put to the right source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from newswire.enrichment.quotes.attributions import PARTS, Attribution

Span = tuple[int, int]
Quote = Mapping[str, Sequence[Span]]
"""``source``, ``cue`` and ``content``, each a list of ``[start, end)`` spans."""

HALF = 0.5
"""Share of characters from which two parts are the same."""


def exact(gold: Sequence[AbstractSet[object]], found: Sequence[AbstractSet[object]]) -> float:
    """F1 of equal members (spans, or names with their type) over documents."""
    right = sum(len(own & ours) for own, ours in zip(gold, found, strict=True))
    total = sum(map(len, gold)) + sum(map(len, found))
    return 2 * right / total if total else 0.0


def spans(quotes: Sequence[Quote], part: str) -> set[Span]:
    """All spans of one part."""
    return {(start, end) for quote in quotes for start, end in quote[part]}


def overlap(one: Sequence[Span], other: Sequence[Span]) -> float:
    """Shared characters, of the larger of the two."""
    left = {at for span in one for at in range(*span)}
    right = {at for span in other for at in range(*span)}
    return len(left & right) / max(len(left), len(right), 1)


def attributed(gold: Sequence[Sequence[Quote]], found: Sequence[Sequence[Quote]]) -> float:
    """F1 of contents with their source, over documents: each overlaps by half or more."""
    right = total = 0
    for own, ours in zip(gold, found, strict=True):
        wanted = [quote for quote in own if quote["source"] and quote["content"]]
        left = [quote for quote in ours if quote["source"] and quote["content"]]
        total += len(wanted) + len(left)
        for quote in wanted:
            match = next((other for other in left if _same(quote, other)), None)
            if match is not None:
                right += 1
                left.remove(match)
    return 2 * right / total if total else 0.0


def _same(one: Quote, other: Quote) -> bool:
    return all(overlap(one[part], other[part]) >= HALF for part in ("content", "source"))


def as_quote(found: Attribution) -> Quote:
    """An attribution in the corpus's form."""
    return {"source": found.source, "cue": found.cue, "content": found.content}


def quote_scores(
    gold: Sequence[Sequence[Quote]], found: Sequence[Sequence[Quote]]
) -> dict[str, float]:
    """Exact F1 of each part, and F1 of contents put to the right source."""
    out = {
        part: exact([spans(own, part) for own in gold], [spans(own, part) for own in found])
        for part in PARTS
    }
    out["attributed"] = attributed(gold, found)
    return out
