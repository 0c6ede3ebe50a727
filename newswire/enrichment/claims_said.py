"""What is said of claims, and who judges it: types without models, for those who only keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from newswire.stories.enriched import ModelRevision, Probability, ScoredSpan
from newswire.stories.model import Story

ClaimLabel = Literal["agree", "disagree", "discuss", "unrelated"]
"""As in the Fake News Challenge."""


class ClaimProbabilities(BaseModel):
    """Calibrated probabilities; they sum to 1."""

    model_config = ConfigDict(frozen=True)

    agree: Probability
    disagree: Probability
    discuss: Probability
    unrelated: Probability


class Judgement(BaseModel):
    """What one body says of a claim."""

    model_config = ConfigDict(frozen=True)

    label: ClaimLabel
    """The likeliest, but a side only where it is sure."""
    probabilities: ClaimProbabilities | None = None
    """None: no sentence is close to the claim, and the stance model wasn't asked."""
    evidence: tuple[ScoredSpan, ...] = ()
    """Sentences of the body, verbatim, the closest to the claim first: those that take the side by
    themselves, or that speak of it. ``score`` is the probability of the label by that sentence
    alone. None where the body is unrelated."""


class Judge(Protocol):
    """Anything that judges what bodies say of claims."""

    models: tuple[ModelRevision, ...]
    """For the provenance of what it makes."""

    def vector(self, claim: str) -> list[float]:
        """What a claim means, unit length, to be held against the stories' embeddings."""
        ...

    def judge(self, claim: str, stories: Sequence[Story]) -> list[Judgement]:
        """Judge the body of each story, in order. Never raises for what a story holds."""
        ...
