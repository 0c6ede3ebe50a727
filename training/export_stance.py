"""Write the trained cross-encoder as ONNX: one pair in, calibrated probabilities out.

    python -m training.export_stance CHECKPOINT [--models DIR] [--by-row up down]

A pair is run by itself: int8 activations take one scale for a whole run, so in a batch an answer
would depend on its neighbours, and on a CPU nothing is won by batches of this length.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from newswire.config import ROOT
from newswire.enrichment.question import KINDS
from training.bases import bge_small
from training.bge_layers import EVERY_PRODUCT, Upper, check_stem
from training.calibration import Calibration, fit, lead, shifted
from training.cross_encoder import CrossEncoder, Pairs, predict
from training.onnx_files import save_int8
from training.paths import CORPORA
from training.questions import LABELS
from training.train_stance import labelled, selection

MOST = 1200
"""Development rows of a corpus by which it is calibrated."""


class OnePair(nn.Module):
    """:class:`~training.cross_encoder.CrossEncoder` on the stem's states of one pair."""

    def __init__(self, model: CrossEncoder, sure: Calibration) -> None:
        super().__init__()
        assert isinstance(model.encoder, BertModel)
        self.upper = Upper(model.encoder)
        divided = torch.tensor(sure.temperatures).repeat_interleave(len(LABELS))
        bias = model.classify.bias + torch.cat([shifted(own) for own in sure.shifts])
        self.weight = nn.Parameter(model.classify.weight / divided[:, None])
        self.bias = nn.Parameter(bias / divided)
        self.scales = nn.Parameter(torch.tensor([sure.between_sides, sure.over_none]))
        self.power = sure.power

    def forward(self, states: Tensor, kind: Tensor) -> Tensor:
        """``states`` ``[T, size]``, ``kind`` ``[1]``; probabilities ``[labels]``."""
        states = self.upper(states)
        weight = self.weight.unflatten(0, (len(KINDS), len(LABELS)))[kind][0]
        bias = self.bias.unflatten(0, (len(KINDS), len(LABELS)))[kind][0]
        sides, none = self.scales[:, kind]
        return lead(weight @ states[0] + bias, sides, none, self.power).softmax(-1)


def export(
    model: CrossEncoder, sure: Calibration, folder: Path, by_row: Sequence[str] = EVERY_PRODUCT
) -> None:
    """Write ``model.int8.onnx`` and ``config.json``; the fp32 model goes to the cache."""
    tokens = torch.export.Dim("tokens", min=2, max=512)
    save_int8(
        OnePair(model, sure),
        (torch.randn(41, model.encoder.config.hidden_size), torch.tensor([2])),
        folder / "model.int8.onnx",
        by_row,
        input_names=["states", "kind"],
        output_names=["probabilities"],
        dynamic_shapes=({0: tokens}, None),
    )
    config = {"labels": LABELS, "kinds": KINDS} | asdict(sure)
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument(
        "--by-row", nargs="*", default=EVERY_PRODUCT, help="see onnx_files.quantize"
    )
    options = parser.parse_args()
    encoder, file = bge_small()
    model = CrossEncoder(encoder)
    published = {name: weights.clone() for name, weights in encoder.state_dict().items()}
    saved = torch.load(options.checkpoint, weights_only=True)
    model.load_state_dict(saved.get("model", saved))
    check_stem(published, encoder.state_dict())
    model.eval()
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    dev = Pairs(selection(labelled(options.data), MOST), tokenizer, 192)
    sure = fit(dev.rows, predict(model, dev))
    export(model, sure, options.models / "stance", options.by_row)
    sys.stdout.write(f"{sure}\n")


if __name__ == "__main__":
    main()
