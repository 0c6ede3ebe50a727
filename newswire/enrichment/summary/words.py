"""What the summary model reads of a story: one token for each word that says something.

A summary is good when its words are the words that the story is about, so the model judges words,
and sentences by their ``[CLS]``. Function words and the later pieces of a word are left out: half
of a story's tokens, and nothing of what it says, since the states of the others have read them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from newswire.enrichment.common_words import FUNCTION_WORDS
from newswire.enrichment.runtime import Integers
from newswire.enrichment.tokenizer import Tokenizer

Flags = npt.NDArray[np.bool_]

MOST_READ = 768
"""Tokens that are read of one story, from its top: some 1,200 words. Attention is quadratic in it.
The model was trained on stories of at most 400."""

PLACES = 64
"""Places of a sentence in its story that differ; what is further down shares the last."""

COUNTS = 8
"""How often a word stands in the story, from 1; more shares the last. 0 is a sentence's own
token."""

SENTENCE = -1
"""Instead of a word's number: a sentence's own token."""


@dataclass(frozen=True)
class StoryWords:
    """The tokens of a story that the model reads: ``K`` of them, over ``S`` sentences."""

    kept: Integers
    """``[K]``: their places among all tokens of the story, its sentences one after another."""
    sentences: Integers
    """``[K]``: the sentence that each stands in."""
    words: Integers
    """``[K]``: numbers of the words, the same for the same word; :data:`SENTENCE` for ``[CLS]``."""
    counts: Integers
    """``[K]``: how often each word stands in the story; 0 for ``[CLS]``."""
    lengths: Integers
    """``[S]``: words of each sentence that is read, function words among them."""
    pieces: tuple[tuple[int, ...], ...]
    """Of each word, by its number: the ids of its tokens."""

    @property
    def inputs(self) -> dict[str, Integers]:
        """What the model takes beside the states, ``[K]`` each."""
        return {
            "places": np.minimum(self.sentences, PLACES - 1),
            "counts": np.minimum(self.counts, COUNTS - 1),
        }

    @property
    def own(self) -> Integers:
        """``[S]``: which of the ``K`` is each sentence's own token."""
        return np.flatnonzero(self.words == SENTENCE)


class WordReader:
    """Finds the words among tokens, by the vocabulary alone."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    @cached_property
    def _kinds(self) -> tuple[Flags, Flags, Flags]:
        """By id: whether it begins a word, goes on with one, and is a function word."""
        vocabulary = self._tokenizer.vocabulary
        begins, goes_on, empty = np.zeros((3, len(vocabulary)), np.bool_)
        for token, number in vocabulary.items():
            begins[number] = token[0].isalnum()
            goes_on[number] = token.startswith("##")
            empty[number] = token in FUNCTION_WORDS
        return begins, goes_on, empty

    def __call__(self, sentences: Sequence[Integers], most: int = MOST_READ) -> StoryWords:
        """Read a story.

        Args:
            sentences: Ids of each sentence, ``[CLS]`` first and ``[SEP]`` last.
            most: Tokens that are kept; what is read are the whole sentences that fit, and the first
                in any case.
        """
        begins, goes_on, empty = self._kinds
        numbers: dict[tuple[int, ...], int] = {}
        kept: list[int] = []
        inside: list[int] = []
        words: list[int] = []
        lengths: list[int] = []
        start = 0
        for sentence, ids in enumerate(sentences):
            starts, more = np.flatnonzero(begins[ids]), goes_on[ids]
            found = [(int(at), _pieces(ids, more, int(at))) for at in starts]
            says = [(at, pieces) for at, pieces in found if len(pieces) > 1 or not empty[pieces[0]]]
            if sentence and len(kept) + 1 + len(says) > most:
                break
            says = says[: most - 1]
            kept += [start, *(start + at for at, _ in says)]
            inside += [sentence] * (1 + len(says))
            words += [
                SENTENCE,
                *(numbers.setdefault(pieces, len(numbers)) for _, pieces in says),
            ]
            lengths.append(len(found))
            start += len(ids)
        times = Counter(words)
        times[SENTENCE] = 0
        return StoryWords(
            kept=np.array(kept, np.int64),
            sentences=np.array(inside, np.int64),
            words=np.array(words, np.int64),
            counts=np.array([times[word] for word in words], np.int64),
            lengths=np.array(lengths, np.int64),
            pieces=tuple(numbers),
        )


def _pieces(ids: Integers, goes_on: Flags, at: int) -> tuple[int, ...]:
    end = at + 1
    while end < len(ids) and goes_on[end]:
        end += 1
    return tuple(ids[at:end].tolist())
