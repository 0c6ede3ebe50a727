"""bge-small cut in two: the stem that all models share, and the layers that each has of its own.

Trainings leave the embeddings and the lowest layers as they are published
(:func:`training.fitting.freeze`), so these ship once.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from transformers import BertModel

from newswire.errors import ConfigError
from training.bert import Layer, Shape

STEM = 3
"""Layers of the stem."""

FEED_FORWARD = ("up", "down")
"""Products that take a scale for each row (:func:`training.onnx_files.quantize`): those whose
activations are the most uneven. With one scale for all, NewsMTSC loses 0.8 points."""

EVERY_PRODUCT = ("query", "key", "value", "attended", *FEED_FORWARD)
"""The same for all of a layer: with the feed-forward part alone, corpora of few rows lose up to 0.9
points of stance (`docs/evaluation.md`)."""


class Table(nn.Module):
    """An embedding in int8 with a scale for each row: tables are most of the stem's file."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.scales = nn.Parameter(weights.abs().amax(1, keepdim=True) / 127)
        self.register_buffer("rows", (weights / self.scales).round().to(torch.int8))

    def forward(self, numbers: Tensor) -> Tensor:
        """``[T]`` to ``[T, size]``."""
        rows: Tensor = self.rows[numbers].float() * self.scales[numbers]
        return rows


class Stem(nn.Module):
    """Embeddings and the lowest layers, for one row of tokens without padding."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        weights = encoder.state_dict()
        shape = Shape.read(encoder.config.to_dict())
        self.words = Table(weights["embeddings.word_embeddings.weight"])
        self.positions = Table(weights["embeddings.position_embeddings.weight"])
        self.segments = nn.Parameter(weights["embeddings.token_type_embeddings.weight"])
        self.norm = nn.LayerNorm(shape.hidden_size, eps=shape.layer_norm_eps)
        self.norm.load_state_dict(
            {k: weights[f"embeddings.LayerNorm.{k}"] for k in ("weight", "bias")}
        )
        self.layers = nn.ModuleList(Layer(shape).load(weights, number) for number in range(STEM))

    def forward(self, tokens: Tensor, segments: Tensor) -> Tensor:
        """``tokens`` and ``segments`` ``[T]``; states ``[T, size]``."""
        places = torch.arange(tokens.shape[0])
        states = self.words(tokens) + self.positions(places) + self.segments[segments]
        states = self.norm(states)
        for layer in self.layers:
            states = layer(states)
        return states


class Upper(nn.Module):
    """The layers above the stem."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        shape = Shape.read(encoder.config.to_dict())
        weights = encoder.state_dict()
        self.layers = nn.ModuleList(
            Layer(shape).load(weights, number) for number in range(STEM, shape.num_hidden_layers)
        )

    def forward(self, states: Tensor) -> Tensor:
        """``[T, size]``, of :class:`Stem`, to ``[T, size]``."""
        for layer in self.layers:
            states = layer(states)
        return states


def check_stem(published: Mapping[str, Tensor], trained: Mapping[str, Tensor]) -> None:
    """See that a training left the stem alone.

    Raises:
        ConfigError: it didn't, so its model can't share the stem.
    """
    own = ("embeddings.", *(f"encoder.layer.{number}." for number in range(STEM)))
    changed = [
        name
        for name, weights in published.items()
        if name.startswith(own) and not torch.equal(weights, trained[name])
    ]
    if changed:
        raise ConfigError(
            f"the checkpoint has another {changed[0]} than bge-small",
            f"train with the embeddings and the lowest {STEM} layers frozen",
        )
