"""Train the stance cross-encoder.

    python -m training.train_stance [--data DIR] [--further] [--fresh]

Resumes from the last checkpoint under ``.cache/training/``; ``--fresh`` begins again. Needs the
extra ``train``.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from newswire.config import ROOT
from newswire.enrichment.question import KINDS
from training import metrics
from training.bases import bge_small
from training.bge_layers import STEM
from training.cross_encoder import CrossEncoder
from training.fitting import Fit, batches_by_length, freeze, keep
from training.negatives import unrelated
from training.paths import CORPORA
from training.questions import FILES, LABELS, Row, allowed, folded, gold_of, read_questions
from training.shipped_stance import begin_from

log = logging.getLogger(__name__)

SEED = 20260101
BATCH = 16
DRAWS = 3
"""Times that the mixture is drawn anew and seen once."""
RATE = 1e-4
HEAD_RATE = 5e-4
FURTHER = 0.7
"""Of the rates, for a model that has learnt already."""
SMOOTHING = 0.05
LONGEST = 144
"""Tokens of a pair in training."""
CHECKPOINT_EVERY = 100

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

TIMES = {"GWSD": 2, "IBM-ClaimStance": 2}
"""Corpora so small that a draw sees them more than once."""

UNRELATED = {"claim": 1200, "topic": 400}
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


@dataclass(frozen=True)
class Pairs:
    """Rows and the tokens of their pairs."""

    rows: Sequence[Row]
    tokenizer: Tokenizer
    longest: int = LONGEST

    @cached_property
    def tokens(self) -> list[tuple[list[int], list[int]]]:
        """Of each row: ids and segments."""
        self.tokenizer.enable_truncation(self.longest, strategy="only_second")
        encoded = []
        for row in self.rows:
            asked, text = row.question.pair
            encoded.append(self.tokenizer.encode(asked[:400], text))
        return [(own.ids, own.type_ids) for own in encoded]

    def batches(self, seed: int, size: int = BATCH) -> list[list[int]]:
        """Shuffled, and sorted by length inside chunks so that little is padding."""
        chance = random.Random(seed)
        order = list(range(len(self.rows)))
        chance.shuffle(order)
        return batches_by_length(order, lambda n: len(self.tokens[n][0]), size, 50, chance)

    def inputs(self, numbers: Sequence[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """What :class:`CrossEncoder` takes."""
        width = max(len(self.tokens[n][0]) for n in numbers)
        ids, mask, segments = (torch.zeros(len(numbers), width, dtype=torch.long) for _ in range(3))
        for at, n in enumerate(numbers):
            own, kinds = self.tokens[n]
            ids[at, : len(own)] = torch.tensor(own)
            segments[at, : len(own)] = torch.tensor(kinds)
            mask[at, : len(own)] = 1
        kind = torch.tensor([KINDS.index(self.rows[n].question.kind) for n in numbers])
        return ids, mask, segments, kind

    def wanted(self, numbers: Sequence[int]) -> Tensor:
        """The distributions to learn, ``[B, labels]``, smoothed over the labels of the corpus."""
        out = torch.zeros(len(numbers), len(LABELS))
        for at, n in enumerate(numbers):
            row = self.rows[n]
            own = sorted({*allowed(row.source), row.label})
            if row.chances is not None:
                out[at] = torch.tensor(row.chances)
            else:
                out[at, row.label] = 1.0
            out[at] *= 1 - SMOOTHING
            out[at, own] += SMOOTHING / len(own)
        return out


@torch.no_grad()
def predict(model: CrossEncoder, pairs: Pairs) -> np.ndarray:
    """Logits ``[rows, labels]``."""
    model.eval()
    order = sorted(range(len(pairs.rows)), key=lambda n: len(pairs.tokens[n][0]))
    out = np.zeros((len(order), len(LABELS)), np.float32)
    for start in range(0, len(order), 32):
        numbers = order[start : start + 32]
        with torch.autocast("cpu", torch.bfloat16):
            out[numbers] = model(*pairs.inputs(numbers)).float().numpy()
    return out


def score(rows: Sequence[Row], logits: np.ndarray) -> dict[str, float]:
    """Macro-F1 of each corpus over the labels that it has, and their mean."""
    out = {}
    for source in sorted({row.source for row in rows}):
        at = [n for n, row in enumerate(rows) if row.source == source]
        gold = np.array([gold_of(rows[n]) for n in at])
        own = allowed(source)
        chosen = folded(metrics.softmax(logits[at]), source).argmax(1)
        out[source] = metrics.macro_f1(gold, chosen, own)
    return out | {"mean": float(np.mean(list(out.values())))}


def steps(
    rows: Sequence[Row], tokenizer: Tokenizer, first: int, begin: int, end: int
) -> Iterator[tuple[int, int, Pairs, list[int]]]:
    """``(step, draw, pairs, rows)`` from ``begin`` to ``end``: the same however often resumed."""
    step = 0
    for number in range(first, first + DRAWS):
        pairs = Pairs(draw(rows, number), tokenizer)
        for numbers in pairs.batches(SEED + number):
            if begin <= step < end:
                yield step, number, pairs, numbers
            step += 1


def train(
    model: CrossEncoder,
    rows: Sequence[Row],
    dev: Pairs,
    fit: Fit,
    first: int,
    name: str,
) -> None:
    """Fit ``model`` from draw ``first`` on; a checkpoint after every :data:`CHECKPOINT_EVERY`."""
    most = fit.steps
    since, losses, seen, current = time.monotonic(), [], 0, None

    def report(number: int) -> None:
        scores = score(dev.rows, predict(model, dev))
        log.info("draw %d: %s", number, {k: round(v, 4) for k, v in scores.items()})
        keep(model, f"{name}-draw{number}")

    for step, number, pairs, numbers in steps(rows, dev.tokenizer, first, fit.done, most):
        if current is not None and number != current:
            report(current)
        current = number
        model.train()
        torch.manual_seed(SEED + step)
        inputs = pairs.inputs(numbers)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(*inputs).float()
        loss = nn.functional.cross_entropy(logits, pairs.wanted(numbers))
        fit.step(loss)
        losses.append(loss.item())
        seen += inputs[0].numel()
        if fit.done % 50 == 0:
            speed = seen / (time.monotonic() - since)
            mean = np.mean(losses[-100:])
            log.info("step %d/%d loss %.3f, %.0f tokens/s", fit.done, most, mean, speed)
        if fit.done % CHECKPOINT_EVERY == 0 or fit.done == most:
            fit.save()
    report(current or 0)


def rows_of(data: Path) -> list[Row]:
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
        action="store_true",
        help="begin from the stance model that ships, with the second draw",
    )
    parser.add_argument("--fresh", action="store_true", help="ignore the last checkpoint")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    encoder, tokens = bge_small()
    freeze(encoder, STEM)
    tokenizer = Tokenizer.from_file(str(tokens))
    tokenizer.no_padding()
    rows = rows_of(options.data)
    dev = Pairs(selection(rows), tokenizer, 192)
    training = [row for row in rows if row.part == "train"]
    log.info(
        "%d rows, %d of them a draw, %d to select by",
        len(training),
        len(draw(training, 0)),
        len(dev.rows),
    )
    a_draw = -(-len(draw(training, 0)) // BATCH)
    most = min(options.steps or a_draw * DRAWS, a_draw * DRAWS)
    model = CrossEncoder(encoder)
    if options.further:
        begin_from(options.models / "stance", model)
    share = FURTHER if options.further else 1.0
    rates = [
        (model.encoder.parameters(), RATE * share),
        (model.classify.parameters(), HEAD_RATE * share),
    ]
    fit = Fit(model, rates, most, options.name, options.fresh)
    train(model, training, dev, fit, int(options.further), options.name)


if __name__ == "__main__":
    main()
