"""The seam of the summarisers, and the one that ships: sentences of the body, verbatim.

The model (:class:`SummaryModel`) reads the words of a story in their context and says of each how
likely a good summary has it; what may stand in one at all is
:mod:`newswire.enrichment.summary.rules`, and the sentences are chosen together
(:mod:`newswire.enrichment.summary.choice`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from newswire.enrichment.encoder import Encoded
from newswire.enrichment.runtime import Model
from newswire.enrichment.summary.choice import Budget, Weighed, choose, weigh
from newswire.enrichment.summary.rules import units
from newswire.enrichment.summary.words import WordReader
from newswire.stories.enriched import ScoredSpan, Span, Summary


@dataclass(frozen=True)
class SummaryRequest:
    """One story to summarise; it has at least one sentence."""

    sentences: tuple[Span, ...]
    """Of its body, in story order."""
    pieces: tuple[Encoded, ...]
    """The same, encoded."""


class Summarizer(Protocol):
    """Anything that summarises stories: batch in, batch out.

    An implementation may batch as it likes, but a story's summary must not depend on the other
    stories, and it must never raise for what a story holds. :attr:`Summary.sentences` are some
    of the story's own, whatever else is in the summary.
    """

    name: str
    """For people, e.g. ``minilm-l6-words``."""
    revision: str
    """sha256 of the weights, 64 hexadecimal digits."""

    def summarize(self, requests: Sequence[SummaryRequest]) -> list[Summary]:
        """One summary for each request, in order."""
        ...


class SummaryModel:
    """How likely a good summary has each word and each sentence of a story.

    It reads a story from its top, :data:`~newswire.enrichment.summary.words.MOST_READ` tokens of it
    at most: time and memory are bounded whatever the length.
    """

    def __init__(self, file: Path, name: str, revision: str, words: WordReader) -> None:
        """Load the model.

        Raises:
            ConfigError: where the file is missing or broken.
        """
        self.name = name
        self.revision = revision
        self._words = words
        self._model = Model(file)

    def __call__(self, pieces: Sequence[Encoded]) -> Weighed:
        """Weigh the sentences of one story, those that are read: the first in any case."""
        story = self._words([piece.tokens for piece in pieces])
        read = pieces[: len(story.lengths)]
        states = np.concatenate([piece.states for piece in read])[story.kept]
        (logits,) = self._model({"states": states, **story.inputs})
        return weigh(story, logits)


class ExtractiveSummarizer:
    """The sentences of a story that are likely to share most with a good summary of it."""

    def __init__(self, model: SummaryModel, budget: Budget) -> None:
        self.name = model.name
        self.revision = model.revision
        self._model = model
        self._budget = budget

    def summarize(self, requests: Sequence[SummaryRequest]) -> list[Summary]:
        """See :class:`Summarizer`; a sentence's score is its share of the choice, 0 to 1."""
        return [self._one(request) for request in requests]

    def _one(self, request: SummaryRequest) -> Summary:
        weighed = self._model(request.pieces)
        spans = request.sentences[: len(weighed.shares)]
        texts = [span.text for span in spans]
        chosen = choose(weighed, units(texts, self._budget.sentences), texts, self._budget)
        return Summary(
            sentences=tuple(scored(spans[at], round(float(weighed.shares[at]), 4)) for at in chosen)
        )


def scored(span: Span, score: float) -> ScoredSpan:
    """The span with its score."""
    return ScoredSpan(text=span.text, start=span.start, end=span.end, score=score)
