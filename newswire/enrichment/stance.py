"""The seam of the stance models, and the one that ships: a head on the shared encoder."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from newswire.enrichment.encoder import Encoder
from newswire.enrichment.runtime import Floats, Model, Threads
from newswire.stories.model import Probabilities

_KEPT_TARGETS = 1024
"""Targets whose states are kept; a watch-list is shorter, an evaluation may not be."""

LONGEST_TARGET = 64
"""Tokens of a target that are read."""


@dataclass(frozen=True)
class StanceRequest:
    """One question: what does ``text`` say for or against ``target``?"""

    text: str
    """The passage, most often a sentence."""
    target: str
    """What the stance is toward, in words."""
    states: Floats
    """``[tokens, dimension]``: the passage's states by the shared encoder
    (:attr:`newswire.enrichment.encoder.Encoded.states`), for the models that build on it. One that
    reads words, as a cross-encoder, passes them by."""


class StanceModel(Protocol):
    """Anything that judges stances: batch in, batch out.

    An implementation may batch as it likes, but a request's answer must not depend on the other
    requests beyond rounding, and it must never raise for what a text holds.
    """

    name: str
    """For people, e.g. ``minilm-l6-head``."""
    revision: str
    """sha256 of the weights, 64 hexadecimal digits."""

    def predict(self, requests: Sequence[StanceRequest]) -> list[Probabilities]:
        """One calibrated answer for each request, in order."""
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

    def predict(self, requests: Sequence[StanceRequest]) -> list[Probabilities]:
        """See :class:`StanceModel`."""
        targets = self._states_of({request.target: None for request in requests})
        pairs = [(targets[request.target], request.states) for request in requests]
        groups = batches([len(target) + len(text) for target, text in pairs], self._share(pairs))
        answers = self._threads.map(lambda group: self._run([pairs[n] for n in group]), groups)
        out: dict[int, Probabilities] = {}
        for group, rows in zip(groups, answers, strict=True):
            for number, row in zip(group, rows, strict=True):
                out[number] = _probabilities(row)
        return [out[number] for number in range(len(requests))]

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


def _probabilities(row: Floats) -> Probabilities:
    favor, against = (round(float(value), 4) for value in row[:2])
    return Probabilities(
        favor=favor, against=against, neutral=round(max(0.0, 1 - favor - against), 4)
    )
