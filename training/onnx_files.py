"""Write torch modules as ONNX with their weights in int8 and their arithmetic in fp32.

Weights only: ONNX Runtime unpacks them once, at load. The file is a quarter of the size, and,
other than with dynamic quantisation, a row's result doesn't depend on what it is batched with.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from training.paths import CACHE

SMALLEST = 4096
"""Weights of fewer elements stay fp32: nothing is won."""


def quantize_weights(model: onnx.ModelProto) -> None:
    """Replace the matrices among the initializers by int8 ones, one scale a column, in place."""
    graph = model.graph
    users = {name: node for node in graph.node for name in node.input}
    for tensor in list(graph.initializer):
        weights = numpy_helper.to_array(tensor)
        if weights.dtype != np.float32 or weights.ndim != 2 or weights.size < SMALLEST:
            continue
        # Gemm with transB holds [out, in]; a scale belongs to an output.
        node = users[tensor.name]
        transposed = any(a.name == "transB" and a.i for a in node.attribute)
        axis = 0 if transposed else 1
        scale = np.abs(weights).max(axis=1 - axis) / 127
        scale = np.where(scale == 0, 1, scale).astype(np.float32)
        wide = scale[:, None] if axis == 0 else scale[None, :]
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.extend(
            [
                numpy_helper.from_array(np.rint(weights / wide).astype(np.int8), f"{name}.int8"),
                numpy_helper.from_array(scale, f"{name}.scale"),
                helper.make_tensor(
                    f"{name}.zero", TensorProto.INT8, [len(scale)], [0] * len(scale)
                ),
            ]
        )
        graph.node.insert(
            0,
            helper.make_node(
                "DequantizeLinear",
                [f"{name}.int8", f"{name}.scale", f"{name}.zero"],
                [name],
                axis=axis,
            ),
        )


def strip_notes(model: onnx.ModelProto) -> None:
    """Take out what the exporter notes: it names the files of the machine that it ran on."""
    graph = model.graph
    for part in (graph, *graph.node, *graph.value_info, *graph.input, *graph.output):
        del part.metadata_props[:]
        part.doc_string = ""


def save(module: nn.Module, example: tuple[Tensor, ...], out: Path, **names: object) -> None:
    """Export ``module`` and write it with int8 weights; fp32 goes to the cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    fp32 = CACHE / f"{out.parent.name}.fp32.onnx"
    torch.onnx.export(
        module.eval(),
        example,
        fp32,
        dynamo=True,
        external_data=False,
        verbose=False,
        **names,  # type: ignore[arg-type]
    )
    model = onnx.load(fp32)
    quantize_weights(model)
    strip_notes(model)
    onnx.checker.check_model(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, out)
