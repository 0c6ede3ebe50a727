"""What every training does beside its own: steps with a schedule, and checkpoints that resume."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from training.paths import CACHE

log = logging.getLogger(__name__)

WARM_UP = 0.05
"""Of the steps: the rate rises in these, and falls to nothing in the others."""


Item = TypeVar("Item")


def batches_by_length(
    items: Sequence[Item], length: Callable[[Item], int], size: int, at_once: int, seed: Random
) -> list[list[Item]]:
    """Batches of items of like length, in any order: little is padding, and twice the speed.

    Args:
        items: Shuffled already.
        length: Tokens of an item.
        size: Items of a batch.
        at_once: Batches that are sorted together.
        seed: What shuffles the batches.
    """
    out: list[list[Item]] = []
    for start in range(0, len(items), size * at_once):
        chunk = sorted(items[start : start + size * at_once], key=length)
        out += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    seed.shuffle(out)
    return out


def prepare(threads: int, seed: int) -> None:
    """What every training's command begins with: a log with the time, its threads, its seed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(threads)
    torch.manual_seed(seed)


def freeze(encoder: PreTrainedModel, layers: int) -> None:
    """Leave the embeddings and the lowest layers as they are: a sixth of the time, and no score."""
    encoder.embeddings.requires_grad_(False)
    for layer in encoder.encoder.layer[:layers]:
        layer.requires_grad_(False)


class Fit:
    """AdamW over a model, from where the last checkpoint under ``.cache/training/`` ends."""

    def __init__(
        self,
        model: nn.Module,
        rates: Iterable[tuple[Iterable[nn.Parameter], float]],
        steps: int,
        name: str,
        fresh: bool = False,
    ) -> None:
        """Begin, or resume.

        Args:
            model: What is fitted.
            rates: Parameters, each group with its highest rate; frozen ones are passed by.
            steps: After how many the rate is nothing.
            name: Of the checkpoint.
            fresh: Whether to begin again.
        """
        self.model = model
        self.steps = steps
        self.done = 0
        """Steps that were made."""
        self._file = CACHE / f"{name}-last.pt"
        groups = [
            {"params": [own for own in parameters if own.requires_grad], "lr": rate}
            for parameters, rate in rates
        ]
        self._optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(self._optimizer, self._rate)
        if self._file.exists() and not fresh:
            saved = torch.load(self._file, weights_only=True)
            model.load_state_dict(saved["model"])
            self._optimizer.load_state_dict(saved["optimizer"])
            self._schedule.load_state_dict(saved["schedule"])
            self.done = saved["step"]
            log.info("resumed at step %d", self.done)

    def _rate(self, step: int) -> float:
        return min((step + 1) / (WARM_UP * self.steps), max(0.0, 1 - step / self.steps))

    def step(self, loss: Tensor) -> None:
        """One step down the slope of ``loss``."""
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self._schedule.step()
        self.done += 1

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        CACHE.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        torch.save(
            {
                "model": self.model.state_dict(),
                "optimizer": self._optimizer.state_dict(),
                "schedule": self._schedule.state_dict(),
                "step": self.done,
            },
            part,
        )
        part.replace(self._file)


def keep(model: nn.Module, name: str) -> Path:
    """Write the weights alone, as they are after a pass."""
    file = CACHE / f"{name}.pt"
    torch.save(model.state_dict(), file)
    return file
