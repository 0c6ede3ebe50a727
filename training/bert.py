"""The layers of BERT on packed windows, in torch: no batch axis and no padding.

A window is one row of tokens that holds many pieces (the sentences of a story), each
``[CLS] … [SEP]`` with positions of its own. A token attends to the tokens of its piece only, so
that a piece gets the vectors that it would get alone. Weights are those of ``transformers``'
``BertModel``; a test of the export holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional

MASKED = -1e4
"""Added to the attention score of a token of another piece; its softmax is then 0 in fp32."""

NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attended": "attention.output.dense",
    "attended_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}
"""The parts of :class:`Layer`, as a layer of ``transformers``' ``BertModel`` names them."""


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT model, named as in its ``config.json``."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_attention_heads: int
    num_hidden_layers: int
    max_position_embeddings: int
    layer_norm_eps: float

    @classmethod
    def read(cls, config: Mapping[str, object]) -> Shape:
        """Take the sizes out of a ``config.json``."""
        return cls(**{name: config[name] for name in cls.__dataclass_fields__})  # type: ignore[arg-type]


class Layer(nn.Module):
    """One transformer layer (post-norm, GELU) over ``[..., tokens, hidden]``."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        size, eps = shape.hidden_size, shape.layer_norm_eps
        self.heads = shape.num_attention_heads
        self.query = nn.Linear(size, size)
        self.key = nn.Linear(size, size)
        self.value = nn.Linear(size, size)
        self.attended = nn.Linear(size, size)
        self.attended_norm = nn.LayerNorm(size, eps=eps)
        self.up = nn.Linear(size, shape.intermediate_size)
        self.down = nn.Linear(shape.intermediate_size, size)
        self.norm = nn.LayerNorm(size, eps=eps)
        self.dropout = nn.Dropout(dropout)

    def _split(self, states: Tensor) -> Tensor:
        return states.unflatten(-1, (self.heads, -1)).transpose(-2, -3)

    def forward(self, states: Tensor, bias: Tensor | None = None) -> Tensor:
        """``bias`` is added to the attention scores ``[..., heads, tokens, tokens]``."""
        query, key, value = (
            self._split(part(states)) for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(-1, -2) * (query.shape[-1] ** -0.5)
        if bias is not None:
            scores = scores + bias
        context = (scores.softmax(-1) @ value).transpose(-2, -3).flatten(-2)
        states = self.attended_norm(states + self.dropout(self.attended(context)))
        inner = functional.gelu(self.up(states))
        out: Tensor = self.norm(states + self.dropout(self.down(inner)))
        return out

    def load(self, weights: Mapping[str, Tensor], number: int) -> Layer:
        """Take over the weights of layer ``number`` of a ``BertModel``."""
        for ours, theirs in NAMES.items():
            part: nn.Module = getattr(self, ours)
            prefix = f"encoder.layer.{number}.{theirs}."
            part.load_state_dict({k: weights[prefix + k] for k in ("weight", "bias")})
        return self


class Encoder(nn.Module):
    """BERT over one packed window; gives the states after layer ``middle`` and the last."""

    def __init__(self, shape: Shape, middle: int) -> None:
        super().__init__()
        self.middle = middle
        self.words = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.positions = nn.Embedding(shape.max_position_embeddings, shape.hidden_size)
        self.norm = nn.LayerNorm(shape.hidden_size, eps=shape.layer_norm_eps)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.num_hidden_layers))

    def forward(self, tokens: Tensor, positions: Tensor, pieces: Tensor) -> tuple[Tensor, Tensor]:
        """``tokens``, ``positions`` and the number of its piece for each token, all ``[T]``.

        Returns:
            Two of ``[T, hidden]``: after layer :attr:`middle`, and after the last.
        """
        states = self.norm(self.words(tokens) + self.positions(positions))
        apart = pieces.unsqueeze(0) != pieces.unsqueeze(1)
        bias = apart.to(states.dtype) * MASKED
        middle = states
        for number, layer in enumerate(self.layers, 1):
            states = layer(states, bias)
            if number == self.middle:
                middle = states
        return middle, states

    def load(self, weights: Mapping[str, Tensor]) -> Encoder:
        """Take over the weights of a ``BertModel``; all pieces are of token type 0."""
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.words.load_state_dict({"weight": weights["embeddings.word_embeddings.weight"] + kind})
        self.positions.load_state_dict({"weight": weights["embeddings.position_embeddings.weight"]})
        self.norm.load_state_dict(
            {k: weights[f"embeddings.LayerNorm.{k}"] for k in ("weight", "bias")}
        )
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)
            layer.load(weights, number)
        return self
