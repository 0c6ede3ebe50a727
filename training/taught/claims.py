"""What a teacher says of claims: of others' arguments on them, and of others' headlines.

Perspectrum, IBM's claims and Emergent have few rows, which the teacher has seen. Without labels are
arguments that were made on a claim of nearly the same subject, and the headlines of two outlets on
one of Emergent's claims, each asked of the other's: what ``newswire claim`` asks of stories.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from newswire.config import ROOT
from newswire.enrichment.question import Question
from newswire.enrichment.shipped import Shipped
from training.questions import Row
from training.taught.answers import Key, with_answers

FILE = Path(__file__).with_name("claims.jsonl.gz")
HEADLINES = "Emergent"
SOURCES = ("Perspectrum", "IBM-ClaimStance", HEADLINES)

NEAR = 0.6
"""Cosine of two claims of nearly the same subject, in the mean of the shared encoder's states."""
MOST = 1600
"""Pairs of headlines: as many as Emergent has rows to learn from."""

Vectors = Callable[[Sequence[str]], np.ndarray]
"""Texts to ``[texts, dimension]``, each of unit length."""


def arguments(rows: Iterable[Row], vectors: Vectors) -> list[Key]:
    """Every argument on a claim beside each that is near to it: ids of rows that have these."""
    on: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.question.kind == "claim":
            on[row.question.target].append(row.id)
    claims = sorted(on)
    every = vectors(claims)
    near = every @ every.T >= NEAR
    np.fill_diagonal(near, False)
    return [
        {"claim": on[claims[one]][0], "argument": argument}
        for one, other in np.argwhere(near)
        for argument in on[claims[other]]
    ]


def headlines(rows: Iterable[Row], most: int) -> list[Key]:
    """Two headlines of one claim, drawn by chance: ids of their rows."""
    of_claim: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        if row.source == HEADLINES:
            of_claim[row.question.target].setdefault(row.question.text.casefold(), row.id)
    every: list[Key] = [
        {"headline": one, "other": other}
        for ids in of_claim.values()
        for one in ids.values()
        for other in ids.values()
        if one != other
    ]
    return random.Random(most).sample(every, min(most, len(every)))


def row_of(key: Key, known: Mapping[str, Row]) -> Row:
    """The question whether an argument backs a claim, or a headline what another says."""
    if "claim" in key:
        asked, told = known[str(key["claim"])], known[str(key["argument"])]
        question = Question("claim", told.question.text, asked.question.target)
    else:
        asked, told = known[str(key["headline"])], known[str(key["other"])]
        question = Question("headline", told.question.text, asked.question.text)
    return Row(f"{told.id}:{asked.id}", asked.source, question, None, "train")


def _known(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.id: row for row in rows if row.source in SOURCES and row.part == "train"}


def _vectors(texts: Sequence[str]) -> np.ndarray:
    encoder = Shipped.load(ROOT / "models", 1).encoder
    return np.array([piece.vector for (piece,) in encoder.encode([[text] for text in texts])])


def unlabelled(rows: Sequence[Row], data: Path) -> list[tuple[Key, Row]]:
    """What else the teacher is asked, beside the ``rows`` of its corpora."""
    known = _known(rows)
    keys = arguments(known.values(), _vectors) + headlines(known.values(), MOST)
    return [(key, row_of(key, known)) for key in keys]


def taught(rows: Sequence[Row], data: Path, file: Path = FILE) -> Iterator[Row]:
    """As :func:`training.taught.answers.with_answers`; ``data`` is the folder of the corpora."""
    known = _known(rows)
    return with_answers(rows, SOURCES, file, lambda key: row_of(key, known))
