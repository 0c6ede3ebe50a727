"""From sentences' stances to the story's: one tag for each target that is touched."""

from __future__ import annotations

from collections.abc import Sequence

from newswire.enrichment.stance import Answer
from newswire.enrichment.targets import Target
from newswire.stories.model import Probabilities, ScoredSpan, Span, Stance, StanceTag

MOST_EVIDENCE = 3

LEAST_WEIGHT = 0.2
"""Of a sentence that is surely neutral, against 1 of one that surely takes a side: a story that
names a target in passing five times and argues for it once is for it."""


UNRELATED = 0.5
"""Chance of ``unrelated`` from which a sentence says nothing of the target."""

HEADLINE_WEIGHT = 2.0
"""Of the headline, against 1 of a sentence: it says what the story is about. On PerSenT's
development part it leaves macro-F1 where it was and calibrates a little better."""


def tag(
    target: Target,
    spans: Sequence[Span],
    answers: Sequence[Answer],
    headline: Answer | None = None,
) -> StanceTag | None:
    """The stance of a story toward ``target``.

    The story's probabilities are the weighted mean of its sentences' and its headline's; one
    weighs the more, the surer it takes a side. Evidence is the sentences that say what the story
    says, the surest first; where no sentence says so by itself, the one that comes nearest. A
    sentence that has nothing to do with the target after all counts for nothing.

    Args:
        target: What the stance is toward.
        spans: The sentences that touch it, at least one.
        answers: The stance of each.
        headline: The headline's, where it touches the target; it is never evidence, which is of
            the body.

    Returns:
        None where no sentence has to do with the target.
    """
    related = [
        (span, answer)
        for span, answer in zip(spans, answers, strict=True)
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
    story = Probabilities(
        favor=round(favor, 4),
        against=round(against, 4),
        neutral=round(max(0.0, 1 - favor - against), 4),
    )
    stance = strongest(story)
    ranked = sorted(
        related,
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
                text=span.text,
                start=span.start,
                end=span.end,
                score=round(getattr(answer, stance), 4),
            )
            for span, answer in shown[:MOST_EVIDENCE]
        ),
    )


def strongest(probabilities: Probabilities | Answer) -> Stance:
    """The likeliest; of equals, the one that claims least."""
    sides: tuple[Stance, ...] = ("neutral", "favor", "against")
    return max(sides, key=lambda side: float(getattr(probabilities, side)))
