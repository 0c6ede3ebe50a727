"""Passes of a cross-encoder over pairs: batches, checkpoints, and scores after each pass."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
import torch
from torch import nn

from training import metrics
from training.cross_encoder import CrossEncoder, Pairs, predict
from training.fitting import Fit, keep
from training.questions import Row, allowed, folded, gold_of

log = logging.getLogger(__name__)

SEED = 20260101
CHECKPOINT_EVERY = 100


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
    passes: Iterable[tuple[int, Pairs]], begin: int, end: int
) -> Iterator[tuple[int, int, Pairs, list[int]]]:
    """``(step, pass, pairs, rows)`` from ``begin`` to ``end``: the same however often resumed."""
    step = 0
    for number, pairs in passes:
        for numbers in pairs.batches(SEED + number):
            if begin <= step < end:
                yield step, number, pairs, numbers
            step += 1


def train(
    model: CrossEncoder, passes: Iterable[tuple[int, Pairs]], dev: Pairs, fit: Fit, name: str
) -> None:
    """Fit ``model``; a checkpoint after every :data:`CHECKPOINT_EVERY` steps.

    Args:
        model: What is fitted.
        passes: The number of each pass, and what it sees.
        dev: What it is scored on after each.
        fit: The steps, from where the last checkpoint ends.
        name: Of the weights that are kept after each pass.
    """
    since, losses, seen = time.monotonic(), [], 0
    todo = steps(passes, fit.done, fit.steps)
    for number, own in groupby(todo, key=lambda step: step[1]):
        for step, _, pairs, numbers in own:
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
                log.info("step %d/%d loss %.3f, %.0f tokens/s", fit.done, fit.steps, mean, speed)
            if fit.done % CHECKPOINT_EVERY == 0 or fit.done == fit.steps:
                fit.save()
        scores = score(dev.rows, predict(model, dev))
        log.info("pass %d: %s", number, {k: round(v, 4) for k, v in scores.items()})
        keep(model, f"{name}-pass{number}")
