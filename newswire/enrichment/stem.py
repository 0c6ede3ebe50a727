"""The embeddings and lowest layers that the stance model and the reader share."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from newswire.enrichment.runtime import Floats, Integers, Model


class Stem:
    """Tokens in, states out: what stance model and reader begin from."""

    def __init__(self, file: Path) -> None:
        """Load the model.

        Raises:
            ConfigError: where the file is missing or broken.
        """
        self._model = Model(file)

    def __call__(self, tokens: Integers, segments: Integers | None = None) -> Floats:
        """States ``[T, size]``.

        Args:
            tokens: Ids ``[T]``, at most 512, ``[CLS]`` and ``[SEP]`` among them.
            segments: Of a pair: 0 for the first text, 1 for the second; None: one text.
        """
        if segments is None:
            segments = np.zeros(len(tokens), np.int64)
        (states,) = self._model({"tokens": tokens, "segments": segments})
        return states
