"""Scores: macro-F1, accuracy, expected calibration error, their bootstrap intervals, ROUGE-1."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int64]
Rows = npt.NDArray[np.float32]

BINS = 15
"""Of the expected calibration error."""


def softmax(logits: Rows) -> Rows:
    """Over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True), np.float32)


def choose(scores: Rows, among: Sequence[int]) -> Labels:
    """The best label of each row ``[N, labels]``, of those that its corpus has."""
    columns = np.asarray(among)
    return np.asarray(columns[scores[:, columns].argmax(1)], np.int64)


def f1(gold: Labels, chosen: Labels, label: int) -> float:
    """F1 of one label; 0 where it is neither there nor chosen."""
    right = int(((gold == label) & (chosen == label)).sum())
    total = int((gold == label).sum() + (chosen == label).sum())
    return 2 * right / total if total else 0.0


def macro_f1(gold: Labels, chosen: Labels, among: Sequence[int]) -> float:
    """Mean of :func:`f1` over the labels of a corpus."""
    return float(np.mean([f1(gold, chosen, label) for label in among]))


def calibration_error(
    gold: Labels, probabilities: Rows, among: Sequence[int], bins: int = BINS
) -> float:
    """Expected calibration error of the chosen label, bins of equal width (Guo et al., 2017).

    ``probabilities`` ``[N, labels]``; those of labels that the corpus lacks are taken out first.
    """
    sure, chosen = _surest(probabilities, among)
    return _distance(sure, (chosen == gold)[None], bins)[0]


def chance_error(
    probabilities: Rows, among: Sequence[int], rounds: int = 200, seed: int = 0
) -> float:
    """The mean :func:`calibration_error` of a model that is exactly as sure as it should be.

    Of few rows, a bin's share of right ones is off by chance.
    """
    sure, _ = _surest(probabilities, among)
    right = np.random.default_rng(seed).random((rounds, len(sure))) < sure
    return float(np.mean(_distance(sure, right, BINS)))


def _surest(probabilities: Rows, among: Sequence[int]) -> tuple[Rows, Labels]:
    columns = np.asarray(among)
    own = probabilities[:, columns] / probabilities[:, columns].sum(1, keepdims=True)
    return own.max(1), np.asarray(columns[own.argmax(1)], np.int64)


def _distance(sure: Rows, right: npt.NDArray[np.bool_], bins: int) -> list[float]:
    """For each row of ``right`` ``[K, N]``."""
    which = np.minimum((sure * bins).astype(int), bins - 1)
    error = np.zeros(len(right))
    for number in range(bins):
        inside = which == number
        if inside.any():
            error += abs(right[:, inside].mean(1) - sure[inside].mean()) * inside.mean()
    return [float(own) for own in error]


def bootstrap(
    measure: Callable[[Labels], float], rows: int, rounds: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % interval of ``measure(row numbers)`` over resampled rows."""
    chance = np.random.default_rng(seed)
    values = [measure(chance.integers(0, rows, rows)) for _ in range(rounds)]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
