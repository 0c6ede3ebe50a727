"""Who is meant: mentions resolved to the names of the text, from text and spans alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from newswire.enrichment.quotes.entities import merge
from newswire.enrichment.quotes.mentions import Mention
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.shipped import Shipped
from training import metrics
from training.corpora import read_rows
from training.speaker_scores import Answer, Span, nearest, speaker_scores


def speakers(
    data: Path, models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Resolve the mentions that each row of ``data`` asks for, and score those with chains.

    Returns:
        Scores by source, and ``{"id", "resolved"}``: for each mention the span of a name, or None.
    """
    rows = [row for row in read_rows(data) if part is None or row.get("split") == part][:limit]
    scored: dict[str, list[tuple[Answer, list[Span]]]] = {}
    predictions: list[dict[str, object]] = []
    for row in rows:
        text, questions = str(row["text"]), row["ask"]
        assert isinstance(questions, list)
        (reading,) = models.reader.read([(text, split_sentences(text))])
        mentions = [Mention(*own["span"]) for own in questions]
        found = models.resolver.resolve(text, merge(text, reading.names), mentions)
        spans = [nearest(own, mention) for own, mention in zip(found, mentions, strict=True)]
        predictions.append({"id": row["id"], "resolved": [own and list(own) for own in spans]})
        chains = _names(row.get("mentions"))
        if chains is not None:
            scored.setdefault(str(row.get("source", "-")), []).extend(
                (span, chains.get(own["chain"], []))
                for span, own in zip(spans, questions, strict=True)
            )
    return {source: _score(pairs) for source, pairs in sorted(scored.items())}, predictions


def _names(mentions: object) -> dict[object, list[Span]] | None:
    """The names of each chain; None where the row has no chains."""
    if not isinstance(mentions, list) or not all("chain" in own for own in mentions):
        return None
    out: dict[object, list[Span]] = {}
    for own in mentions:
        if own["form"] == "name":
            out.setdefault(own["chain"], []).append((own["span"][0], own["span"][1]))
    return out


def _score(pairs: Sequence[tuple[Answer, list[Span]]]) -> dict[str, float | int | str]:
    out: dict[str, float | int | str] = {"mentions": len(pairs)}
    for name, value in speaker_scores(pairs).items():
        low, high = metrics.bootstrap(
            lambda at, name=name: speaker_scores([pairs[n] for n in at])[name], len(pairs)
        )
        out |= {name: value, f"{name}, 95 %": f"{low:.3f}-{high:.3f}"}
    return out
