"""How well dropping what a body doesn't support agrees with people: on DeFacto.

    python -m training.evaluate_support [--data FILE] [--sweep]

DeFacto (Liu et al., ACL 2023) has summaries that a model wrote of XSum stories, and the verdict of
a person on each: whether it has an error. A summary counts as dropped where one of its sentences
is. ``--sweep`` prints the training part under other limits: how ``IN_EVIDENCE`` was chosen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.shipped import Shipped
from newswire.enrichment.summary.support import IN_EVIDENCE, Body
from newswire.errors import ConfigError
from newswire.stories.enriched import Span
from training import metrics
from training.corpora import read_rows
from training.paths import CORPORA

FILE = "summ_defacto_factuality.jsonl.gz"

Flags = npt.NDArray[np.bool_]

Row = dict[str, object]

MEASURES = ("accuracy", "balanced", "kappa", "precision", "errors caught", "good kept", "dropped")


def dropped(rows: Sequence[Row], in_evidence: float = IN_EVIDENCE) -> Flags:
    """Of each row, whether a sentence of its ``candidate`` is not supported by its ``article``."""
    return np.array([_is_dropped(row, in_evidence) for row in rows])


def agreement(gone: Flags, wrong: Flags) -> dict[str, float]:
    """:data:`MEASURES` of what was dropped against what has an error."""
    caught, kept = float(gone[wrong].mean()), float((~gone[~wrong]).mean())
    accuracy = float((gone == wrong).mean())
    by_chance = gone.mean() * wrong.mean() + (1 - gone.mean()) * (1 - wrong.mean())
    return {
        "accuracy": accuracy,
        "balanced": (caught + kept) / 2,
        "kappa": float((accuracy - by_chance) / (1 - by_chance)),
        "precision": float(wrong[gone].mean()) if gone.any() else 0.0,
        "errors caught": caught,
        "good kept": kept,
        "dropped": float(gone.mean()),
    }


def support(
    data: Path, _models: Shipped, part: str | None, limit: int | None
) -> tuple[dict[str, dict[str, float | int | str]], list[dict[str, object]]]:
    """Score the check on a file, as :data:`training.evaluate.TASKS` do; it needs no model.

    Returns:
        Scores of the one corpus, and ``{"id", "dropped"}``.
    """
    rows = [row for row in read_rows(data) if part is None or row.get("split") == part][:limit]
    if not rows or "candidate_has_error" not in rows[0]:
        raise ConfigError(f"{data} has no verdicts (candidate_has_error)")
    wrong = np.array([bool(row["candidate_has_error"]) for row in rows])
    gone = dropped(rows)
    scores: dict[str, float | int | str] = {"rows": len(rows), **agreement(gone, wrong)}
    low, high = metrics.bootstrap(lambda at: agreement(gone[at], wrong[at])["balanced"], len(rows))
    scores["balanced, 95 %"] = f"{low:.3f}-{high:.3f}"
    answers = zip(rows, gone.tolist(), strict=True)
    return {str(rows[0].get("source", "-")): scores}, [
        {"id": row["id"], "dropped": own} for row, own in answers
    ]


def _is_dropped(row: Row, in_evidence: float) -> bool:
    candidate = str(row["candidate"])
    body = Body(_spans(str(row["article"])), in_evidence)
    return not all(body.evidence(own.text) for own in _spans(candidate))


def _spans(text: str) -> list[Span]:
    return [
        Span(text=text[own.start : own.end], start=own.start, end=own.end)
        for own in split_sentences(text)
    ]


def _table(lines: Iterable[tuple[str, dict[str, float]]]) -> None:
    _say("| |" + " | ".join(MEASURES) + " |")
    _say("|---|" + "---|" * len(MEASURES))
    for name, scores in lines:
        _say(f"| {name} | " + " | ".join(f"{scores[own]:.3f}" for own in MEASURES) + " |")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA / FILE)
    parser.add_argument("--sweep", action="store_true")
    options = parser.parse_args()
    if not options.data.is_file():
        sys.stderr.write(f"skipped: {options.data} is missing\n")
        return
    rows = list(read_rows(options.data))
    if not rows or "candidate_has_error" not in rows[0]:
        raise ConfigError(f"{options.data} has no verdicts (candidate_has_error)")
    parts: dict[str, list[Row]] = {}
    for row in rows:
        parts.setdefault(str(row.get("split")), []).append(row)
    if options.sweep:
        train = parts["train"]
        wrong = np.array([bool(row["candidate_has_error"]) for row in train])
        _table(
            (f"{limit:.1f}", agreement(dropped(train, limit), wrong))
            for limit in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
        )
        return
    for part, own in parts.items():
        wrong = np.array([bool(row["candidate_has_error"]) for row in own])
        gone = dropped(own)
        low, high = metrics.bootstrap(
            lambda at, gone=gone, wrong=wrong: agreement(gone[at], wrong[at])["balanced"], len(own)
        )
        _say(f"{part}: {len(own)} rows, balanced accuracy {low:.3f} to {high:.3f} (95 %)")
        _table(
            [
                ("drop what isn't supported", agreement(gone, wrong)),
                ("drop everything", agreement(np.ones_like(wrong), wrong)),
            ]
        )


if __name__ == "__main__":
    main()
