"""Stance scores with their intervals: macro-F1, accuracy, calibration; and the majority label's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from newswire.enrichment.shipped import Shipped
from newswire.enrichment.stance import StanceModel
from training import metrics
from training.questions import (
    LABELS,
    Row,
    allowed,
    folded,
    gold_of,
    label_names,
    read_questions,
)
from training.watched import watched

CHUNK = 128
"""Rows at once."""

FNC_RELATED = 0.25
"""Of the Fake News Challenge's score: that a story is about the claim at all; its stance is the
rest (Pomerleau and Rao, 2017)."""


def stance(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Predict every row of ``data`` and score those that have a label.

    Returns:
        Scores by source, and ``{"id", "label", "probabilities"}`` in the corpus's own names.
    """
    rows = [row for row in read_questions(data) if part is None or row.part == part][:limit]
    probabilities = predict(rows, models.stance)
    scores = {}
    for source in sorted({row.source for row in rows}):
        own = [n for n, row in enumerate(rows) if row.source == source]
        probabilities[own] = folded(probabilities[own], source)
        at = [n for n in own if rows[n].label is not None]
        if at:
            gold = np.array([gold_of(rows[n]) for n in at], np.int64)
            scores[source or "-"] = score(gold, probabilities[at], source)
        if source == "DirectedSentiment" and at:
            scores[source] |= five_classes([rows[n] for n in at], probabilities[at])
    return scores, [_prediction(row, own) for row, own in zip(rows, probabilities, strict=True)]


def predict(rows: list[Row], model: StanceModel) -> metrics.Rows:
    """Probabilities ``[rows, 4]`` in the order of :data:`~training.questions.LABELS`."""
    out = []
    for start in watched(range(0, len(rows), CHUNK), f"{len(rows)} questions"):
        answers = model.predict([row.question for row in rows[start : start + CHUNK]])
        out += [[own.favor, own.against, own.neutral, own.unrelated] for own in answers]
    return np.array(out, np.float32).reshape(-1, len(LABELS))


def score(
    gold: metrics.Labels, probabilities: metrics.Rows, source: str
) -> dict[str, float | int | str]:
    """All figures of one corpus; ``probabilities`` are :func:`~training.questions.folded`."""
    own = allowed(source)
    chosen = metrics.choose(probabilities, own)
    measures: dict[str, Callable[[metrics.Labels], float]] = {
        "macro-F1": lambda at: metrics.macro_f1(gold[at], chosen[at], own),
        "accuracy": lambda at: float((gold[at] == chosen[at]).mean()),
        "ECE": lambda at: metrics.calibration_error(gold[at], probabilities[at], own),
    }
    if source == "FNC-1":
        measures["FNC score"] = lambda at: fnc_score(gold[at], chosen[at])
    majority = np.full_like(gold, np.bincount(gold, minlength=len(LABELS)).argmax())
    out: dict[str, float | int | str] = {"rows": len(gold)}
    for name, measure in measures.items():
        out |= _with_interval(name, measure, len(gold))
    out["ECE by chance"] = metrics.chance_error(probabilities, own)
    out["majority"] = metrics.macro_f1(gold, majority, own)
    for label in own:
        out[f"F1 {LABELS[label]}"] = metrics.f1(gold, chosen, label)
    return out


def _with_interval(
    name: str, measure: Callable[[metrics.Labels], float], rows: int
) -> dict[str, float | int | str]:
    low, high = metrics.bootstrap(measure, rows)
    return {name: measure(np.arange(rows)), f"{name}, 95 %": f"{low:.3f}-{high:.3f}"}


def five_classes(rows: Sequence[Row], probabilities: metrics.Rows) -> dict[str, float | int | str]:
    """Macro-F1 over sentences: who is for or against whom, or nobody (Park et al., 2021).

    A sentence's two rows, ``…-pq`` and ``…-qp``, are one question there; without such a pair there
    is no figure. Where both get a side, the surer one is the answer.
    """
    sentences: dict[str, dict[str, int]] = {}
    for number, row in enumerate(rows):
        sentence, _, direction = row.id.rpartition("-")
        sentences.setdefault(sentence, {})[direction] = number
    pairs = [[own["pq"], own["qp"]] for own in sentences.values() if {"pq", "qp"} <= own.keys()]
    if not pairs:
        return {}
    wide = np.zeros((len(rows), len(LABELS)), np.float32)
    wide[np.arange(len(rows)), [gold_of(row) for row in rows]] = 1
    gold = np.array([_five(wide[pair]) for pair in pairs], np.int64)
    chosen = np.array([_five(probabilities[pair]) for pair in pairs], np.int64)
    return _with_interval(
        "five classes", lambda at: metrics.macro_f1(gold[at], chosen[at], range(5)), len(gold)
    )


def _five(two: metrics.Rows) -> int:
    """0: nobody; else 1 + 2 * row + side."""
    sided = [row for row in (0, 1) if two[row].argmax() < LABELS.index("neutral")]
    if not sided:
        return 0
    row = max(sided, key=lambda own: float(two[own, :2].max()))
    return 1 + 2 * row + int(two[row, :2].argmax())


def fnc_score(gold: metrics.Labels, chosen: metrics.Labels) -> float:
    """The Fake News Challenge's weighted score, as a share of the best that can be had."""
    unrelated = LABELS.index("unrelated")
    about = (gold != unrelated) & (chosen != unrelated)
    right = gold == chosen
    points = FNC_RELATED * ((right & (gold == unrelated)).sum() + about.sum())
    points += (1 - FNC_RELATED) * (right & (gold != unrelated)).sum()
    best = FNC_RELATED * (gold == unrelated).sum() + (gold != unrelated).sum()
    return float(points / best)


def _prediction(row: Row, probabilities: metrics.Rows) -> dict[str, object]:
    names = {LABELS.index(ours): name for name, ours in label_names(row.source).items()}
    own = {label: float(probabilities[label]) for label in allowed(row.source)}
    return {
        "id": row.id if row.number is None else row.number,
        "label": names[max(own, key=lambda label: own[label])],
        "probabilities": {names[label]: round(value, 4) for label, value in own.items()},
    }
