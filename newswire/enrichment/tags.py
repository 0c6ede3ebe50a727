"""From sentences' stances to the story's: one tag for each target that is touched."""

from __future__ import annotations

from collections.abc import Sequence

from newswire.enrichment.targets import Target
from newswire.stories.model import Probabilities, ScoredSpan, Span, Stance, StanceTag

MOST_EVIDENCE = 3

LEAST_WEIGHT = 0.2
"""Of a sentence that is surely neutral, against 1 of one that surely takes a side: a story that
names a target in passing five times and argues for it once is for it."""


HEADLINE_WEIGHT = 2.0
"""Of the headline, against 1 of a sentence: it says what the story is about. On PerSenT's
development part it leaves macro-F1 where it was and calibrates a little better."""


def tag(
    target: Target,
    spans: Sequence[Span],
    answers: Sequence[Probabilities],
    headline: Probabilities | None = None,
) -> StanceTag:
    """The stance of a story toward ``target``.

    The story's probabilities are the weighted mean of its sentences' and its headline's; one
    weighs the more, the surer it takes a side. Evidence is the sentences that say what the story
    says, the surest first; where no sentence says so by itself, the one that comes nearest.

    Args:
        target: What the stance is toward.
        spans: The sentences that touch it, at least one.
        answers: The stance of each.
        headline: The headline's, where it touches the target; it is never evidence, which is of
            the body.
    """
    said = [(1.0, answer) for answer in answers]
    if headline is not None:
        said.append((HEADLINE_WEIGHT, headline))
    weights = [w * (LEAST_WEIGHT + (1 - LEAST_WEIGHT) * (1 - own.neutral)) for w, own in said]
    favor, against = (
        sum(w * getattr(own, side) for w, (_, own) in zip(weights, said, strict=True))
        / sum(weights)
        for side in ("favor", "against")
    )
    story = Probabilities(
        favor=round(favor, 4),
        against=round(against, 4),
        neutral=round(max(0.0, 1 - favor - against), 4),
    )
    stance = strongest(story)
    ranked = sorted(
        zip(spans, answers, strict=True),
        key=lambda pair: (-getattr(pair[1], stance), pair[0].start),
    )
    shown = [pair for pair in ranked if strongest(pair[1]) == stance] or ranked[:1]
    return StanceTag(
        target=target.id,
        name=target.name,
        stance=stance,
        probabilities=story,
        evidence=tuple(
            ScoredSpan(
                text=span.text, start=span.start, end=span.end, score=getattr(answer, stance)
            )
            for span, answer in shown[:MOST_EVIDENCE]
        ),
    )


def strongest(probabilities: Probabilities) -> Stance:
    """The likeliest; of equals, the one that claims least."""
    sides: tuple[Stance, ...] = ("neutral", "favor", "against")
    return max(sides, key=lambda side: float(getattr(probabilities, side)))
