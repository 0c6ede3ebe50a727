"""The stance cross-encoder: an encoder over question and passage, a classifier by kind."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from newswire.enrichment.question import KINDS
from training.questions import LABELS


class CrossEncoder(nn.Module):
    """Logits ``[B, labels]`` from the state of ``[CLS]``, by the classifier of the kind asked."""

    def __init__(self, encoder: PreTrainedModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.classify = nn.Linear(encoder.config.hidden_size, len(KINDS) * len(LABELS))

    def forward(self, tokens: Tensor, mask: Tensor, segments: Tensor, kinds: Tensor) -> Tensor:
        """``tokens``, ``mask`` and ``segments`` are ``[B, T]``, ``kinds`` ``[B]``."""
        states = self.encoder(
            input_ids=tokens, attention_mask=mask, token_type_ids=segments
        ).last_hidden_state
        every = self.classify(self.dropout(states[:, 0])).unflatten(-1, (len(KINDS), len(LABELS)))
        out: Tensor = every[torch.arange(len(kinds)), kinds]
        return out
