"""Let the teacher say what it thinks: the labels that the stance model that ships learns from.

    python -m training.teach [--data DIR] [--most N]

Writes ``training/taught.jsonl.gz``. Needs the extra ``train``, what ``python -m
training.train_teacher`` left under ``.cache/training/``, and the names of ``python -m
training.silver_names``.
"""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path

import torch

from training import metrics, taught
from training.cross_encoder import Pairs, predict
from training.fitting import prepare
from training.passes import SEED
from training.paths import CACHE, CORPORA
from training.questions import folded, read_questions
from training.train_teacher import FILE, LONGEST, NAME, PASSES, teacher

log = logging.getLogger(__name__)

MOST = 8000
"""Sentences of PolNeAR: as many as NewsMTSC has."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--most", type=int, default=MOST, help="sentences without a label")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    prepare(options.threads, SEED)
    model, tokenizer = teacher()
    weights = CACHE / f"{NAME}-pass{PASSES - 1}.pt"
    model.load_state_dict(torch.load(weights, weights_only=True))
    rows = [row for row in read_questions(options.data / FILE) if row.part == "train"]
    stories = taught.texts(options.data)
    names = json.loads((CACHE / "names.json").read_text("utf-8"))
    found = taught.places(stories, names, options.most)
    every = [*rows, *(own.row(stories[own.story]) for own in found)]
    log.info("%d sentences with labels, %d without", len(rows), len(found))
    logits = predict(model, Pairs(every, tokenizer, LONGEST))
    taught.write(rows, found, folded(metrics.softmax(logits), taught.SOURCE))
    log.info("written: %s", taught.FILE)


if __name__ == "__main__":
    main()
