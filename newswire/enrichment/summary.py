"""The seam of the summarisers, and the one that ships: sentences of the body, verbatim.

They are scored in the story and chosen together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from newswire.enrichment.runtime import Floats, Model
from newswire.stories.model import ScoredSpan, Span, Summary

MOST = 4
"""Sentences of a summary."""

USUAL = 3
"""Sentences that are taken where the story has as many that differ."""

WORDS = 110
"""A fourth sentence is for stories whose first three are short."""

SHORT_WORDS = 55
"""Where three sentences together are shorter than this, a fourth is taken."""

TOO_ALIKE = 0.8
"""Cosine from which two sentences say the same."""

SAME_WORDS = 0.6
"""Share of a sentence's words that stand in one chosen before, from which it says the same."""

LONGEST_STORY = 120
"""Sentences that the head sees; news stands at the top, and the head was trained on 60."""

_HANGS = re.compile(
    r"[\"“‘']?(?:he|she|they|it|his|her|their|its|this|that|these|those|but|and|such)\b",
    re.IGNORECASE,
)
"""A beginning that means nothing without the sentence before."""

_ONLY_SAID = re.compile(
    r"(?:[\"”’'],?\s+)?(?:he|she|they|it)\s+(?:said|told|added|says|wrote)\b|"
    r"\b(?:said|added)\s+(?:he|she)\b",
    re.IGNORECASE,
)
"""A speaker who is named elsewhere."""

HANGING_COST = 1.0
"""What such a sentence loses, in logits: it is taken where nothing else is near as good."""

_WORD = re.compile(r"\w+")

_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*$")

FEWEST_WORDS = 4
"""Of a sentence that can stand in a summary."""


@dataclass(frozen=True)
class SummaryRequest:
    """One story to summarise; it has at least one sentence."""

    sentences: tuple[Span, ...]
    """Of its body, in story order."""
    vectors: Floats
    """``[sentences, dimension]``, unit length, by the shared encoder
    (:attr:`newswire.enrichment.encoder.Encoded.vector`)."""


class Summarizer(Protocol):
    """Anything that summarises stories: batch in, batch out.

    An implementation may batch as it likes, but a story's summary must not depend on the other
    stories, and it must never raise for what a story holds. :attr:`Summary.sentences` are some
    of the story's own, whatever else is in the summary.
    """

    name: str
    """For people, e.g. ``minilm-l6-sentences``."""
    revision: str
    """sha256 of the weights, 64 hexadecimal digits."""

    def summarize(self, requests: Sequence[SummaryRequest]) -> list[Summary]:
        """One summary for each request, in order."""
        ...


class SummaryScorer:
    """The summary head: how much each sentence belongs into a summary, in its story."""

    def __init__(self, file: Path, name: str, revision: str) -> None:
        """Load the head.

        Raises:
            ConfigError: where the file is missing or broken.
        """
        self.name = name
        self.revision = revision
        self._model = Model(file)

    def __call__(self, vectors: Floats, lengths: Sequence[int]) -> Floats:
        """Logits ``[sentences]`` of the sentences of one story, in story order.

        Args:
            vectors: ``[sentences, dimension]``, unit length.
            lengths: Words of each sentence.
        """
        (logits,) = self._model(features(vectors, lengths))
        return logits


class ExtractiveSummarizer:
    """The best sentences by :class:`SummaryScorer`, as :func:`choose` takes them."""

    def __init__(self, scorer: SummaryScorer) -> None:
        self.name = scorer.name
        self.revision = scorer.revision
        self._scorer = scorer

    def summarize(self, requests: Sequence[SummaryRequest]) -> list[Summary]:
        """See :class:`Summarizer`; a sentence's score, from 0 to 1, is its share of the choice."""
        return [self._one(request) for request in requests]

    def _one(self, request: SummaryRequest) -> Summary:
        spans, vectors = request.sentences[:LONGEST_STORY], request.vectors[:LONGEST_STORY]
        texts = [span.text for span in spans]
        logits = self._scorer(vectors, [len(text.split()) for text in texts])
        chances = np.exp(logits - logits.max())
        chances = chances / chances.sum()
        return Summary(
            sentences=tuple(
                scored(spans[at], round(float(chances[at]), 4))
                for at in choose(texts, logits, vectors)
            )
        )


def scored(span: Span, score: float) -> ScoredSpan:
    """The span with its score."""
    return ScoredSpan(text=span.text, start=span.start, end=span.end, score=score)


def features(vectors: Floats, lengths: Sequence[int]) -> dict[str, Floats]:
    """What the head sees: ``vectors`` and ``facts`` ``[sentences, 6]``.

    The facts: place from the top (logarithmic, and whether first), share of the story that is
    before, length, closeness to the story's mean, and closeness to its first sentence.
    """
    count = len(lengths)
    place = np.arange(count, dtype=np.float32)
    mean = vectors.mean(axis=0)
    mean = mean / max(float(np.linalg.norm(mean)), 1e-6)
    facts = np.stack(
        [
            np.log1p(place),
            (place == 0).astype(np.float32),
            place / max(1, count - 1),
            np.log1p(np.asarray(lengths, np.float32)) / 4,
            vectors @ mean,
            vectors @ vectors[0],
        ],
        axis=1,
    )
    return {"vectors": vectors, "facts": facts.astype(np.float32)}


def choose(sentences: Sequence[str], logits: Floats, vectors: Floats) -> list[int]:
    """Choose the sentences of the summary: the best first, passing by what is said already.

    Args:
        sentences: Of one story, in its order.
        logits: ``[sentences]``, of :class:`SummaryScorer`.
        vectors: ``[sentences, dimension]``, unit length.

    Returns:
        At most :data:`MOST` numbers of sentences, in story order; at least one where there is one.
    """
    words = [_WORD.findall(sentence.lower()) for sentence in sentences]
    costs = [HANGING_COST if _hangs(sentence) else 0.0 for sentence in sentences]
    # Bylines, slugs and link texts that a source leaves among its paragraphs are no sentences.
    prose = [at for at, sentence in enumerate(sentences) if _is_prose(sentence, words[at])]
    ranked = sorted(
        prose or range(len(sentences)),
        key=lambda at: (-round(float(logits[at]) - costs[at], 3), at),
    )
    chosen: list[int] = []
    for at in ranked:
        total = sum(len(words[n]) for n in chosen)
        if len(chosen) == MOST or (len(chosen) == USUAL and total >= SHORT_WORDS):
            break
        if chosen and total + len(words[at]) > WORDS:
            continue
        if not any(_alike(at, n, words, vectors) for n in chosen):
            chosen.append(at)
    return sorted(chosen)


def _is_prose(sentence: str, words: Sequence[str]) -> bool:
    return len(words) >= FEWEST_WORDS and bool(_ENDS.search(sentence)) and not sentence.isupper()


def _hangs(sentence: str) -> bool:
    return bool(_HANGS.match(sentence) or _ONLY_SAID.search(sentence))


def _alike(one: int, other: int, words: Sequence[Sequence[str]], vectors: Floats) -> bool:
    if float(vectors[one] @ vectors[other]) > TOO_ALIKE:
        return True
    shared = set(words[one]) & set(words[other])
    return len(shared) > SAME_WORDS * len(set(words[one]))
