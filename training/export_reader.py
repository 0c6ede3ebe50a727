"""Write the trained reader as ONNX: what each token is, and which role it has toward each cue.

    python -m training.export_reader [CHECKPOINT] [--models DIR]

Two files: the layers above the stem with the heads of tags and names, which run once a window; and
the head of roles, which runs once the cues are known.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from transformers import BertModel

from newswire.config import ROOT
from training.bases import bge_small
from training.bge_layers import FEED_FORWARD, Upper, check_stem
from training.onnx_files import save_fp32, save_int8, write
from training.paths import CACHE
from training.reader import PAIR, Reader, distances


class Window(nn.Module):
    """The reader on the stem's states of one window."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        assert isinstance(model.encoder, BertModel)
        self.upper = Upper(model.encoder)
        self.cases = model.cases
        self.tag, self.name = model.tag, model.name
        self.cue, self.token = model.cue, model.token

    def forward(self, states: Tensor, cases: Tensor) -> tuple[Tensor, ...]:
        """``states`` ``[T, size]``, ``cases`` ``[T]``.

        Returns:
            Probabilities of the tags ``[T, tags]`` and of the names' ``[T, names]``, and each
            token's vectors as a cue and as a part, ``[T, PAIR]``.
        """
        states = self.upper(states) + self.cases(cases)
        return (
            self.tag(states).softmax(-1),
            self.name(states).softmax(-1),
            self.cue(states),
            self.token(states),
        )


class Roles(nn.Module):
    """The role of every token toward each cue."""

    def __init__(self, model: Reader) -> None:
        super().__init__()
        self.distance, self.role = model.distance, model.role

    def forward(self, as_cue: Tensor, as_part: Tensor, cues: Tensor) -> Tensor:
        """``as_cue`` and ``as_part`` ``[T, PAIR]``, ``cues`` ``[C]``; ``[C, T, roles]``."""
        at = torch.arange(as_part.shape[0])
        pair = as_cue[cues][:, None] + as_part[None] + self.distance(distances(at, cues))
        out: Tensor = self.role(nn.functional.gelu(pair)).softmax(-1)
        return out


def export(model: Reader, folder: Path) -> None:
    """Write ``model.int8.onnx`` and ``roles.onnx``."""
    size = model.role.in_features
    assert size == PAIR
    tokens = torch.export.Dim("tokens", min=2, max=512)
    cues = torch.export.Dim("cues", min=1, max=512)
    save_int8(
        Window(model),
        (torch.randn(41, model.encoder.config.hidden_size), torch.ones(41, dtype=torch.long)),
        folder / "model.int8.onnx",
        FEED_FORWARD,
        input_names=["states", "cases"],
        output_names=["tags", "names", "as_cue", "as_part"],
        dynamic_shapes=({0: tokens}, {0: tokens}),
    )
    roles = save_fp32(
        Roles(model),
        (torch.randn(41, PAIR), torch.randn(41, PAIR), torch.tensor([3, 17])),
        folder / "roles.onnx",
        input_names=["as_cue", "as_part", "cues"],
        output_names=["roles"],
        dynamic_shapes=({0: tokens}, {0: tokens}, {0: cues}),
    )
    write(onnx.load(roles), folder / "roles.onnx")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path, nargs="?", default=CACHE / "reader-last.pt")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    encoder, _ = bge_small()
    model = Reader(encoder)
    published = {name: weights.clone() for name, weights in encoder.state_dict().items()}
    saved = torch.load(options.checkpoint, weights_only=True)
    model.load_state_dict(saved.get("model", saved))
    check_stem(published, encoder.state_dict())
    export(model.eval(), options.models / "reader")


if __name__ == "__main__":
    main()
