"""Write torch modules as ONNX with their weights in int8 and their arithmetic in fp32.

Weights only: ONNX Runtime unpacks them once, at load. The file is a quarter of the size, and,
other than with dynamic quantisation, a row's result doesn't depend on what it is batched with.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from onnxruntime.quantization.onnx_model import ONNXModel
from torch import Tensor, nn

from training.paths import CACHE

BLOCK = 128
"""Columns of a row that share a scale: of 32, 64 and 128 the fastest, and none is less exact."""

INT8_ACTIVATIONS = 4
"""What ONNX Runtime calls the accuracy of a product whose activations are rounded to int8."""

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
    model = onnx.load(save_fp32(module, example, out, **names))
    quantize_weights(model)
    write(model, out)


def save_int8(
    module: nn.Module,
    example: tuple[Tensor, ...],
    out: Path,
    by_row: Sequence[str] = (),
    **names: object,
) -> None:
    """Export ``module`` with int8 arithmetic, see :func:`quantize`; fp32 goes to the cache."""
    quantize(save_fp32(module, example, out, **names), out, by_row)


def quantize(fp32: Path, out: Path, by_row: Sequence[str] = ()) -> None:
    """Write ``fp32`` with int8 weights and int8 arithmetic.

    Twice as fast as int8 weights alone, and a product takes one scale for all activations of a run:
    each run is to be of one story only, and one large value makes all others coarse. The products
    ``by_row`` take a scale for each row and :data:`BLOCK` of its columns, at some 1.5 times the
    time.

    Args:
        fp32: The exported model.
        out: Where it goes.
        by_row: Names of modules, as ``down``: all products with their weights.
    """
    logging.disable(logging.INFO)  # both quantisers tell of each node
    try:
        _quantize(fp32, out, by_row)
    finally:
        logging.disable(logging.NOTSET)
    write(onnx.load(out), out)


def _quantize(fp32: Path, out: Path, by_row: Sequence[str]) -> None:
    model = ONNXModel(onnx.load(fp32))
    model.replace_gemm_with_matmul()
    chosen = [node.name for node in model.model.graph.node if _module_of(node) in by_row]
    if chosen:
        others = [node.name for node in model.model.graph.node if node.name not in chosen]
        rows = MatMulNBitsQuantizer(
            model.model,
            bits=8,
            block_size=BLOCK,
            is_symmetric=True,
            accuracy_level=INT8_ACTIVATIONS,
            nodes_to_exclude=others,
        )
        rows.process()
        model = rows.model
    out.parent.mkdir(parents=True, exist_ok=True)
    quantize_dynamic(model.model, out, per_channel=True, weight_type=QuantType.QInt8)


def _module_of(node: onnx.NodeProto) -> str | None:
    """The module whose weights a product takes: ``down`` of ``layers.3.down.weight``."""
    if node.op_type != "MatMul":
        return None
    found = (re.search(r"(\w+)\.weight", name) for name in node.input)
    return next((own[1] for own in found if own), None)


def save_fp32(module: nn.Module, example: tuple[Tensor, ...], out: Path, **names: object) -> Path:
    """Export ``module`` to where the fp32 twin of ``out`` lies in the cache; gives that file.

    :mod:`training.compare_int8` looks for it there.
    """
    fp32 = CACHE / "fp32" / out.parent.name / out.name
    fp32.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        module.eval(),
        example,
        fp32,
        dynamo=True,
        external_data=False,
        verbose=False,
        **names,  # type: ignore[arg-type]
    )
    return fp32


def write(model: onnx.ModelProto, out: Path) -> None:
    """Check and write a model without the exporter's notes."""
    strip_notes(model)
    onnx.checker.check_model(model)
    out.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, out)
