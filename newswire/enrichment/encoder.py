"""The encoder that everything shares: one pass over a story's sentences.

Sentences are packed into windows of some :data:`WINDOW` tokens, those of one story only, without
padding. Each token attends to its own sentence, so a sentence gets the vectors that it would get
alone; what a word means *in its story* is left to the summary model, which sees all of them.

The int8 model quantises its activations with one scale for each window. No window holds tokens of
two stories, and windows are run one by one: what a story gets does not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from newswire.enrichment.runtime import Floats, Integers, Model, Threads
from newswire.enrichment.tokenizer import Tokenizer
from newswire.stories.enriched import EMBEDDING_DIMENSIONS

DIMENSION = EMBEDDING_DIMENSIONS
"""The length of every vector of this encoder."""

WINDOW = 192
"""Tokens. Measured: throughput of the int8 model peaks from 64 to 192 tokens a run."""

LONGEST_PIECE = 192
"""Tokens of one sentence or passage that are read, [CLS] and [SEP] among them; what is over is
not. all-MiniLM-L6-v2 was trained on at most 128, and its positions end at 512."""


@dataclass(frozen=True)
class Encoded:
    """One piece of text, encoded."""

    vector: Floats
    """``[DIMENSION]``, unit length: the mean of the last states, for similarity."""
    tokens: Integers
    """``[T]``: its ids, ``[CLS]`` first and ``[SEP]`` last."""
    states: Floats
    """``[T, DIMENSION]``: after the middle layer, for the summary model."""


def pack(lengths: Sequence[int], window: int = WINDOW) -> list[range]:
    """Cut a row of pieces into runs of neighbours that fill a window each.

    Args:
        lengths: Tokens of each piece.
        window: Most tokens of one run; a longer piece gets a run of its own.
    """
    runs: list[range] = []
    start = total = 0
    for number, length in enumerate(lengths):
        if number > start and total + length > window:
            runs.append(range(start, number))
            start, total = number, 0
        total += length
    if len(lengths) > start:
        runs.append(range(start, len(lengths)))
    return runs


def windowed(pieces: Sequence[Integers]) -> dict[str, Integers]:
    """What the model takes for one window of pieces."""
    lengths = [len(ids) for ids in pieces]
    return {
        "tokens": np.concatenate(pieces),
        "positions": np.concatenate([np.arange(length) for length in lengths]),
        "pieces": np.repeat(np.arange(len(pieces)), lengths),
    }


class Encoder:
    """Texts in, vectors out."""

    def __init__(self, folder: Path, model: str, threads: Threads) -> None:
        """Load ``folder / model`` and the tokeniser beside it.

        Raises:
            ConfigError: where a file is missing or broken.
        """
        self._model = Model(folder / model)
        self.tokenize = Tokenizer(folder)
        self._threads = threads

    def encode(self, groups: Sequence[Sequence[str]]) -> list[list[Encoded]]:
        """Encode the texts of each group (the sentences of a story), a group apart from the others.

        A text is read up to :data:`LONGEST_PIECE` tokens.
        """
        tokens = self.tokenize([text for group in groups for text in group], LONGEST_PIECE)
        windows: list[list[Integers]] = []
        owners: list[int] = []
        start = 0
        for owner, group in enumerate(groups):
            mine = tokens[start : start + len(group)]
            start += len(group)
            for run in pack([len(ids) for ids in mine]):
                windows.append([mine[number] for number in run])
                owners.append(owner)
        out: list[list[Encoded]] = [[] for _ in groups]
        for owner, pieces in zip(owners, self.encode_windows(windows), strict=True):
            out[owner] += pieces
        return out

    def encode_windows(self, windows: Iterable[Sequence[Integers]]) -> list[list[Encoded]]:
        """Encode windows of pieces that are tokenised already."""
        return self._threads.map(self._window, windows)

    def _window(self, pieces: Sequence[Integers]) -> list[Encoded]:
        lengths = [len(ids) for ids in pieces]
        middle, last = self._model(windowed(pieces))
        starts = np.cumsum(lengths, dtype=np.int64) - lengths
        means = np.add.reduceat(last, starts, axis=0) / np.asarray(lengths, np.float32)[:, None]
        vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        states = np.split(middle, starts[1:])
        return [Encoded(*own) for own in zip(vectors, pieces, states, strict=True)]
