"""Train the stance head and export it.

    python -m training.train_stance [--data DIR] [--models DIR] [--fresh]

Resumes from the last checkpoint under ``.cache/training/``; ``--fresh`` begins again. One epoch
takes some 8 minutes on one core with bfloat16. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from newswire.config import ROOT
from training import metrics
from training.corpora import LABELS, StanceRow
from training.export_encoder import MIDDLE, load
from training.export_head import export_stance
from training.features import Features, features
from training.mixture import SEED, STAGES, Stage
from training.paths import CACHE, CORPORA
from training.stance_head import StanceHead

log = logging.getLogger(__name__)

BATCH = 32
WARM_UP = 0.06
SMOOTHING = 0.05
CHECKPOINT_EVERY = 200
LONGEST_TEXT = 128
"""Tokens of a text in training; half of VAST is longer, and loses little."""


@dataclass(frozen=True)
class Data:
    """Rows and the states of their texts and targets."""

    rows: list[StanceRow]
    states: Features

    def batch(self, numbers: Sequence[int], longest: int = 192) -> tuple[Tensor, Tensor, Tensor]:
        """``states [B, T, 384]``, ``kinds [B, T]``, ``labels [B]`` of some rows."""
        pairs = [
            (self.states[self.rows[n].target], self.states[self.rows[n].text][:longest])
            for n in numbers
        ]
        width = max(len(target) + len(text) for target, text in pairs)
        states = np.zeros((len(pairs), width, pairs[0][0].shape[1]), np.float32)
        kinds = np.zeros((len(pairs), width), np.int64)
        for row, (target, text) in enumerate(pairs):
            middle, end = len(target), len(target) + len(text)
            states[row, :middle], states[row, middle:end] = target, text
            kinds[row, :middle], kinds[row, middle:end] = 1, 2
        labels = [self.rows[number].label for number in numbers]
        return torch.from_numpy(states), torch.from_numpy(kinds), torch.tensor(labels)

    def length(self, number: int) -> int:
        """Tokens of a row."""
        row = self.rows[number]
        return self.states.length(row.target) + self.states.length(row.text)


def batches(data: Data, epoch: int) -> list[list[int]]:
    """A shuffled epoch, sorted by length inside chunks so that little is padding."""
    chance = random.Random(SEED + epoch)
    order = list(range(len(data.rows)))
    chance.shuffle(order)
    out: list[list[int]] = []
    for start in range(0, len(order), BATCH * 50):
        chunk = sorted(order[start : start + BATCH * 50], key=data.length)
        out += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
    chance.shuffle(out)
    return out


@torch.no_grad()
def logits_of(head: StanceHead, data: Data) -> np.ndarray:
    """Logits ``[rows, 3]`` of every row."""
    head.eval()
    order = sorted(range(len(data.rows)), key=data.length)
    out = np.zeros((len(order), len(LABELS)), np.float32)
    for start in range(0, len(order), 64):
        numbers = order[start : start + 64]
        states, kinds, _ = data.batch(numbers)
        with torch.autocast("cpu", torch.bfloat16):
            out[numbers] = head(states, kinds).float().numpy()
    return out


def score(data: Data, logits: np.ndarray) -> dict[str, float]:
    """Macro-F1 of each corpus over the labels that it has, and their mean."""
    out = {}
    for source in sorted({row.source for row in data.rows}):
        at = [n for n, row in enumerate(data.rows) if row.source == source]
        gold = np.array([data.rows[n].label for n in at])
        allowed = metrics.allowed(source)
        out[source] = metrics.macro_f1(gold, metrics.choose(logits[at], allowed), allowed)
    return out | {"mean": float(np.mean(list(out.values())))}


def steps(data: Data, epochs: int, begin: int) -> Iterator[tuple[int, list[int]]]:
    """``(step, rows)`` from step ``begin`` on: the same sequence however often resumed."""
    step = 0
    for epoch in range(epochs):
        for numbers in batches(data, epoch):
            if step >= begin:
                yield step, numbers
            step += 1


def train(head: StanceHead, train_data: Data, dev: Data, stage: Stage, fresh: bool) -> None:
    """Fit ``head``, and leave it at the epoch that did best on the development part."""
    last, best = (CACHE / f"stance-{stage.name}-{which}.pt" for which in ("last", "best"))
    epochs = stage.epochs
    slow = [p for name, p in head.named_parameters() if name.startswith("layers.")]
    fast = [p for name, p in head.named_parameters() if not name.startswith("layers.")]
    optimizer = torch.optim.AdamW(
        [{"params": slow, "lr": stage.rate}, {"params": fast, "lr": stage.head_rate}],
        weight_decay=0.01,
    )
    an_epoch = len(batches(train_data, 0))
    total = epochs * an_epoch

    def rate(step: int) -> float:
        return min((step + 1) / (WARM_UP * total), max(0.0, (total - step) / total))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    begin, best_score = 0, 0.0
    if last.exists() and not fresh:
        saved = torch.load(last, weights_only=True)
        head.load_state_dict(saved["head"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        begin, best_score = saved["step"], saved["best"]
        log.info("resumed at step %d", begin)
    criterion = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    since, losses = time.monotonic(), []
    for step, numbers in steps(train_data, epochs, begin):
        head.train()
        states, kinds, labels = train_data.batch(numbers, LONGEST_TEXT)
        torch.manual_seed(SEED + step)
        with torch.autocast("cpu", torch.bfloat16):
            loss = criterion(head(states, kinds).float(), labels)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
        done = step + 1
        if done % 100 == 0:
            log.info(
                "step %d of %d, loss %.3f, %.0f s",
                done,
                total,
                np.mean(losses[-100:]),
                time.monotonic() - since,
            )
        if done % an_epoch == 0:
            scores = score(dev, logits_of(head, dev))
            log.info("epoch %d: %s", done // an_epoch, {k: round(v, 4) for k, v in scores.items()})
            if scores["mean"] > best_score:
                best_score = scores["mean"]
                torch.save(head.state_dict(), best)
        if done % CHECKPOINT_EVERY == 0 or done % an_epoch == 0:
            torch.save(
                {
                    "head": head.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "schedule": schedule.state_dict(),
                    "step": done,
                    "best": best_score,
                },
                last.with_suffix(".part"),
            )
            shutil.move(last.with_suffix(".part"), last)
    head.load_state_dict(torch.load(best, weights_only=True))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--fresh", action="store_true", help="ignore the last checkpoint")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    np.random.seed(SEED)

    encoder, shape, _ = load()
    head = StanceHead(shape, shape.num_hidden_layers - MIDDLE)
    for own, theirs in zip(head.layers, list(encoder.layers)[MIDDLE:], strict=True):
        own.load_state_dict(theirs.state_dict())
    for stage in STAGES:
        finished = CACHE / f"stance-{stage.name}-finished.pt"
        if finished.exists() and stage is not STAGES[-1] and not options.fresh:
            head.load_state_dict(torch.load(finished, weights_only=True))
            continue
        rows = stage.rows(options.data)
        states = features(
            f"stance-{stage.name}",
            [text for row in rows for text in (row.text, row.target)],
            options.models,
        )
        train_data = Data([row for row in rows if row.part == "train"], states)
        dev = Data([row for row in rows if row.part == "dev"], states)
        log.info("%s: %d rows, %d to select by", stage.name, len(train_data.rows), len(dev.rows))
        train(head, train_data, dev, stage, options.fresh)
        torch.save(head.state_dict(), finished)
    logits = logits_of(head, dev)
    allowed = [metrics.allowed(row.source) for row in dev.rows]
    temperature = metrics.fit_temperature(logits, [row.label or 0 for row in dev.rows], allowed)
    log.info("temperature %.3f; %s", temperature, score(dev, logits))
    export_stance(head, temperature, options.models / "stance")


if __name__ == "__main__":
    main()
