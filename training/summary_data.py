"""Stories for the summary model: encoded as the shipped encoder does it, labelled, and kept.

The lower half of the encoder stays as it is, so every story is run through it once; its states lie
in shards under ``.cache/training/summary/`` that a training reads in any order.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.utils
import torch
from torch import Tensor

from newswire.enrichment.encoder import LONGEST_PIECE, pack, windowed
from newswire.enrichment.runtime import Floats, Integers, Model
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.summary.words import SENTENCE, StoryWords, WordReader
from newswire.enrichment.tokenizer import Tokenizer
from training.corpora import read_rows
from training.export_encoder import INPUTS
from training.paths import CACHE
from training.rouge import oracle, stem, words

log = logging.getLogger(__name__)

READ = 320
"""Tokens that are kept of one story: some 500 words, half the stories whole."""

SHARD = 500
"""Stories."""

FILES = ("summ_cnndm_more.jsonl.gz", "summ_inshorts.jsonl.gz")

SENTENCES = 80
"""Of a story that are looked at, from the top."""


@dataclass(frozen=True)
class Example:
    """A story, encoded and labelled; ``K`` tokens that are read of ``S`` sentences."""

    id: str
    source: str
    reference: str
    sentences: tuple[str, ...]
    """``[S]``"""
    story: StoryWords
    states: Tensor
    """``[K, 384]``, half precision: the encoder's middle layer."""
    wanted: Tensor
    """``[K]``: whether the reference has the word; of a sentence, whether the oracle takes it."""


def summarised(data: Path, part: str) -> Iterator[dict[str, object]]:
    """The rows of a part of all corpora, those of each corpus evenly among the others."""
    rows = [
        [row for row in read_rows(data / name) if row["split"] == part and row.get("summary")]
        for name in FILES
    ]
    placed = [
        ((at + 0.5) / len(corpus), number, row)
        for number, corpus in enumerate(rows)
        for at, row in enumerate(corpus)
    ]
    for _, _, row in sorted(placed, key=lambda item: item[:2]):
        yield row


def label(
    story: StoryWords, sentences: Sequence[str], reference: str, texts: Sequence[str]
) -> Tensor:
    """See :attr:`Example.wanted`; ``texts`` are the words of the story by number."""
    has = set(words(reference))
    of_word = [stem(text) in has for text in texts]
    taken = set(oracle(sentences, reference))
    return torch.tensor(
        [
            float(at in taken if word == SENTENCE else of_word[word])
            for word, at in zip(story.words.tolist(), story.sentences.tolist(), strict=True)
        ]
    )


class Preparation:
    """Encodes and labels."""

    def __init__(self, models: Path) -> None:
        folder = models / "encoder"
        self._tokenize = Tokenizer(folder)
        self._read = WordReader(self._tokenize)
        self._tokens = {number: token for token, number in self._tokenize.vocabulary.items()}
        # What stands above the middle would be half of the time.
        lower = CACHE / "encoder-middle.onnx"
        whole = onnx.load(folder / "model.int8.onnx")
        onnx.save(onnx.utils.Extractor(whole).extract_model(INPUTS, ["middle"]), lower)
        self._model = Model(lower)

    def __call__(self, row: dict[str, object]) -> Example | None:
        """The row's example; None where its story has less than three sentences."""
        article = str(row["article"])
        sentences = [article[own.start : own.end] for own in split_sentences(article)][:SENTENCES]
        if len(sentences) < 3:
            return None
        tokens = self._tokenize(sentences, LONGEST_PIECE)
        story = self._read(tokens, READ)
        read = len(story.lengths)
        sentences, tokens = sentences[:read], tokens[:read]
        states = np.concatenate(
            [self._states([tokens[at] for at in run]) for run in pack([len(ids) for ids in tokens])]
        )
        reference = str(row["summary"])
        return Example(
            str(row["id"]),
            str(row["source"]),
            reference,
            tuple(sentences),
            story,
            torch.from_numpy(states[story.kept].astype(np.float16)),
            label(story, sentences, reference, [self._text(own) for own in story.pieces]),
        )

    def _states(self, window: Sequence[Integers]) -> Floats:
        (states,) = self._model(windowed(window))
        return states

    def _text(self, pieces: Sequence[int]) -> str:
        return "".join(self._tokens[own].removeprefix("##") for own in pieces)


def shards(data: Path, models: Path, part: str, stories: int | None = None) -> Iterator[Path]:
    """The shards of a part, each made when it is asked for, where it isn't there yet.

    Args:
        data: The folder of the corpora.
        models: The folder of the models.
        part: ``train`` or ``dev``.
        stories: How many, from the first; None: all.
    """
    weights = (models / "encoder" / "model.int8.onnx").read_bytes()
    key = hashlib.sha256(weights + f"{READ} {SHARD} {SENTENCES}".encode()).hexdigest()[:12]
    folder = CACHE / "summary" / key
    folder.mkdir(parents=True, exist_ok=True)
    rows = islice(summarised(data, part), stories)
    prepare = None
    for number in count():
        chunk = list(islice(rows, SHARD))
        if not chunk:
            return
        shard = folder / f"{part}-{number:03}.pt"
        if not shard.exists():
            prepare = prepare or Preparation(models)
            made = [
                vars(example) | {"story": vars(example.story)}
                for row in chunk
                if (example := prepare(row))
            ]
            unfinished = shard.with_suffix(".part")
            torch.save(_plain(made), unfinished)
            unfinished.replace(shard)
            log.info("%s: %d stories", shard, len(made))
        yield shard


def load(shard: Path) -> list[Example]:
    """The examples of a shard; the states stay in the file until they are used."""
    saved = torch.load(shard, weights_only=True, mmap=True)
    return [
        Example(**{**own, "story": StoryWords(**{k: _array(v) for k, v in own["story"].items()})})
        for own in saved
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _array(value: Tensor | tuple[tuple[int, ...], ...]) -> Integers | tuple[tuple[int, ...], ...]:
    return value.numpy() if isinstance(value, Tensor) else value
