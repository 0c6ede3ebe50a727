"""The models that ship, in fp32 again: for a training that goes on from an int8 file.

An int8 file is what the history keeps; a checkpoint is lost with the machine that made it. What
rounding took is some 0.1 points, and the first steps give it back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor
from transformers import PreTrainedModel

from newswire.enrichment.question import KINDS
from newswire.errors import ConfigError
from training.bert import NAMES
from training.bge_layers import STEM
from training.calibration import shifted
from training.cross_encoder import CrossEncoder
from training.questions import LABELS
from training.reader import Reader

_MIDDLE = 128
"""What stands for 0 in the bytes of a product by row."""

_TURNED = "Transposed_"
"""What the quantisers note of a matrix that they have as ``[in, out]``."""


def weights_of(file: Path) -> dict[str, Tensor]:
    """The matrices of a file of :func:`training.onnx_files.quantize` by name, as ``nn.Linear`` has
    them: ``[out, in]``, in fp32. What stayed fp32 is there as it is.
    """
    arrays = {
        tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(file).graph.initializer
    }
    out = {}
    for name, array in arrays.items():
        path, form = _parts(name)
        if form == "Q8":
            # [out, blocks, columns]
            scales = arrays[name.removesuffix("Q8") + "scales"]
            wide = (array.astype(np.float32) - _MIDDLE) * scales[..., None]
            out[path] = torch.from_numpy(wide.reshape(len(array), -1))
        elif form == "quantized":
            begin = name.removesuffix("quantized")
            scale = arrays[f"{begin}scale"].astype(np.float32)
            zero = arrays[f"{begin}zero_point"].astype(np.float32)
            # A table, which is looked up in, is not turned round.
            wide = ((array - zero) * scale).T if _TURNED in name else (array - zero) * scale
            out[path] = torch.from_numpy(np.ascontiguousarray(wide))
        elif not form:
            out[path] = torch.from_numpy(array.copy())
    return out


def _parts(name: str) -> tuple[str, str]:
    """``tag.0.weight`` and ``quantized`` of ``tag.0.weight_Transposed_quantized``."""
    path, _, form = name.partition(".weight_")
    return (f"{path}.weight", form.removeprefix(_TURNED)) if form else (name, "")


def begin_stance(folder: Path, model: CrossEncoder) -> None:
    """Give ``model``, of bge-small, the layers and classifiers that ship in ``folder``.

    Raises:
        ConfigError: the file there is of another form.
    """
    found = weights_of(folder / "model.int8.onnx")
    config = json.loads((folder / "config.json").read_text("utf-8"))
    heat = torch.tensor(config["temperatures"]).repeat_interleave(len(LABELS))
    shift = torch.cat([shifted(own) for own in config["shifts"]])
    # The exporter names no constant that it has unflattened.
    shape = (len(KINDS), len(LABELS))
    biases = [own for own in found.values() if own.shape == shape]
    with _as_exported(folder, "export_stance"):
        _load_upper(model.encoder, found)
        (bias,) = biases
        weight, bias = found["weight"] * heat[:, None], bias.flatten() * heat - shift
        model.classify.load_state_dict({"weight": weight, "bias": bias})


def begin_reader(folder: Path, model: Reader) -> None:
    """Give ``model``, of bge-small, the layers and heads that ship in ``folder``.

    Raises:
        ConfigError: the files there are of another form.
    """
    found = weights_of(folder / "model.int8.onnx") | weights_of(folder / "roles.onnx")
    heads = {name: own for name, own in model.state_dict().items() if name[:8] != "encoder."}
    with _as_exported(folder, "export_reader"):
        _load_upper(model.encoder, found)
        # The exporter names no constant that it has turned round.
        (role,) = (own for own in found.values() if own.shape == model.role.weight.T.shape)
        found["role.weight"] = role.T
        model.load_state_dict({name: found[name] for name in heads}, strict=False)


def _load_upper(encoder: PreTrainedModel, found: Mapping[str, Tensor]) -> None:
    weights = encoder.state_dict()
    for number in range(STEM, encoder.config.num_hidden_layers):
        for ours, theirs in NAMES.items():
            for part in ("weight", "bias"):
                own = found[f"upper.layers.{number - STEM}.{ours}.{part}"]
                weights[f"encoder.layer.{number}.{theirs}.{part}"] = own
    encoder.load_state_dict(weights)


@contextmanager
def _as_exported(folder: Path, command: str) -> Iterator[None]:
    try:
        yield
    except (KeyError, ValueError, RuntimeError) as error:
        raise ConfigError(
            f"{folder} has no model as training.{command} writes it: {error!r}"[:300],
            "train from the beginning, without --further",
        ) from error
