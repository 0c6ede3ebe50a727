"""Write the stem that stance and reader share as ONNX: tokens in, states out.

python -m training.export_stem [--models DIR]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from newswire.config import ROOT
from training.bases import bge_small
from training.bge_layers import EVERY_PRODUCT, Stem
from training.onnx_files import save_int8


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    encoder, _ = bge_small()
    tokens = torch.export.Dim("tokens", min=2, max=512)
    save_int8(
        Stem(encoder),
        (torch.randint(1000, 20000, (41,)), torch.tensor([0] * 9 + [1] * 32)),
        options.models / "stem" / "model.int8.onnx",
        EVERY_PRODUCT,
        input_names=["tokens", "segments"],
        output_names=["states"],
        dynamic_shapes=({0: tokens}, {0: tokens}),
    )


if __name__ == "__main__":
    main()
