"""The shared encoder's states of many texts, computed once and kept on disk."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from newswire.enrichment.encoder import DIMENSION, Encoder
from newswire.enrichment.runtime import Floats, Threads
from training.paths import CACHE

log = logging.getLogger(__name__)

_CHUNK = 512
"""Texts encoded between two writes."""


class Features:
    """States after the middle layer, float16 on disk: ``features[text]`` is ``[tokens, 384]``."""

    def __init__(self, states: np.memmap, places: dict[str, tuple[int, int]]) -> None:
        self._states = states
        self._places = places

    def __getitem__(self, text: str) -> Floats:
        start, end = self._places[text]
        return np.asarray(self._states[start:end], np.float32)

    def length(self, text: str) -> int:
        """Tokens of a text."""
        start, end = self._places[text]
        return end - start


def features(name: str, texts: Sequence[str], models: Path) -> Features:
    """Encode ``texts`` with the int8 model that ships, or find that done already.

    Each text is a group of its own, as in the evaluation.
    """
    texts = sorted(set(texts))
    weights = (models / "encoder" / "model.int8.onnx").read_bytes()
    key = hashlib.sha256(weights + json.dumps(texts).encode("utf-8")).hexdigest()[:16]
    data, index = CACHE / f"{name}-{key}.f16", CACHE / f"{name}-{key}.json"
    if not index.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        encoder = Encoder(models / "encoder", "model.int8.onnx", Threads(1))
        lengths: list[int] = []
        with data.open("wb") as out:
            for start in range(0, len(texts), _CHUNK):
                for (piece,) in encoder.encode([[text] for text in texts[start : start + _CHUNK]]):
                    piece.states.astype(np.float16).tofile(out)
                    lengths.append(len(piece.states))
                log.info("%s: %d of %d texts encoded", name, len(lengths), len(texts))
        index.write_text(json.dumps(lengths), "utf-8")
    ends = np.cumsum(json.loads(index.read_text("utf-8")), dtype=int).tolist()
    places = dict(zip(texts, zip([0, *ends], ends, strict=False), strict=True))
    states = np.memmap(data, np.float16, "r", shape=(ends[-1], DIMENSION))
    return Features(states, places)
