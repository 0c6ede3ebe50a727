"""The summary model in torch: the upper layers of the encoder, over a whole story."""

from __future__ import annotations

from torch import Tensor, nn

from newswire.enrichment.summary.words import COUNTS, PLACES
from training.bert import MASKED, Layer, Shape
from training.export_encoder import MIDDLE
from training.export_encoder import load as load_encoder

LAYERS = 3
"""Those above the encoder's middle, from which training begins."""


class SummaryHead(nn.Module):
    """States of words and sentences to two logits each.

    A token attends to the whole story. Beside its state from the encoder, which has read its
    sentence alone, it knows its sentence's place and how often its word stands in the story.
    """

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        size = shape.hidden_size
        self.places = nn.Embedding(PLACES, size)
        self.counts = nn.Embedding(COUNTS, size)
        for table in (self.places, self.counts):
            nn.init.normal_(table.weight, std=0.02)
        self.norm = nn.LayerNorm(size, eps=shape.layer_norm_eps)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(LAYERS))
        self.out = nn.Linear(size, 2)

    def forward(
        self, states: Tensor, places: Tensor, counts: Tensor, real: Tensor | None = None
    ) -> Tensor:
        """``[..., K, size]``, ``[..., K]``, ``[..., K]`` to logits ``[..., K, 2]``.

        The first is of the word, the second of the sentence whose own token it is. ``real``
        ``[B, K]`` is false where there is padding.
        """
        states = self.norm(states + self.places(places) + self.counts(counts))
        states = self.dropout(states)
        bias = None if real is None else (~real)[:, None, None, :].to(states.dtype) * MASKED
        for layer in self.layers:
            states = layer(states, bias)
        logits: Tensor = self.out(self.dropout(states))
        return logits


def begin() -> SummaryHead:
    """The upper layers of the encoder, as published, and new tables and logits."""
    encoder, shape, _ = load_encoder()
    head = SummaryHead(shape)
    for own, published in zip(head.layers, encoder.layers[MIDDLE : MIDDLE + LAYERS], strict=True):
        assert isinstance(own, Layer)
        own.load_state_dict(published.state_dict())
    return head
