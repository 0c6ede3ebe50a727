"""Summary scores: ROUGE-1, stemmed, beside the first sentences and the greedy oracle."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from newswire.enrichment.reading import MOST_CHARACTERS, MOST_SENTENCES
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.shipped import Shipped
from newswire.enrichment.summary.choice import Budget
from newswire.enrichment.summary.extractive import (
    ExtractiveSummarizer,
    SummaryRequest,
)
from newswire.errors import ConfigError
from newswire.stories.enriched import Span
from training import metrics
from training.corpora import read_rows
from training.rouge import oracle, rouge1

CHUNK = 32
"""Stories that are encoded together: their states are some 40 MB."""

LEADS = (3, 2)


def summary(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Summarise every row of ``data`` and score those that have a summary.

    Returns:
        Scores by source, in points, the best of its references for each row, and
        ``{"id", "summary"}``.

    Raises:
        ConfigError: the file can't be read, or a row isn't what it should be.
    """
    summarizer = ExtractiveSummarizer(models.summary, Budget())
    rows = [row for row in read_rows(data) if part is None or row.get("split") == part][:limit]
    wanted = [(_article(data, row), _references(data, row)) for row in rows]
    predictions: list[dict[str, object]] = []
    scored: dict[str, list[list[float]]] = {}
    for start in range(0, len(rows), CHUNK):
        chunk, own = rows[start : start + CHUNK], wanted[start : start + CHUNK]
        stories = [_sentences(article) for article, _ in own]
        encoded = models.encoder.encode([[span.text for span in spans] for spans in stories])
        for row, (_, references), spans, pieces in zip(chunk, own, stories, encoded, strict=True):
            made = ""
            if spans:
                (one,) = summarizer.summarize([SummaryRequest(tuple(spans), tuple(pieces))])
                made = " ".join(span.text for span in one.sentences)
            predictions.append({"id": row["id"], "summary": made})
            if references:
                scored.setdefault(str(row.get("source", "-")), []).append(
                    _values(made, [span.text for span in spans], references)
                )
    return {source: _score(np.array(values)) for source, values in scored.items()}, predictions


def _sentences(article: str) -> list[Span]:
    """As many as are read of any story."""
    extents = split_sentences(article, 0, min(len(article), MOST_CHARACTERS))
    return [
        Span(text=article[own.start : own.end], start=own.start, end=own.end)
        for own in extents[:MOST_SENTENCES]
    ]


def _values(made: str, sentences: Sequence[str], references: Sequence[str]) -> list[float]:
    """ROUGE-1 of the summary, the first sentences and the greedy oracle."""
    leads = [" ".join(sentences[:count]) for count in LEADS]
    best = [max(rouge1(text, one) for one in references) for text in (made, *leads)]
    ideal = sorted(oracle(sentences, references[0]))
    return [*best, rouge1(" ".join(sentences[at] for at in ideal), references[0])]


def _article(data: Path, row: dict[str, object]) -> str:
    article = row.get("article")
    if not isinstance(article, str) or "id" not in row:
        raise ConfigError(f"{data}: a row without id or article: {str(row)[:80]}")
    return article


def _references(data: Path, row: dict[str, object]) -> list[str]:
    """A row's summaries, of the first field that has any; some corpora have several."""
    for name in ("references", "summary", "reference"):
        stated = row.get(name)
        several = stated if isinstance(stated, list) else [] if stated is None else [stated]
        if not all(isinstance(own, str) for own in several):
            raise ConfigError(
                f"{data}: {name} of row {row['id']} can't be read: {str(stated)[:40]}",
                "it is a text, or a list of texts: several summaries of the same article",
            )
        if told := [own for own in several if own.strip()]:
            return told
    return []


def _score(values: np.ndarray) -> dict[str, float | int | str]:
    points = 100 * values
    rouge, gain = points[:, 0], points[:, 0] - points[:, 1]
    low, high = metrics.bootstrap(lambda at: float(gain[at].mean()), len(gain))
    least, most = metrics.bootstrap(lambda at: float(rouge[at].mean()), len(rouge))
    return {
        "rows": len(points),
        "ROUGE-1": float(rouge.mean()),
        "ROUGE-1, 95 %": f"{least:.1f} to {most:.1f}",
        "lead-3": float(points[:, 1].mean()),
        "lead-2": float(points[:, 2].mean()),
        "over lead-3, 95 %": f"{low:+.2f} to {high:+.2f}",
        "greedy oracle": float(points[:, 3].mean()),
    }
