"""Write the trained summary model as ONNX, with int8 arithmetic.

    python -m training.export_summary [CHECKPOINT] [--models DIR]

A run is of one story, so the scale of its activations is the story's own.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from newswire.config import ROOT
from newswire.enrichment.encoder import DIMENSION
from newswire.enrichment.summary.words import MOST_READ
from training.onnx_files import save_int8
from training.paths import CACHE
from training.summary_head import SummaryHead, begin


def export_summary(head: SummaryHead, folder: Path) -> None:
    """Write ``model.int8.onnx``: what is read of one story in, two logits a token out."""
    tokens = torch.export.Dim("tokens", min=2, max=MOST_READ)
    save_int8(
        head,
        (torch.randn(41, DIMENSION), torch.arange(41) // 9, torch.arange(41) % 4),
        folder / "model.int8.onnx",
        input_names=["states", "places", "counts"],
        output_names=["logits"],
        dynamic_shapes=({0: tokens}, {0: tokens}, {0: tokens}),
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkpoint", type=Path, nargs="?", default=CACHE / "summary.pt")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    head = begin()
    head.load_state_dict(torch.load(options.checkpoint, weights_only=True))
    export_summary(head, options.models / "summary")


if __name__ == "__main__":
    main()
