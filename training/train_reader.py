"""Train the reader: quotes on PolNeAR, names on GUM and on what spaCy finds in PolNeAR.

    python -m training.train_reader [--data DIR] [--further EPOCH] [--fresh]

Resumes from the last checkpoint under ``.cache/training/``. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from newswire.config import ROOT
from newswire.enrichment.quotes.reader import Reader as StoryReader
from newswire.enrichment.quotes.reader import WindowAnswer
from newswire.enrichment.runtime import Floats, Integers, Threads
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.tokenizer import Tokenizer as Tokenize
from training.bases import bge_small
from training.bge_layers import STEM
from training.fitting import Fit, batches_by_length, freeze, keep, prepare
from training.paths import CACHE, CORPORA
from training.quote_scores import as_quote, exact, quote_scores
from training.reader import Reader
from training.reader_data import (
    Document,
    Example,
    gum,
    polnear,
    tokens_of,
    training_windows,
)
from training.shipped import begin_reader

log = logging.getLogger(__name__)

SEED = 20260101
EPOCHS = 4
BATCH = 8
RATE = 1.5e-4
HEAD_RATE = 6e-4
FURTHER = 0.5
"""Of the rates, for a reader that has learnt already."""
WEIGHTS = {"tag": 1.0, "role": 2.0, "name": 1.0}
"""Of the losses."""
MOST = 224
CHECKPOINT_EVERY = 60


def batch_of(examples: list[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """ids, mask and cases, ``[B, T]``."""
    width = max(len(own.ids) for own in examples)
    out = [torch.zeros(len(examples), width, dtype=torch.long) for _ in range(3)]
    for at, own in enumerate(examples):
        out[0][at, : len(own.ids)] = torch.tensor(own.ids)
        out[1][at, : len(own.ids)] = 1
        out[2][at, : len(own.ids)] = torch.tensor(own.cases)
    return out[0], out[1], out[2]


def loss_of(model: Reader, examples: list[Example]) -> dict[str, Tensor]:
    """The losses of a batch, by head."""
    ids, mask, cases = batch_of(examples)
    with torch.autocast("cpu", torch.bfloat16):
        states = model.states(ids, mask, cases)
    states = states.float()
    parts: dict[str, list[Tensor]] = {"tag": [], "name": [], "role": []}
    for at, own in enumerate(examples):
        real = states[at, : len(own.ids)]
        if own.tags is not None:
            parts["tag"].append(
                nn.functional.cross_entropy(model.tag(real), torch.tensor(own.tags))
            )
        if own.names is not None:
            parts["name"].append(
                nn.functional.cross_entropy(model.name(real), torch.tensor(own.names))
            )
        if own.attributions:
            cues = torch.tensor([cue for cue, _ in own.attributions])
            roles = torch.tensor([roles for _, roles in own.attributions])
            logits = model.roles(real, cues)
            parts["role"].append(nn.functional.cross_entropy(logits.flatten(0, 1), roles.flatten()))
    return {name: torch.stack(own).sum() / len(examples) for name, own in parts.items() if own}


class InTraining:
    """The torch model as what the library's reader calls."""

    def __init__(self, model: Reader) -> None:
        self._model = model

    @torch.no_grad()
    def __call__(self, tokens: Integers, cases: Integers) -> WindowAnswer:
        """See :class:`newswire.enrichment.quotes.reader.WindowModel`."""
        ids = torch.from_numpy(tokens)[None]
        with torch.autocast("cpu", torch.bfloat16):
            states = self._model.states(ids, torch.ones_like(ids), torch.from_numpy(cases)[None])
        real = states[0].float()

        @torch.no_grad()
        def roles(cues: Integers) -> Floats:
            out: Floats = self._model.roles(real, torch.from_numpy(cues)).softmax(-1).numpy()
            return out

        return WindowAnswer(
            self._model.tag(real).softmax(-1).numpy(),
            self._model.name(real).softmax(-1).numpy(),
            roles,
        )


def score(model: Reader, dev: list[Document], tokenizer: Tokenize) -> dict[str, float]:
    """All figures of the development parts."""
    model.eval()
    reader = StoryReader(InTraining(model), tokenizer, Threads(1))
    readings = reader.read([(own.text, split_sentences(own.text)) for own in dev])
    told = [n for n, own in enumerate(dev) if own.quotes is not None]
    gold = [dev[n].quotes or [] for n in told]
    found = [[as_quote(own) for own in readings[n].attributions] for n in told]
    out = quote_scores(gold, found)
    named = [n for n, own in enumerate(dev) if own.quotes is None]
    out["names"] = exact(
        [{(*span, kind) for span, kind in dev[n].names or []} for n in named],
        [{(own.start, own.end, own.type) for own in readings[n].names} for n in named],
    )
    return out


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--silver", type=Path, default=CACHE / "names.json")
    parser.add_argument("--steps", type=int, help="end the schedule there, not after all epochs")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument(
        "--further",
        type=int,
        metavar="EPOCH",
        help="begin from the reader that ships, with the epoch of this number (0: the first)",
    )
    parser.add_argument("--fresh", action="store_true", help="ignore the last checkpoint")
    options = parser.parse_args()
    prepare(options.threads, SEED)
    encoder, file = bge_small()
    freeze(encoder, STEM)
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    silver = json.loads(options.silver.read_text("utf-8"))
    told = [
        replace(own, names=[((a, b), kind) for a, b, kind in silver[own.id]])
        for own in polnear(options.data / "quotes_polnear.jsonl.gz")
    ]
    documents: list[Document] = told + gum(options.data / "mentions_gum.jsonl.gz")
    training = [tokens_of(own, tokenizer) for own in documents if own.part == "train"]
    # GUM's names are gold, and few.
    training += [own for own in training if own.document.quotes is None]
    dev = [own for own in documents if own.part == "dev"]
    shipped = Tokenize(options.models / "encoder")
    model = Reader(encoder)
    share = 1.0
    if options.further is not None:
        begin_reader(options.models / "reader", model)
        share = FURTHER
    heads = [p for name, p in model.named_parameters() if not name.startswith("encoder.")]

    def epoch_of(number: int) -> list[list[Example]]:
        chance = random.Random(SEED + number)
        cut = [own for tokens in training for own in training_windows(tokens, chance, MOST)]
        chance.shuffle(cut)
        return batches_by_length(cut, lambda own: len(own.ids), BATCH, 40, chance)

    an_epoch = len(epoch_of(0))
    total = min(options.steps or an_epoch * EPOCHS, an_epoch * EPOCHS)

    rates = [(encoder.parameters(), RATE * share), (heads, HEAD_RATE * share)]
    fit = Fit(model, rates, total, "reader", options.fresh)
    log.info("%d documents, %d steps", len(training), total)
    step, since, losses = 0, time.monotonic(), []
    first = options.further or 0
    for number in range(first, first + EPOCHS):
        batches = epoch_of(number)
        ran = False
        for own in batches:
            step += 1
            if step <= fit.done or step > total:
                continue
            ran = True
            model.train()
            torch.manual_seed(SEED + step)
            parts = loss_of(model, own)
            fit.step(torch.stack([WEIGHTS[name] * value for name, value in parts.items()]).sum())
            losses.append({name: value.item() for name, value in parts.items()})
            if step % 20 == 0:
                mean = {
                    name: round(float(np.mean([x[name] for x in losses[-60:] if name in x])), 4)
                    for name in WEIGHTS
                }
                log.info("step %d/%d %s %.0f s", step, total, mean, time.monotonic() - since)
            if step % CHECKPOINT_EVERY == 0 or step == total:
                fit.save()
        if ran:
            log.info(
                "epoch %d: %s",
                number,
                {k: round(v, 4) for k, v in score(model, dev, shipped).items()},
            )
            keep(model, f"reader-epoch{number}")


if __name__ == "__main__":
    main()
