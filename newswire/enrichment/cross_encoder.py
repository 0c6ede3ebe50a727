"""The stance model that ships: an encoder that reads question and passage together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from newswire.enrichment.question import KINDS, Question
from newswire.enrichment.runtime import Integers, Model, Threads
from newswire.enrichment.stance import Answer
from newswire.enrichment.stem import Stem
from newswire.enrichment.tokenizer import Tokenizer

LONGEST_PAIR = 192
"""Tokens of question and passage that are read; the passage's end is left out."""

LONGEST_ASKED = 64
"""Tokens of the question among them: a target of 500 words is cut."""


class CrossEncoder:
    """Question and passage in one pass, so that each word sees both.

    A pair is run by itself: the int8 model takes one scale for all activations of a run, and in a
    batch an answer would depend on its neighbours.
    """

    def __init__(
        self,
        file: Path,
        name: str,
        revision: str,
        stem: Stem,
        tokenize: Tokenizer,
        threads: Threads,
    ) -> None:
        """Load the model.

        Raises:
            ConfigError: where the file is missing or broken.
        """
        self.name = name
        self.revision = revision
        self._model = Model(file)
        self._stem = stem
        self._tokenize = tokenize
        self._threads = threads

    def predict(self, questions: Sequence[Question]) -> list[Answer]:
        """See :class:`~newswire.enrichment.stance.StanceModel`."""
        pairs = [question.pair for question in questions]
        asked = self._tokenize([own for own, _ in pairs], LONGEST_ASKED)
        texts = self._tokenize([own for _, own in pairs], LONGEST_PAIR)
        inputs = zip(questions, asked, texts, strict=True)
        return self._threads.map(lambda own: self._run(*own), inputs)

    def _run(self, question: Question, asked: Integers, text: Integers) -> Answer:
        # Both begin with [CLS] and end with [SEP]; a pair is [CLS] asked [SEP] text [SEP].
        text = text[1:]
        room = LONGEST_PAIR - len(asked)
        if len(text) > room:
            text = np.append(text[: room - 1], text[-1])
        states = self._stem(
            np.concatenate([asked, text]),
            np.repeat([0, 1], [len(asked), len(text)]).astype(np.int64),
        )
        kind = np.array([KINDS.index(question.kind)], np.int64)
        (row,) = self._model({"states": states, "kind": kind})
        return Answer(*map(float, row))
