"""The stance head in torch: the upper layers of the encoder, trained on target and text together.

The encoder's lower layers see a sentence and a target apart, once each; these layers see them
side by side (the decomposition of Cao et al., "DeFormer", ACL 2020), so that a story is encoded
once for all targets.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.bert import MASKED, Layer, Shape

CLASSES = 3


class StanceHead(nn.Module):
    """``[B, T, hidden]`` states of target and text in one row to ``[B, 3]`` logits."""

    def __init__(self, shape: Shape, layers: int, dropout: float = 0.1) -> None:
        super().__init__()
        size = shape.hidden_size
        self.kinds = nn.Embedding(3, size)
        nn.init.normal_(self.kinds.weight, std=0.02)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(layers))
        self.inner = nn.Linear(3 * size, size)
        self.dropout = nn.Dropout(dropout)
        self.outer = nn.Linear(size, CLASSES)

    def forward(self, states: Tensor, kinds: Tensor) -> Tensor:
        """``kinds`` ``[B, T]``: 0 padding, 1 target, 2 text; the row begins with the target."""
        bias = (kinds == 0).to(states.dtype)[:, None, None, :] * MASKED
        states = states + self.kinds(kinds)
        for layer in self.layers:
            states = layer(states, bias)
        pooled = torch.cat(
            [states[:, 0], self._mean(states, kinds == 1), self._mean(states, kinds == 2)], -1
        )
        logits: Tensor = self.outer(self.dropout(torch.tanh(self.inner(self.dropout(pooled)))))
        return logits

    @staticmethod
    def _mean(states: Tensor, which: Tensor) -> Tensor:
        weights = which.to(states.dtype)[:, :, None]
        return (states * weights).sum(1) / weights.sum(1).clamp(min=1.0)
