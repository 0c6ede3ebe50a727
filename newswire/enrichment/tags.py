"""From sentences' stances to the story's: one tag for each target that is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newswire.enrichment.stance import Answer
from newswire.enrichment.targets import Target
from newswire.stories.enriched import Probabilities, ScoredSpan, Span, Stance, StanceTag

MOST_EVIDENCE = 3

LEAST_WEIGHT = 0.2
"""Of a sentence that is surely neutral, against 1 of one that surely takes a side: a story that
names a target in passing five times and argues for it once is for it."""


UNRELATED = 0.5
"""Chance of ``unrelated`` from which a passage says nothing of the target."""

HEADLINE_WEIGHT = 2.0
"""Of the headline, against 1 of a sentence: it says what the story is about. On PerSenT's
development part it leaves macro-F1 where it was and calibrates a little better."""


DIVIDED = 0.1
"""Least lead of one side over the other: what speaks for both alike takes no side as a whole."""


@dataclass(frozen=True)
class Judged:
    """What several passages say together."""

    stance: Stance
    probabilities: Probabilities
    evidence: tuple[ScoredSpan, ...]


def judge(
    passages: Sequence[Sequence[Span]],
    answers: Sequence[Answer],
    headline: Answer | None = None,
) -> Judged | None:
    """The stance of several passages together.

    The probabilities are the weighted mean of the passages' and the headline's; one weighs the
    more, the surer it takes a side. Evidence is the passages that say what all say together, the
    surest first; where none says so by itself, the one that comes nearest. A passage that has
    nothing to do with the target after all counts for nothing. Where both sides are said about
    alike the whole is neutral, and evidence is the surest of each.

    Args:
        passages: Each a sentence, or the pieces of a quote.
        answers: The stance of each.
        headline: The headline's, where it touches the target; it is never evidence, which is of
            the body.

    Returns:
        None where no passage has to do with the target.
    """
    related = [
        (passage, answer)
        for passage, answer in zip(passages, answers, strict=True)
        if answer.unrelated < UNRELATED
    ]
    if not related:
        return None
    said = [(1.0, answer) for _, answer in related]
    if headline is not None and headline.unrelated < UNRELATED:
        said.append((HEADLINE_WEIGHT, headline))
    sides = [
        (own.favor / (1 - own.unrelated), own.against / (1 - own.unrelated)) for _, own in said
    ]
    weights = [
        w * (LEAST_WEIGHT + (1 - LEAST_WEIGHT) * (favor + against))
        for (w, _), (favor, against) in zip(said, sides, strict=True)
    ]
    favor, against = (
        sum(w * own[side] for w, own in zip(weights, sides, strict=True)) / sum(weights)
        for side in (0, 1)
    )
    together = Probabilities(
        favor=round(favor, 4),
        against=round(against, 4),
        neutral=round(max(0.0, 1 - favor - against), 4),
    )
    likeliest = strongest(together)
    divided = likeliest != "neutral" and abs(favor - against) < DIVIDED
    return Judged(
        stance="neutral" if divided else likeliest,
        probabilities=together,
        evidence=_of_each_side(related) if divided else _saying(related, likeliest),
    )


_Related = Sequence[tuple[Sequence[Span], Answer]]


def _saying(related: _Related, stance: Stance, most: int = MOST_EVIDENCE) -> tuple[ScoredSpan, ...]:
    """The passages that say so, the surest first, with how sure; else the nearest to it."""
    ranked = sorted(related, key=lambda own: (-getattr(own[1], stance), own[0][0].start))
    shown = [own for own in ranked if strongest(own[1]) == stance] or ranked[:1]
    return tuple(
        ScoredSpan(
            text=span.text,
            start=span.start,
            end=span.end,
            score=round(getattr(answer, stance), 4),
        )
        for passage, answer in shown[:most]
        for span in passage
    )


def _of_each_side(related: _Related) -> tuple[ScoredSpan, ...]:
    """The surest passage of each side, or the one that is both."""
    sides: tuple[Stance, ...] = ("favor", "against")
    found = {own.start: own for side in sides for own in _saying(related, side, 1)}
    return tuple(sorted(found.values(), key=lambda own: (-own.score, own.start)))


def tag(
    target: Target,
    spans: Sequence[Span],
    answers: Sequence[Answer],
    headline: Answer | None = None,
) -> StanceTag | None:
    """The stance of a story toward ``target``, by the sentences that touch it, at least one.

    Returns:
        None where no sentence has to do with the target; see :func:`judge`.
    """
    judged = judge([(span,) for span in spans], answers, headline)
    if judged is None:
        return None
    return StanceTag(
        target=target.id,
        name=target.name,
        stance=judged.stance,
        probabilities=judged.probabilities,
        evidence=judged.evidence,
    )


def strongest(probabilities: Probabilities | Answer) -> Stance:
    """The likeliest; of equals, the one that claims least."""
    sides: tuple[Stance, ...] = ("neutral", "favor", "against")
    return max(sides, key=lambda side: float(getattr(probabilities, side)))
