"""Quote scores: exact source, cue and content, and contents put to the right source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newswire.enrichment.quotes.attributions import PARTS
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.shipped import Shipped
from newswire.errors import ConfigError
from training import metrics
from training.corpora import Id, rows_of, span_of
from training.quote_scores import Quote, as_quote, quote_scores

CHUNK = 16
ROUNDS = 100
"""Of the bootstrap: each scores all stories anew."""


def quotes(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Read every story of ``data`` and score those that have quotes.

    Returns:
        Scores by source, and ``{"id", "quotes"}`` as in the corpus.

    Raises:
        ConfigError: the file can't be read, or a row isn't what it should be.
    """
    rows = rows_of(data, part, limit, {"id": Id, "text": str})
    gold = [_gold(data, row) for row in rows]
    found: list[list[Quote]] = []
    for start in range(0, len(rows), CHUNK):
        texts = [str(row["text"]) for row in rows[start : start + CHUNK]]
        readings = models.reader.read([(text, split_sentences(text)) for text in texts])
        found += [[as_quote(own) for own in reading.attributions] for reading in readings]
    pairs: dict[str, list[tuple[list[Quote], list[Quote]]]] = {}
    for row, own, ours in zip(rows, gold, found, strict=True):
        if own is not None:
            pairs.setdefault(str(row.get("source", "-")), []).append((own, ours))
    predictions: list[dict[str, object]] = [
        {
            "id": row["id"],
            "quotes": [
                {part: [list(span) for span in own[part]] for part in PARTS} for own in ours
            ],
        }
        for row, ours in zip(rows, found, strict=True)
    ]
    return {source: _score(own) for source, own in sorted(pairs.items())}, predictions


def _gold(data: Path, row: Mapping[str, object]) -> list[Quote] | None:
    """The quotes that a row states; None where it states none."""
    stated, text = row.get("quotes"), str(row["text"])
    if stated is None:
        return None
    try:
        if not isinstance(stated, list):
            raise TypeError("no list")
        return [
            {part: [span_of(span, text) for span in own[part]] for part in PARTS} for own in stated
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{data}: quotes of row {row['id']} can't be read: {error}",
            f"each has lists of spans: {', '.join(PARTS)}",
        ) from error


def _score(pairs: list[tuple[list[Quote], list[Quote]]]) -> dict[str, float | int | str]:
    out: dict[str, float | int | str] = {"stories": len(pairs)}

    def scores(at: metrics.Labels) -> dict[str, float]:
        return quote_scores([pairs[n][0] for n in at], [pairs[n][1] for n in at])

    for name, value in quote_scores(*map(list, zip(*pairs, strict=True))).items():
        low, high = metrics.bootstrap(lambda at, name=name: scores(at)[name], len(pairs), ROUNDS)
        out |= {name: value, f"{name}, 95 %": f"{low:.3f}-{high:.3f}"}
    return out
