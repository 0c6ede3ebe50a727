"""Train the stance cross-encoder.

    python -m training.train_stance [--data DIR] [--further DRAW [--begin WEIGHTS]] [--fresh]

Resumes from the last checkpoint under ``.cache/training/``; ``--fresh`` begins again. Needs the
extra ``train``.
"""

from __future__ import annotations

import argparse
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from newswire.config import ROOT
from training.bases import bge_small
from training.bge_layers import STEM
from training.cross_encoder import BATCH, CrossEncoder, Pairs
from training.fitting import Fit, freeze, prepare
from training.negatives import unrelated
from training.passes import SEED, train
from training.paths import CORPORA
from training.questions import FILES, KIND_OF, LABELS, Row, read_questions
from training.shipped import begin_stance
from training.taught import claims, climate, names

log = logging.getLogger(__name__)

DRAWS = 3
"""Times that the mixture is drawn anew and seen once."""
RATE = 1e-4
HEAD_RATE = 5e-4
FURTHER = 0.7
"""Of the rates, for a model that has learnt already."""

SHARES = {
    ("DirectedSentiment", "neutral"): 8000,
    ("VAST", "favor"): 3600,
    ("VAST", "against"): 3800,
    ("VAST", "unrelated"): 1400,
    ("FNC-1", "neutral"): 1000,
    ("FNC-1", "favor"): 800,
    ("FNC-1", "unrelated"): 1000,
}
"""Rows of a draw where a corpus has more of a label than it pays to see at once."""

TIMES = {"GWSD": 3, "IBM-ClaimStance": 2, "Emergent": 2, "PerSenT": 2}
"""Corpora so small that a draw sees them more than once."""

UNRELATED = {"claim": 1200, "topic": 400, "headline": 300}
"""Pairs of :mod:`training.negatives`: without them, a model that has seen only arguments takes a
side on every claim."""


def draw(rows: Sequence[Row], number: int) -> list[Row]:
    """What one pass sees of the training rows."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        assert row.label is not None
        groups.setdefault((row.source, LABELS[row.label]), []).append(row)
    out: list[Row] = []
    for key, own in sorted(groups.items()):
        most = SHARES.get(key, len(own))
        # Without replacement from one draw to the next, as long as there are others.
        order = random.Random(SEED).sample(range(len(own)), len(own))
        out += [
            own[order[(number * most + at) % len(own)]] for at in range(min(most, len(own)))
        ] * (TIMES.get(key[0], 1))
    return [*out, *unrelated(rows, UNRELATED, SEED + number)]


def labelled(data: Path) -> list[Row]:
    """The labelled rows of the training and development parts."""
    return [
        row
        for file in FILES
        for row in read_questions(data / f"{file}.jsonl.gz")
        if row.part is not None and row.label is not None
    ]


def selection(rows: Sequence[Row], most: int = 800) -> list[Row]:
    """Of the development part, at most so many rows of a corpus."""
    out: list[Row] = []
    for source in sorted({row.source for row in rows}):
        own = [row for row in rows if row.part == "dev" and row.source == source]
        out += random.Random(SEED).sample(own, min(most, len(own)))
    return out


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--name", default="stance")
    parser.add_argument("--steps", type=int, help="end the schedule there, not after all draws")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument(
        "--further",
        type=int,
        metavar="DRAW",
        help="begin from the stance model that ships, with the draw of this number (0: the first)",
    )
    parser.add_argument(
        "--begin", type=Path, metavar="WEIGHTS", help="with --further: a file of a pass, instead"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=KIND_OF,
        default=list(KIND_OF),
        metavar="SOURCE",
        help="of each draw the rows of these corpora alone, as GWSD",
    )
    parser.add_argument("--fresh", action="store_true", help="ignore the last checkpoint")
    options = parser.parse_args()
    prepare(options.threads, SEED)
    encoder, tokens = bge_small()
    freeze(encoder, STEM)
    tokenizer = Tokenizer.from_file(str(tokens))
    tokenizer.no_padding()
    rows = labelled(options.data)
    for teacher in (names, climate, claims):
        rows = list(teacher.taught(rows, options.data))
    dev = Pairs(selection(rows), tokenizer, 192)
    training = [row for row in rows if row.part == "train"]

    def drawn(number: int) -> list[Row]:
        return [row for row in draw(training, number) if row.source in options.only]

    log.info(
        "%d rows, %d of them a draw, %d to select by",
        len(training),
        len(drawn(0)),
        len(dev.rows),
    )
    a_draw = -(-len(drawn(0)) // BATCH)
    most = min(options.steps or a_draw * DRAWS, a_draw * DRAWS)
    model = CrossEncoder(encoder)
    if options.begin:
        model.load_state_dict(torch.load(options.begin, weights_only=True))
    elif options.further is not None:
        begin_stance(options.models / "stance", model)
    share = 1.0 if options.further is None else FURTHER
    rates = [
        (model.encoder.parameters(), RATE * share),
        (model.classify.parameters(), HEAD_RATE * share),
    ]
    fit = Fit(model, rates, most, options.name, options.fresh)
    first = options.further or 0
    passes = ((n, Pairs(drawn(n), tokenizer)) for n in range(first, first + DRAWS))
    train(model, passes, dev, fit, options.name)


if __name__ == "__main__":
    main()
