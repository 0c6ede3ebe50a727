"""The seam of the stance models, and the one that ships: a head on the shared encoder."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from newswire.enrichment.encoder import Encoder
from newswire.enrichment.question import Question
from newswire.enrichment.runtime import Floats, Model, Threads

_KEPT_TARGETS = 1024
"""Targets whose states are kept; a watch-list is shorter, an evaluation may not be."""

LONGEST_TARGET = 64
"""Tokens of a target that are read."""


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


def batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Group the numbers of rows so that a padded batch holds at most ``budget`` tokens.

    Sorted by length first, so that little is padding. A row above the budget stands alone.
    """
    out: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda n: (lengths[n], n)):
        if out and lengths[number] * (len(out[-1]) + 1) <= budget:
            out[-1].append(number)
        else:
            out.append([number])
    return out


class HeadStance:
    """Three transformer layers over the encoder's states of target and passage.

    The arithmetic is fp32, so that a request's answer doesn't depend on its batch.
    """

    def __init__(
        self,
        file: Path,
        name: str,
        revision: str,
        encoder: Encoder,
        threads: Threads,
        batch_tokens: int,
    ) -> None:
        """Load the head; ``encoder`` is for the targets, ``batch_tokens`` the padded budget.

        Raises:
            ConfigError: where the file is missing or broken.
        """
        self.name = name
        self.revision = revision
        self._model = Model(file)
        self._encoder = encoder
        self._threads = threads
        self._batch_tokens = batch_tokens
        self._targets: OrderedDict[str, Floats] = OrderedDict()

    def predict(self, questions: Sequence[Question]) -> list[Answer]:
        """See :class:`StanceModel`."""
        targets = self._states_of({question.target: None for question in questions})
        texts = self._encoder.encode([[question.text] for question in questions])
        pairs = [
            (targets[question.target], piece.states)
            for question, (piece,) in zip(questions, texts, strict=True)
        ]
        groups = batches([len(target) + len(text) for target, text in pairs], self._share(pairs))
        answers = self._threads.map(lambda group: self._run([pairs[n] for n in group]), groups)
        out: dict[int, Answer] = {}
        for group, rows in zip(groups, answers, strict=True):
            for number, row in zip(group, rows, strict=True):
                favor, against, neutral = map(float, row)
                out[number] = Answer(favor, against, neutral)
        return [out[number] for number in range(len(questions))]

    def _share(self, pairs: Sequence[tuple[Floats, Floats]]) -> int:
        """The padded tokens of one batch: the budget, or less so that each thread has work."""
        total = sum(len(target) + len(text) for target, text in pairs)
        return min(self._batch_tokens, max(256, total // self._threads.count + 1))

    def _states_of(self, targets: dict[str, None]) -> dict[str, Floats]:
        new = [target for target in targets if target not in self._targets]
        for target, (piece,) in zip(new, self._encoder.encode([[t] for t in new]), strict=True):
            self._targets[target] = piece.states[:LONGEST_TARGET]
        found = {target: self._targets[target] for target in targets}
        while len(self._targets) > _KEPT_TARGETS:
            self._targets.popitem(last=False)
        return found

    def _run(self, pairs: Sequence[tuple[Floats, Floats]]) -> Floats:
        """Probabilities ``[pairs, 3]`` in the order favor, against, neutral."""
        width = max(len(target) + len(text) for target, text in pairs)
        states = np.zeros((len(pairs), width, pairs[0][0].shape[1]), np.float32)
        kinds = np.zeros((len(pairs), width), np.int64)  # 0 padding, 1 target, 2 passage
        for row, (target, text) in enumerate(pairs):
            middle, end = len(target), len(target) + len(text)
            states[row, :middle], states[row, middle:end] = target, text
            kinds[row, :middle], kinds[row, middle:end] = 1, 2
        (probabilities,) = self._model({"states": states, "kinds": kinds})
        return probabilities
