"""The stance model that ships, in fp32 again: for a training that goes on from the int8 file.

An int8 file is what the history keeps; a checkpoint is lost with the machine that made it. What
rounding took is some 0.1 points, and the first steps give it back.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from newswire.enrichment.question import KINDS
from newswire.errors import ConfigError
from training.bert import NAMES
from training.bge_layers import STEM
from training.cross_encoder import CrossEncoder
from training.questions import LABELS

_MIDDLE = 128
"""What stands for 0 in the bytes of a product by row."""


def weights_of(file: Path) -> dict[str, Tensor]:
    """The matrices of a file of :func:`training.onnx_files.quantize` by name, as ``nn.Linear`` has
    them: ``[out, in]``, in fp32. What stayed fp32 is there as it is.
    """
    arrays = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(file).graph.initializer
    }
    out = {}
    for name, array in arrays.items():
        path, _, form = name.partition("_Transposed_")
        if form == "Q8":
            # [out, blocks, columns]
            wide = (array.astype(np.float32) - _MIDDLE) * arrays[f"{path}_Transposed_scales"][
                ..., None
            ]
            out[path] = torch.from_numpy(wide.reshape(len(array), -1))
        elif form == "quantized":
            scale = arrays[f"{path}_Transposed_scale"].astype(np.float32)
            zero = arrays[f"{path}_Transposed_zero_point"].astype(np.float32)
            out[path] = torch.from_numpy(((array - zero) * scale).T.copy())
        elif not form:
            out[path] = torch.from_numpy(array.copy())
    return out


def begin_from(folder: Path, model: CrossEncoder) -> None:
    """Give ``model``, of bge-small, the layers and classifiers that ship in ``folder``.

    Raises:
        ConfigError: the file there is of another form.
    """
    found = weights_of(folder / "model.int8.onnx")
    heat = torch.tensor(json.loads((folder / "config.json").read_text("utf-8"))["temperatures"])
    heat = heat.repeat_interleave(len(LABELS))
    # The exporter names no constant that it has unflattened.
    shape = (len(KINDS), len(LABELS))
    biases = [own for own in found.values() if own.shape == shape]
    weights = model.encoder.state_dict()
    try:
        for number in range(STEM, model.encoder.config.num_hidden_layers):
            for ours, theirs in NAMES.items():
                for part in ("weight", "bias"):
                    own = found[f"upper.layers.{number - STEM}.{ours}.{part}"]
                    weights[f"encoder.layer.{number}.{theirs}.{part}"] = own
        (bias,) = biases
        classify = {"weight": found["weight"] * heat[:, None], "bias": bias.flatten() * heat}
        model.encoder.load_state_dict(weights)
        model.classify.load_state_dict(classify)
    except (KeyError, ValueError, RuntimeError) as error:
        raise ConfigError(
            f"{folder} has no stance model as training.export_stance writes it: {error!r}"[:300],
            "train from the beginning, without --further",
        ) from error
