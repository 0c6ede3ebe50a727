"""How sure the stance model is to be: fitted after training, on rows that it didn't learn from.

Label smoothing makes logits level off, so that a right answer that is beyond doubt gets 0.94, and
one that is open 0.8: no temperature mends both. So each kind of question has a temperature
(Guo et al., 2017), and then the lead of the likeliest answer over the next, ``m`` in logits,
becomes ``scale * m ** power``: with one scale between the two sides, and another where the text may
take none, of which most corpora of claims know nothing. Neither changes which answer is likeliest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from newswire.enrichment.question import KINDS, Kind
from training import metrics
from training.questions import LABELS, Row, folded, gold_of

TEMPERATURES = np.geomspace(0.5, 4.0, 60)
SHIFTS = np.linspace(-0.8, 0.8, 33)
SCALES = np.geomspace(0.25, 2.0, 50)
POWERS = (1.0, 1.2, 1.4, 1.6, 1.8, 2.0)

SIDES = 2
"""Of the answers, the first: favor and against."""

SHIFTED: frozenset[Kind] = frozenset({"topic"})
"""Kinds whose two sides are moved against each other. Of topics that it hasn't seen the model leans
to one: it was 0.72 sure of favor where 0.60 were right, and 0.64 of against where 0.69 were. Of
claims a shift helps one corpus and harms another; others have no such lean, or too few rows."""


Grid = float | np.ndarray
"""One value, or ``[points]`` of which the best is sought."""


@dataclass(frozen=True)
class Calibration:
    """What is fitted, in the order of :data:`~newswire.enrichment.question.KINDS`."""

    temperatures: tuple[float, ...]
    shifts: tuple[float, ...]
    """Added to favor and taken from against, in logits, before the temperature."""
    between_sides: tuple[float, ...]
    """Scales of the lead where the two likeliest are the sides."""
    over_none: tuple[float, ...]
    """The same where one of them is neutral or unrelated."""
    power: float
    """Of the lead, one for all kinds: what levels off is the training that they share."""


def shifted(shift: Tensor | float) -> Tensor:
    """What is added to the logits of a kind, ``[..., labels]``."""
    return shift * torch.tensor([1.0, -1.0, *[0.0] * (len(LABELS) - SIDES)])


def lead(
    logits: Tensor, between_sides: Tensor | float, over_none: Tensor | float, power: float
) -> Tensor:
    """``[..., labels]`` with another lead of the likeliest answer over the next."""
    two, numbers = logits.topk(2, -1)
    top, second = two[..., :1], two[..., 1:]
    sides = numbers.amax(-1, keepdim=True) < SIDES
    gap = (top - second) ** power
    raised = second + torch.where(sides, between_sides * gap, over_none * gap)
    return torch.where(logits == top, raised, logits)


def fit(rows: Sequence[Row], logits: metrics.Rows) -> Calibration:
    """By likelihood, each corpus of a kind counting alike; ``logits`` are ``[rows, labels]``."""
    found = [_of_kind(kind, rows, logits) for kind in KINDS]
    scaled = {power: [one.scales(power) for one in found] for power in POWERS}
    power = min(POWERS, key=lambda own: sum(loss for loss, _, _ in scaled[own]))
    scales = scaled[power]
    return Calibration(
        tuple(one.temperature for one in found),
        tuple(one.shift for one in found),
        tuple(sides for _, sides, _ in scales),
        tuple(none for _, _, none in scales),
        power,
    )


@dataclass(frozen=True, eq=False)
class _Kind:
    """The rows of one kind."""

    corpora: Sequence[tuple[str, metrics.Rows, np.ndarray]]
    """Of each: its name, the logits, and what is right."""
    temperature: float = 1.0
    shift: float = 0.0

    def loss(
        self,
        *,
        temperature: Grid | None = None,
        shift: Grid | None = None,
        between_sides: Grid = 1.0,
        over_none: Grid = 1.0,
        power: float = 1.0,
    ) -> np.ndarray:
        """The mean negative log likelihood of each corpus, summed, at each point of a grid."""
        divided = _column(self.temperature if temperature is None else temperature)
        moved = shifted(_column(self.shift if shift is None else shift))
        total: np.ndarray | float = 0.0
        for source, logits, gold in self.corpora:
            own = (torch.from_numpy(logits) + moved) / divided
            sure = lead(own, _column(between_sides), _column(over_none), power).softmax(-1).numpy()
            right = folded(sure.reshape(-1, len(LABELS)), source).reshape(sure.shape)
            right = right[:, np.arange(len(gold)), gold]
            total = total - np.log(right.clip(1e-9)).mean(1, dtype=np.float64)
        return np.asarray(total)

    def scales(self, power: float) -> tuple[float, float, float]:
        """How badly the best scales do, and the scales: of the sides, and over none."""
        sides = none = 0.7
        for _ in range(2):
            losses = self.loss(between_sides=SCALES, over_none=none, power=power)
            sides = float(SCALES[losses.argmin()])
            losses = self.loss(between_sides=sides, over_none=SCALES, power=power)
            none = float(SCALES[losses.argmin()])
        return float(losses.min()), sides, none


def _column(grid: Grid) -> Tensor:
    """``[points, 1, 1]``."""
    return torch.as_tensor(grid, dtype=torch.float32).reshape(-1, 1, 1)


def _of_kind(kind: Kind, rows: Sequence[Row], logits: metrics.Rows) -> _Kind:
    of = {
        source: np.array(
            [n for n, row in enumerate(rows) if row.question.kind == kind and row.source == source]
        )
        for source in sorted({row.source for row in rows if row.question.kind == kind})
    }
    out = _Kind(
        tuple(
            (source, logits[at], np.array([gold_of(rows[n]) for n in at]))
            for source, at in of.items()
        )
    )
    for _ in range(2):
        best = out.loss(temperature=TEMPERATURES).argmin()
        out = replace(out, temperature=float(TEMPERATURES[best]))
        if kind in SHIFTED:
            out = replace(out, shift=float(SHIFTS[out.loss(shift=SHIFTS).argmin()]))
    return out
