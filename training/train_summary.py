"""Train the summary model.

    python -m training.train_summary [--data DIR] [--models DIR] [--stories 11520] [--fresh]

Labels are the words of the reference summary and the sentences of the greedy oracle. Stories are
encoded as they are needed (:mod:`training.summary_data`), then fitted to once. Needs the extra
``train``; some 40 minutes on one core of a processor with AVX-512 BF16. A run that was stopped goes
on where it saved last.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from newswire.config import ROOT
from newswire.enrichment.encoder import DIMENSION
from newswire.enrichment.summary.words import SENTENCE
from training.fitting import Fit, batches_by_length, keep, prepare
from training.paths import CORPORA
from training.summary_data import Example, load, shards
from training.summary_head import SummaryHead, begin

log = logging.getLogger(__name__)

SEED = 20230101
BATCH = 16
RATE = 1.5e-4
HEAD_RATE = 1e-3
WORDS = 5.0
"""Weight of the words' loss, which is small for each of them, beside the sentences'."""
SAVE_EVERY = 60
"""Steps."""
NAME = "summary"


def collate(batch: Sequence[Example]) -> tuple[Tensor, ...]:
    """``states``, ``places``, ``counts``, ``words``, ``wanted`` and ``real``, padded."""
    width = max(len(example.wanted) for example in batch)
    states = torch.zeros(len(batch), width, DIMENSION)
    places, counts = torch.zeros(2, len(batch), width, dtype=torch.long)
    words = torch.full((len(batch), width), SENTENCE)
    wanted = torch.zeros(len(batch), width)
    real = torch.zeros(len(batch), width, dtype=torch.bool)
    for row, example in enumerate(batch):
        count = len(example.wanted)
        inputs = example.story.inputs
        states[row, :count] = example.states
        places[row, :count] = torch.from_numpy(inputs["places"])
        counts[row, :count] = torch.from_numpy(inputs["counts"])
        words[row, :count] = torch.from_numpy(example.story.words)
        wanted[row, :count] = example.wanted
        real[row, :count] = True
    return states, places, counts, words, wanted, real


def loss_of(head: SummaryHead, batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Of the words: cross-entropy each. Of the sentences: the oracle's share the probability."""
    states, places, counts, words, wanted, real = collate(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = head(states, places, counts, real)
    logits = logits.float()
    is_word = real & (words != SENTENCE)
    of_words = functional.binary_cross_entropy_with_logits(logits[..., 0][is_word], wanted[is_word])
    is_sentence = real & (words == SENTENCE)
    taken = wanted * is_sentence
    of_sentences = functional.cross_entropy(
        logits[..., 1].masked_fill(~is_sentence, -1e4),
        taken / taken.sum(1, keepdim=True).clamp(min=1),
    )
    return of_words, of_sentences


def batches(files: Iterator[Path]) -> Iterator[list[Example]]:
    """All batches of one pass, in an order that the seed fixes."""
    for number, file in enumerate(files):
        seed = Random(SEED + number)
        examples = load(file)
        seed.shuffle(examples)
        yield from batches_by_length(examples, lambda own: len(own.wanted), BATCH, 8, seed)


def train(head: SummaryHead, options: argparse.Namespace) -> None:
    """One pass."""
    new = [head.places, head.counts, head.out]
    rates = [
        ([*head.norm.parameters(), *head.layers.parameters()], RATE),
        ([own for part in new for own in part.parameters()], HEAD_RATE),
    ]
    fit = Fit(head, rates, options.stories // BATCH, NAME, options.fresh)
    losses: list[tuple[float, float]] = []
    begun = time.monotonic()
    head.train()
    for number, batch in enumerate(
        batches(shards(options.data, options.models, "train", options.stories))
    ):
        if number < fit.done:
            continue
        torch.manual_seed(SEED + number)
        of_words, of_sentences = loss_of(head, batch)
        losses.append((of_words.item(), of_sentences.item()))
        fit.step(WORDS * of_words + of_sentences)
        if fit.done % SAVE_EVERY == 0:
            fit.save()
            words, sentences = np.mean(losses, axis=0)
            log.info(
                "step %d of %d, words %.4f, sentences %.4f, %.0f s",
                fit.done,
                fit.steps,
                words,
                sentences,
                time.monotonic() - begun,
            )
            losses = []
    log.info("%s", keep(head, NAME))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--stories", type=int, default=11_520)
    parser.add_argument("--fresh", action="store_true", help="begin again")
    options = parser.parse_args()
    prepare(1, SEED)
    train(begin(), options)


if __name__ == "__main__":
    main()
