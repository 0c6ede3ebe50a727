"""Choose the sentences of a summary together: the set that is likely to share most with a good one.

The model says of each word how likely a good summary has it. What a set of sentences shares with
one is then a sum over its *different* words, so that saying a thing twice gains nothing, and its
F1 falls with every word that is not wanted: length and redundancy need no rule of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt

from newswire.enrichment.runtime import Floats
from newswire.enrichment.summary.repeats import first_said
from newswire.enrichment.summary.words import SENTENCE, StoryWords

MOST = 4
"""Sentences of a summary."""

GOOD_WORDS = 51
"""Words of a good summary: the mean of the development parts. With more, longer sets win."""

IN_COMMON = 16.0
FADE = 27.0
"""Of ``n`` function words, a summary of :data:`GOOD_WORDS` has ``16 (1 - exp(-n / 27))``: measured
on the development parts, from one sentence to six, to within 0.2."""

CANDIDATES = 12
"""Sentences, the best by themselves, that sets are made of."""

KEPT = 8
"""Sets of one size that are made larger."""


@dataclass(frozen=True)
class Budget:
    """How long a summary may be."""

    sentences: int = MOST
    """At most, from 1."""
    characters: int | None = None
    """At most, with a space between two; one sentence is taken in any case. None: any number."""

    def holds(self, lengths: Sequence[int]) -> bool:
        """Whether sentences of so many characters fit together."""
        total = sum(lengths) + len(lengths) - 1
        return len(lengths) <= self.sentences and (
            self.characters is None or total <= self.characters
        )


@dataclass(frozen=True)
class Weighed:
    """What a choice goes by: of ``S`` sentences and ``W`` different words."""

    has: npt.NDArray[np.bool_]
    """``[S, W]``"""
    odds: Floats
    """``[W]``: of each word, to be in a good summary."""
    function_words: Floats
    """``[S]``: how many a sentence has."""
    lengths: Floats
    """``[S]``: words."""
    shares: Floats
    """``[S]``: how far each sentence is the one to take, 1 together; a story's sentences are
    compared by it, and nothing is chosen."""

    def value(self, chosen: Sequence[int]) -> float:
        """The F1 of words that a set is expected to reach, 0 to 1."""
        at = list(chosen)
        common = float(self.odds[self.has[at].any(axis=0)].sum())
        common += IN_COMMON * (1 - exp(-float(self.function_words[at].sum()) / FADE))
        return 2 * common / (float(self.lengths[at].sum()) + GOOD_WORDS)


def weigh(story: StoryWords, logits: Floats) -> Weighed:
    """From the model's ``logits`` ``[K, 2]`` of a story's words and sentences."""
    count, different = len(story.lengths), len(story.pieces)
    word = story.words != SENTENCE
    has = np.zeros((count, different), np.bool_)
    has[story.sentences[word], story.words[word]] = True
    sums = np.bincount(story.words[word], logits[word, 0], different)
    times = np.bincount(story.words[word], minlength=different)
    mean = sums / np.maximum(times, 1)
    own = logits[story.own, 1]
    shares = np.exp(own - own.max())
    lengths = story.lengths.astype(np.float32)
    return Weighed(
        has=has,
        odds=(1 / (1 + np.exp(-mean))).astype(np.float32),
        function_words=lengths - np.bincount(story.sentences[word], minlength=count),
        lengths=lengths,
        shares=shares / shares.sum(),
    )


def choose(
    weighed: Weighed,
    units: Sequence[Sequence[int]],
    sentences: Sequence[str],
    budget: Budget,
) -> list[int]:
    """The best set that a search finds.

    Args:
        weighed: By what.
        units: What can be taken: sentences that stand together or not at all, in story order.
        sentences: What each says.
        budget: How long.

    Returns:
        Numbers of sentences, in story order, no two of which say the same; those of the shortest
        unit where none is within the budget, none where there is no unit.
    """
    if not units:
        return []
    first = first_said(sentences)
    characters = [len(sentence) for sentence in sentences]

    def fits(chosen: Sequence[int]) -> bool:
        alike = len(chosen) - len({first[at] for at in chosen})
        return not alike and budget.holds([characters[at] for at in chosen])

    # Of units that say the same only the first: a refrain would else be all the candidates.
    told = {tuple(first[at] for at in unit): tuple(unit) for unit in reversed(units)}
    single = {unit: weighed.value(unit) for unit in told.values() if fits(unit)}
    if not single:
        shortest = min(units, key=lambda unit: sum(characters[at] for at in unit))
        return list({first[at]: at for at in reversed(shortest)}.values())[::-1]
    ranked = _best_first(single)[:CANDIDATES]
    sets = {unit: single[unit] for unit in ranked}
    found = dict(sets)
    while sets:
        unions = {
            tuple(sorted({*own, *unit})) for own in _best_first(sets)[:KEPT] for unit in ranked
        }
        sets = {own: weighed.value(own) for own in unions if own not in found and fits(own)}
        found |= sets
    return list(_best_first(found)[0])


def _best_first(values: Mapping[tuple[int, ...], float]) -> list[tuple[int, ...]]:
    """Of equals, what stands first in the story: rounded, so that the last bits don't decide."""
    return sorted(values, key=lambda own: (-round(values[own], 4), own))
