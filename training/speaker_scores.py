"""Scores of resolved mentions, as the corpus defines them."""

from __future__ import annotations

from collections.abc import Sequence

from newswire.enrichment.quotes.entities import NamedEntity as Entity
from newswire.enrichment.quotes.mentions import Mention

Span = tuple[int, int]
Answer = Span | None
"""The span of a name; None: it stands for nobody who is named."""


def nearest(entity: Entity | None, mention: Mention) -> Answer:
    """Where the entity is named last before the mention, else first."""
    if entity is None:
        return None
    before = [own for own in entity.mentions if own.start <= mention.start]
    own = before[-1] if before else entity.mentions[0]
    return own.start, own.end


def right(answer: Answer, gold: Sequence[Span]) -> bool:
    """Whether the span falls on a name of the chain; none is right for a chain without names."""
    if answer is None or not gold:
        return answer is None and not gold
    return any(answer[0] < end and start < answer[1] for start, end in gold)


def speaker_scores(pairs: Sequence[tuple[Answer, Sequence[Span]]]) -> dict[str, float]:
    """F1 over the mentions whose chain has a name, and accuracy over all."""
    same = sum(right(answer, gold) for answer, gold in pairs)
    hits = sum(answer is not None and right(answer, gold) for answer, gold in pairs)
    said = sum(answer is not None for answer, _ in pairs)
    named = sum(bool(gold) for _, gold in pairs)
    return {"F1": 2 * hits / max(1, said + named), "accuracy": same / max(1, len(pairs))}
