"""The summary head in torch: a small transformer over the sentence vectors of one story."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.bert import MASKED, Layer, Shape

FACTS = 6
"""See :func:`newswire.enrichment.summary.features`."""

_SHAPE = Shape(
    vocab_size=0,
    hidden_size=128,
    intermediate_size=256,
    num_attention_heads=4,
    num_hidden_layers=2,
    max_position_embeddings=0,
    layer_norm_eps=1e-6,
)


class SummaryHead(nn.Module):
    """``[B, S, 384]`` vectors and ``[B, S, FACTS]`` facts to ``[B, S]`` logits."""

    def __init__(self, dimension: int, dropout: float = 0.2) -> None:
        super().__init__()
        size = _SHAPE.hidden_size
        self.vectors = nn.Linear(dimension, size)
        self.facts = nn.Sequential(nn.Linear(FACTS, 64), nn.GELU(), nn.Linear(64, size))
        self.norm = nn.LayerNorm(size)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(_SHAPE, dropout) for _ in range(_SHAPE.num_hidden_layers))
        self.out = nn.Linear(size, 1)

    def forward(self, vectors: Tensor, facts: Tensor, padding: Tensor) -> Tensor:
        """``padding`` ``[B, S]`` is true where there is no sentence."""
        # Vectors are of unit length: without the factor the facts drown them.
        states = self.vectors(self.dropout(vectors * vectors.shape[-1] ** 0.5)) + self.facts(facts)
        states = self.norm(states)
        bias = padding.to(states.dtype)[:, None, None, :] * MASKED
        for layer in self.layers:
            states = layer(states, bias)
        logits: Tensor = self.out(self.dropout(states)).squeeze(-1)
        return logits


class OneStory(nn.Module):
    """The head on one story without padding, as it is exported."""

    def __init__(self, head: SummaryHead) -> None:
        super().__init__()
        self.head = head

    def forward(self, vectors: Tensor, facts: Tensor) -> Tensor:
        """``[S, 384]`` and ``[S, FACTS]`` to ``[S]``."""
        padding = torch.zeros(1, vectors.shape[0], dtype=torch.bool)
        logits: Tensor = self.head(vectors[None], facts[None], padding)[0]
        return logits
