"""The stance cross-encoder: an encoder over question and passage, and a classifier by kind."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import PreTrainedModel

from newswire.enrichment.question import KINDS
from training.fitting import batches_by_length
from training.questions import LABELS, Row, allowed
from training.watched import watched

BATCH = 16
SMOOTHING = 0.05
LONGEST = 144
"""Tokens of a pair in training."""


class CrossEncoder(nn.Module):
    """Logits ``[B, labels]`` from the state of ``[CLS]``, by the classifier of the kind asked."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.classify = nn.Linear(encoder.config.hidden_size, len(KINDS) * len(LABELS))

    def forward(self, tokens: Tensor, mask: Tensor, segments: Tensor, kinds: Tensor) -> Tensor:
        """``tokens``, ``mask`` and ``segments`` are ``[B, T]``, ``kinds`` ``[B]``."""
        # MPNet tells question and passage apart by what stands between them alone.
        apart = (
            {"token_type_ids": segments} if hasattr(self.encoder.config, "type_vocab_size") else {}
        )
        states = self.encoder(input_ids=tokens, attention_mask=mask, **apart).last_hidden_state
        every = self.classify(self.dropout(states[:, 0])).unflatten(-1, (len(KINDS), len(LABELS)))
        out: Tensor = every[torch.arange(len(kinds)), kinds]
        return out


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
            assert row.label is not None
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
    for start in watched(range(0, len(order), 32), f"{len(order)} pairs"):
        numbers = order[start : start + 32]
        with torch.autocast("cpu", torch.bfloat16):
            out[numbers] = model(*pairs.inputs(numbers)).float().numpy()
    return out
