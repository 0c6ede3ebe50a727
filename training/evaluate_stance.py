"""Stance scores: macro-F1 with its interval, accuracy, calibration, beside the majority label."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from newswire.enrichment.encoder import Encoder
from newswire.enrichment.gate import MOST
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.stance import HeadStance, StanceModel, StanceRequest
from newswire.enrichment.tags import tag
from newswire.enrichment.targets import Target
from newswire.stories.model import Probabilities, Span
from training import metrics
from training.corpora import LABELS, NAMES, StanceRow, stance_rows
from training.shipped import Shipped

CHUNK = 512
"""Rows at once."""

BATCH_TOKENS = 4096

STORY_WORDS = 200
"""A longer text is judged as a story is where the target is a name: by the sentences that name it.
Where it is a claim, the text's beginning is judged, as much as the encoder reads."""

NAME_WORDS = 4
"""A target of more words is a claim."""


def stance(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Predict every row of ``data`` and score those that have a label.

    Returns:
        Scores by source, and ``{"id", "label", "probabilities"}`` in the corpus's own names.
    """
    rows = [row for row in stance_rows(data) if part is None or row.part == part][:limit]
    shipped = models.manifest.stance
    model = HeadStance(
        models.folder / shipped.file,
        shipped.name,
        shipped.sha256,
        models.encoder,
        models.threads,
        BATCH_TOKENS,
    )
    probabilities = np.zeros((len(rows), len(LABELS)), np.float32)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        probabilities[start : start + len(chunk)] = predict(chunk, models.encoder, model)
    scores = {}
    for source in sorted({row.source for row in rows}):
        at = [n for n, row in enumerate(rows) if row.source == source and row.label is not None]
        if at:
            gold = np.array([rows[n].label for n in at], np.int64)
            scores[source or "-"] = score(gold, probabilities[at], metrics.allowed(source))
    return scores, [_prediction(row, own) for row, own in zip(rows, probabilities, strict=True)]


def predict(rows: Sequence[StanceRow], encoder: Encoder, model: StanceModel) -> metrics.Rows:
    """Probabilities ``[rows, 3]``."""
    texts = [_passages(row) for row in rows]
    encoded = encoder.encode(texts)
    answers = iter(
        model.predict(
            [
                StanceRequest(text, row.target, piece.states)
                for row, group, pieces in zip(rows, texts, encoded, strict=True)
                for text, piece in zip(group, pieces, strict=True)
            ]
        )
    )
    out = []
    for row, group in zip(rows, texts, strict=True):
        own = _story(row, group, [next(answers) for _ in group])
        out.append([own.favor, own.against, own.neutral])
    return np.array(out, np.float32)


def _passages(row: StanceRow) -> list[str]:
    """The text itself, or the sentences of a story that hold the last word of a name."""
    name = row.target.lower().split()
    if len(row.text.split()) <= STORY_WORDS or not 0 < len(name) <= NAME_WORDS:
        return [row.text]
    sentences = [row.text[e.start : e.end] for e in split_sentences(row.text)]
    naming = [sentence for sentence in sentences if name[-1] in sentence.lower()]
    return (naming or sentences)[:MOST]


def _story(row: StanceRow, texts: Sequence[str], answers: Sequence[Probabilities]) -> Probabilities:
    if len(answers) == 1:
        return answers[0]
    target = Target(id="row", name=row.target or "-", kind="topic")
    spans = [Span(text=text, start=n, end=n + len(text)) for n, text in enumerate(texts)]
    return tag(target, spans, answers).probabilities


def score(
    gold: metrics.Labels, probabilities: metrics.Rows, allowed: tuple[int, ...]
) -> dict[str, float | int | str]:
    """All figures of one corpus."""
    chosen = metrics.choose(probabilities, allowed)
    low, high = metrics.bootstrap(
        lambda at: metrics.macro_f1(gold[at], chosen[at], allowed), len(gold)
    )
    counts = np.bincount(gold, minlength=len(LABELS))
    majority = np.full_like(gold, counts.argmax())
    out: dict[str, float | int | str] = {
        "rows": len(gold),
        "macro-F1": metrics.macro_f1(gold, chosen, allowed),
        "95 %": f"{low:.3f}-{high:.3f}",
        "majority": metrics.macro_f1(gold, majority, allowed),
        "accuracy": float((gold == chosen).mean()),
        "ECE": metrics.calibration_error(gold, probabilities, allowed),
    }
    for label in allowed:
        out[f"F1 {LABELS[label]}"] = metrics.f1(gold, chosen, label)
    return out


def _prediction(row: StanceRow, probabilities: metrics.Rows) -> dict[str, object]:
    allowed = metrics.allowed(row.source)
    names = NAMES.get(row.source, LABELS)
    own = probabilities[list(allowed)] / probabilities[list(allowed)].sum()
    return {
        "id": row.id,
        "label": names[allowed[int(own.argmax())]],
        "probabilities": {
            str(names[label]): round(float(value), 4)
            for label, value in zip(allowed, own, strict=True)
        },
    }
