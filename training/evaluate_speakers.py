"""Who is meant: mentions resolved to the names of the text, from text and spans alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newswire.enrichment.quotes.entities import merge
from newswire.enrichment.quotes.mentions import Mention
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.shipped import Shipped
from newswire.errors import ConfigError
from training import metrics
from training.corpora import Id, rows_of, span_of
from training.speaker_scores import Answer, Span, nearest, speaker_scores


def speakers(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Resolve the mentions that each row of ``data`` asks for, and score those with chains.

    Returns:
        Scores by source, and ``{"id", "resolved"}``: for each mention the span of a name, or None.

    Raises:
        ConfigError: the file can't be read, or a row isn't what it should be.
    """
    rows = rows_of(data, part, limit, {"id": Id, "text": str, "ask": list})
    wanted = [_wanted(data, row) for row in rows]
    scored: dict[str, list[tuple[Answer, list[Span]]]] = {}
    predictions: list[dict[str, object]] = []
    for row, own in zip(rows, wanted, strict=True):
        text = str(row["text"])
        (reading,) = models.reader.read([(text, split_sentences(text))])
        found = models.resolver.resolve(text, merge(text, reading.names), own.mentions)
        spans = [nearest(one, mention) for one, mention in zip(found, own.mentions, strict=True)]
        predictions.append({"id": row["id"], "resolved": [one and list(one) for one in spans]})
        if own.names is not None:
            scored.setdefault(str(row.get("source", "-")), []).extend(
                zip(spans, own.names, strict=True)
            )
    return {source: _score(pairs) for source, pairs in sorted(scored.items())}, predictions


@dataclass(frozen=True)
class _Wanted:
    """What a row asks for."""

    mentions: Sequence[Mention]
    names: Sequence[list[Span]] | None
    """Of each mention's chain; None where the row doesn't say which chain each is of."""


def _wanted(data: Path, row: Mapping[str, object]) -> _Wanted:
    questions, text = row["ask"], str(row["text"])
    assert isinstance(questions, list)
    try:
        mentions = [Mention(*span_of(own["span"], text)) for own in questions]
        chains = _names(row.get("mentions"), text)
        if chains is None or not any("chain" in own for own in questions):
            return _Wanted(mentions, None)
        return _Wanted(mentions, [chains.get(own["chain"], []) for own in questions])
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"{data}: mentions of row {row['id']} can't be read: {error}",
            "each has a span, and all of a list or none a chain",
        ) from error


def _names(mentions: object, text: str) -> dict[object, list[Span]] | None:
    """The names of each chain; None where the row has no chains."""
    if not isinstance(mentions, list) or not all("chain" in own for own in mentions):
        return None
    out: dict[object, list[Span]] = {}
    for own in mentions:
        if own["form"] == "name":
            out.setdefault(own["chain"], []).append(span_of(own["span"], text))
    return out


def _score(pairs: Sequence[tuple[Answer, list[Span]]]) -> dict[str, float | int | str]:
    out: dict[str, float | int | str] = {"mentions": len(pairs)}
    for name, value in speaker_scores(pairs).items():
        low, high = metrics.bootstrap(
            lambda at, name=name: speaker_scores([pairs[n] for n in at])[name], len(pairs)
        )
        out |= {name: value, f"{name}, 95 %": f"{low:.3f}-{high:.3f}"}
    return out
