"""How sure the stance model is to be: fitted after training, on rows that it didn't learn from.

Label smoothing makes logits level off, so that a right answer that is beyond doubt gets 0.94, and
one that is open 0.8: no temperature mends both. So each kind of question has a temperature
(Guo et al., 2017), and then the lead of the likeliest answer over the next, ``m`` in logits,
becomes ``scale * m ** POWER``. Neither changes which answer is the likeliest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from newswire.enrichment.question import KINDS, Kind
from training import metrics
from training.questions import Row, folded, gold_of

TEMPERATURES = np.geomspace(0.5, 4.0, 60)
SCALES = np.geomspace(0.25, 2.0, 50)
POWERS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0)


@dataclass(frozen=True)
class Calibration:
    """What is fitted, in the order of :data:`~newswire.enrichment.question.KINDS`."""

    temperatures: tuple[float, ...]
    scales: tuple[float, ...]
    """Of the lead."""
    power: float
    """Of the lead, one for all kinds: what levels off is the training that they share."""


def lead(logits: Tensor, scale: Tensor | float, power: float) -> Tensor:
    """``[..., labels]`` with another lead of the likeliest answer over the next."""
    two = logits.topk(2, -1).values
    top, second = two[..., :1], two[..., 1:]
    return torch.where(logits == top, second + scale * (top - second) ** power, logits)


def fit(rows: Sequence[Row], logits: metrics.Rows) -> Calibration:
    """By likelihood, each corpus of a kind counting alike; ``logits`` are ``[rows, labels]``."""
    gold = np.array([gold_of(row) for row in rows])
    sources = np.array([row.source for row in rows])
    kinds = np.array([row.question.kind for row in rows])

    def loss(kind: Kind, changed: Callable[[metrics.Rows], metrics.Rows]) -> float:
        total = 0.0
        for source in set(sources[kinds == kind]):
            at = np.flatnonzero((kinds == kind) & (sources == source))
            own = folded(metrics.softmax(changed(logits[at])), source)
            total -= float(np.log(own[np.arange(len(at)), gold[at]].clip(1e-9)).mean())
        return total

    heat: dict[Kind, float] = {
        kind: min(TEMPERATURES, key=lambda t, kind=kind: loss(kind, lambda own: own / t))
        for kind in KINDS
    }

    def led(kind: Kind, scale: float, power: float) -> float:
        return loss(
            kind, lambda own: lead(torch.from_numpy(own / heat[kind]), scale, power).numpy()
        )

    def scales(power: float) -> list[tuple[float, float]]:
        """Of each kind: how badly the best scale does, and the scale."""
        return [min((led(kind, own, power), own) for own in SCALES) for kind in KINDS]

    power = min(POWERS, key=lambda own: sum(loss for loss, _ in scales(own)))
    return Calibration(
        tuple(float(heat[kind]) for kind in KINDS),
        tuple(float(scale) for _, scale in scales(power)),
        power,
    )
