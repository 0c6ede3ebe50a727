"""Write the trained summary head as ONNX."""

from __future__ import annotations

from pathlib import Path

import torch

from training.onnx_files import save
from training.summary_head import FACTS, OneStory, SummaryHead


def export_summary(head: SummaryHead, folder: Path) -> None:
    """Write ``model.onnx``: vectors and facts of one story in, a logit for each sentence out."""
    sentences = torch.export.Dim("sentences", min=1, max=4096)
    save(
        OneStory(head),
        (torch.randn(7, head.vectors.in_features), torch.randn(7, FACTS)),
        folder / "model.onnx",
        input_names=["vectors", "facts"],
        output_names=["logits"],
        dynamic_shapes=({0: sentences}, {0: sentences}),
    )
