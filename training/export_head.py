"""Write the trained heads as ONNX."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor, nn

from training.corpora import LABELS
from training.onnx_files import save
from training.stance_head import StanceHead
from training.summary_head import FACTS, OneStory, SummaryHead


class _Calibrated(nn.Module):
    def __init__(self, head: StanceHead, temperature: float) -> None:
        super().__init__()
        self.head, self.temperature = head, temperature

    def forward(self, states: Tensor, kinds: Tensor) -> Tensor:
        logits: Tensor = self.head(states, kinds)
        return (logits / self.temperature).softmax(-1)


def export_stance(head: StanceHead, temperature: float, folder: Path) -> None:
    """Write ``model.onnx`` (states and kinds in, calibrated probabilities out), ``config.json``."""
    rows = torch.export.Dim("rows", min=2, max=4096)
    tokens = torch.export.Dim("tokens", min=2, max=4096)
    kinds = torch.tensor([[1] * 5 + [2] * 10, [1] * 3 + [2] * 8 + [0] * 4, [1] * 2 + [2] * 13])
    states = torch.randn(3, 15, head.inner.out_features)
    save(
        _Calibrated(head, temperature),
        (states, kinds),
        folder / "model.onnx",
        input_names=["states", "kinds"],
        output_names=["probabilities"],
        dynamic_shapes=({0: rows, 1: tokens}, {0: rows, 1: tokens}),
    )
    config = {"labels": LABELS, "temperature": round(temperature, 4), "layers": len(head.layers)}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


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
