"""What each stage of the stance training sees, and what it is selected by."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from training.corpora import LABELS, NEWS, TRAINED, StanceRow, stance_rows

SEED = 20230101

NEUTRAL = LABELS.index("neutral")

OFF_TOPIC = 3000
"""Rows of a claim with a sentence that was said of another claim. Perspectrum and IBM claims have
no neutral rows of their own, so a model that has seen only them takes a side on every claim."""

SHARES = {
    "VAST": 4000,
    "NewsMTSC": 5000,
    "Perspectrum": 5000,
    "FNC-1": 5000,
    "DirectedSentiment": 7000,
}
"""Rows that the second stage draws of a corpus; of the others it takes all."""

RARE = {"FNC-1", "DirectedSentiment"}
"""Corpora that are mostly neutral: of these the other labels are drawn first."""


@dataclass(frozen=True)
class Stage:
    """A part of the training, with its own rate of learning."""

    name: str
    epochs: int
    rate: float
    """Of the layers that begin from the encoder's; the parts that begin from nothing take more."""
    head_rate: float
    rows: Callable[[Path], list[StanceRow]]


def labelled(data: Path, files: Sequence[str]) -> list[StanceRow]:
    """The rows of the training and development parts that have a label."""
    rows = [row for file in files for row in stance_rows(data / file)]
    return [row for row in rows if row.part is not None and row.label is not None]


def narrow(data: Path) -> list[StanceRow]:
    """The six corpora of stance toward a target."""
    return labelled(data, list(TRAINED.values()))


def broad(data: Path, draw: int = 0) -> list[StanceRow]:
    """Those, drawn evenly, with news that reports stances and takes none.

    Another ``draw`` takes other rows of the larger corpora; the development rows stay the same.
    """
    rows = labelled(data, [*TRAINED.values(), *NEWS.values()])
    out = [row for row in rows if row.part == "dev" and row.source not in NEWS]
    for source in sorted({row.source for row in rows}):
        for part, most in (("train", SHARES.get(source)), ("dev", 1000)):
            if part == "dev" and source not in NEWS:
                continue
            own = [row for row in rows if row.source == source and row.part == part]
            chance = random.Random(SEED if part == "dev" else SEED + draw)
            chance.shuffle(own)
            if part == "train" and source in RARE:
                own.sort(key=lambda row: row.label == NEUTRAL)
            out += own[:most]
    return out + off_topic(rows, random.Random(SEED + draw))


def off_topic(rows: Sequence[StanceRow], chance: random.Random) -> list[StanceRow]:
    """Claims of the training part, each with a sentence said of another: neutral."""
    claims = [
        row
        for row in rows
        if row.part == "train" and row.source in ("Perspectrum", "IBM-ClaimStance")
    ]
    pairs = [(chance.choice(claims), chance.choice(claims)) for _ in range(OFF_TOPIC)]
    return [
        replace(one, id=f"{one.id}-off-topic", text=other.text, label=NEUTRAL)
        for one, other in pairs
        if one.target != other.target
    ]


STAGES = (
    Stage("narrow", 4, 1.5e-4, 5e-4, narrow),
    Stage("broad", 1, 1e-4, 1e-4, broad),
    Stage("broad-again", 1, 1e-4, 1e-4, partial(broad, draw=1)),
)
