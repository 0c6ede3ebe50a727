"""Summary scores: ROUGE-1 beside the first sentences and the greedy oracle."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.shipped import Shipped
from newswire.enrichment.summary import LONGEST_STORY, SummaryScorer, choose
from newswire.errors import ConfigError
from training import metrics
from training.corpora import read_rows
from training.rouge import oracle, rouge1

CHUNK = 64


def summary(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Summarise every row of ``data`` and score those that have a summary.

    Returns:
        Scores by source, in points, and ``{"id", "summary"}``.
    """
    shipped = models.manifest.summary
    scorer = SummaryScorer(models.folder / shipped.file, shipped.name, shipped.sha256)
    rows = [row for row in read_rows(data) if part is None or row.get("split") == part][:limit]
    predictions: list[dict[str, object]] = []
    scored: dict[str, list[tuple[float, float, float, float]]] = {}
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        articles = [_article(data, row) for row in chunk]
        texts = [
            [article[e.start : e.end] for e in split_sentences(article)][:LONGEST_STORY]
            for article in articles
        ]
        for row, sentences, pieces in zip(chunk, texts, models.encoder.encode(texts), strict=True):
            made = ""
            if sentences:
                vectors = np.array([piece.vector for piece in pieces], np.float32)
                logits = scorer(vectors, [len(sentence.split()) for sentence in sentences])
                made = " ".join(sentences[at] for at in choose(sentences, logits, vectors))
            predictions.append({"id": row["id"], "summary": made})
            references = _references(row)
            if references:
                best = [
                    max(rouge1(text, reference) for reference in references)
                    for text in (made, " ".join(sentences[:3]), " ".join(sentences[:2]))
                ]
                ideal = oracle(sentences, references[0])
                top = rouge1(" ".join(sentences[n] for n in sorted(ideal)), references[0])
                scored.setdefault(str(row.get("source", "-")), []).append((*best, top))  # type: ignore[arg-type]
    return {source: _score(np.array(values)) for source, values in scored.items()}, predictions


def _article(data: Path, row: dict[str, object]) -> str:
    article = row.get("article")
    if not isinstance(article, str) or "id" not in row:
        raise ConfigError(f"{data}: a row without id or article: {str(row)[:80]}")
    return article


def _references(row: dict[str, object]) -> list[str]:
    """A row's summaries; some corpora have several."""
    several = row.get("references")
    if isinstance(several, list):
        return [str(item) for item in several if str(item).strip()]
    one = row.get("summary") or row.get("reference")
    return [str(one)] if one else []


def _score(values: np.ndarray) -> dict[str, float | int | str]:
    points = 100 * values
    gain = points[:, 0] - points[:, 1]
    low, high = metrics.bootstrap(lambda at: float(gain[at].mean()), len(gain))
    return {
        "rows": len(points),
        "ROUGE-1": float(points[:, 0].mean()),
        "lead-3": float(points[:, 1].mean()),
        "lead-2": float(points[:, 2].mean()),
        "over lead-3, 95 %": f"{low:+.2f} to {high:+.2f}",
        "greedy oracle": float(points[:, 3].mean()),
    }
