"""What a stance question costs by the size of the encoder that it is put to.

    python -m training.bench_bases [--words 15 40 90] [--rounds 40]

Encoders of the shapes of `Base models that packages carry`, with weights of chance, which cost what
learnt ones do; int8 as they would ship, one pair a run, one thread. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from newswire.enrichment.runtime import Model
from training.bert import Layer, Shape
from training.bge_layers import FEED_FORWARD
from training.onnx_files import quantize

SHAPES = {"MiniLM-L6": (6, 384), "bge-small": (12, 384), "mpnet-base": (12, 768)}
"""Layers and size."""
TOKENS_A_WORD = 1.35


class Layers(nn.Module):
    """What an encoder does after the look-up of its words."""

    def __init__(self, layers: int, size: int) -> None:
        super().__init__()
        shape = Shape(0, size, 4 * size, 12, layers, 512, 1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(layers))

    def forward(self, states: Tensor) -> Tensor:
        """``[T, size]`` to ``[T, size]``."""
        for layer in self.layers:
            states = layer(states)
        return states


def exported(layers: int, size: int, folder: Path) -> Path:
    """The int8 file of such an encoder."""
    wide, narrow = folder / f"{layers}-{size}.onnx", folder / f"{layers}-{size}.int8.onnx"
    torch.onnx.export(
        Layers(layers, size).eval(),
        (torch.randn(41, size),),
        wide,
        dynamo=True,
        external_data=False,
        verbose=False,
        input_names=["states"],
        output_names=["out"],
        dynamic_shapes=({0: torch.export.Dim("tokens", min=2, max=512)},),
    )
    quantize(wide, narrow, FEED_FORWARD)
    return narrow


def milliseconds(model: Model, size: int, tokens: int, rounds: int) -> float:
    """The median of ``rounds`` runs."""
    states = {"states": torch.randn(tokens, size).numpy()}
    model(states)
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        model(states)
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--words", type=int, nargs="+", default=[15, 40, 90])
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args(arguments)
    table = Table("encoder", "MB", *(f"{words} words" for words in options.words), "ratio")
    least = None
    with tempfile.TemporaryDirectory() as folder:
        for name, (layers, size) in SHAPES.items():
            file = exported(layers, size, Path(folder))
            model = Model(file)
            taken = [
                milliseconds(model, size, int(words * TOKENS_A_WORD), options.rounds)
                for words in options.words
            ]
            least = least or taken[-1]
            megabytes = file.stat().st_size / 1e6
            ratio = taken[-1] / least
            columns = (f"{own:.1f} ms" for own in taken)
            table.add_row(name, f"{megabytes:.1f}", *columns, f"{ratio:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
