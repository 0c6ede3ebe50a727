"""The reader: one pass over a window of a story for its quotes, their parts, and its names."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from newswire.enrichment.quotes.attributions import ROLES, TAGS
from newswire.enrichment.quotes.casing import Case
from newswire.enrichment.quotes.entities import TAGS as NAMES

PAIR = 128
"""Length of the vectors in which a cue and a token are compared."""

FARTHEST = 32
"""Buckets of the distance from a cue, each way."""


def distances(tokens: Tensor, cues: Tensor) -> Tensor:
    """Buckets of ``tokens - cues``, ``[C, T]``: exact when near, coarser when far."""
    gap = tokens[None, :] - cues[:, None]
    size = gap.abs()
    far = 16 + (torch.log2(size.clamp(min=16).float() / 16) * 5).long()
    bucket = torch.where(size < 16, size, far).clamp(max=FARTHEST - 1)
    return torch.where(gap < 0, bucket, bucket + FARTHEST)


class Reader(nn.Module):
    """Heads over the states of an encoder."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        size = encoder.config.hidden_size
        self.encoder = encoder
        self.cases = nn.Embedding(len(Case), size)
        self.dropout = nn.Dropout(0.1)
        self.tag = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Linear(size, len(TAGS)))
        self.name = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Linear(size, len(NAMES)))
        self.cue = nn.Linear(size, PAIR)
        self.token = nn.Linear(size, PAIR)
        self.distance = nn.Embedding(2 * FARTHEST, PAIR)
        self.role = nn.Linear(PAIR, len(ROLES))

    def states(self, tokens: Tensor, mask: Tensor, cases: Tensor) -> Tensor:
        """``[B, T, size]``; all inputs are ``[B, T]``."""
        states = self.encoder(input_ids=tokens, attention_mask=mask).last_hidden_state
        out: Tensor = self.dropout(states + self.cases(cases))
        return out

    def roles(self, states: Tensor, cues: Tensor) -> Tensor:
        """``states`` ``[T, size]`` of one window, ``cues`` ``[C]`` positions; ``[C, T, roles]``."""
        at = torch.arange(states.shape[0])
        pair = (
            self.cue(states)[cues][:, None]
            + self.token(states)[None]
            + self.distance(distances(at, cues))
        )
        out: Tensor = self.role(nn.functional.gelu(pair))
        return out
