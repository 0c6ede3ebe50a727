"""The seam of the stance models; the one that ships is
:class:`newswire.enrichment.cross_encoder.CrossEncoder`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from newswire.enrichment.question import Question


@dataclass(frozen=True)
class Answer:
    """What a stance model says to one question; the four sum to 1."""

    favor: float
    against: float
    neutral: float
    unrelated: float = 0.0
    """The passage says nothing of the target."""


class StanceModel(Protocol):
    """Anything that judges stances: batch in, batch out.

    An implementation may batch as it likes, but an answer must not depend on the other questions
    beyond rounding, and it must never raise for what a text holds.
    """

    name: str
    """For people, e.g. ``bge-small-cross-encoder``."""
    revision: str
    """sha256 of the weights, 64 hexadecimal digits."""

    def predict(self, questions: Sequence[Question]) -> list[Answer]:
        """One calibrated answer for each question, in order."""
        ...
