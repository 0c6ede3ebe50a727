"""Let a teacher say what it thinks: the labels that the stance model that ships learns from.

    python -m training.teach names|climate [--data DIR] [--most N]

Writes ``training/taught.jsonl.gz``, or ``taught-climate.jsonl.gz``. Needs the extra ``train``, what
``python -m training.train_teacher`` left under ``.cache/training/``, and for names those of
``python -m training.silver_names``.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from training import metrics, taught, taught_climate
from training.cross_encoder import Pairs, predict
from training.fitting import prepare
from training.passes import SEED
from training.paths import CACHE, CORPORA
from training.questions import Row, folded, read_questions
from training.train_teacher import LONGEST, SUBJECTS, teacher

log = logging.getLogger(__name__)

MOST = 8000
"""Sentences of PolNeAR: as many as NewsMTSC has."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--most", type=int, default=MOST, help="sentences without a label")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    prepare(options.threads, SEED)
    model, tokenizer = teacher()
    subject = SUBJECTS[options.subject]
    model.load_state_dict(torch.load(subject.weights, weights_only=True))
    rows = [row for row in read_questions(options.data / subject.file) if row.part == "train"]

    def said(others: Sequence[Row]) -> np.ndarray:
        log.info("%d sentences with labels, %d without", len(rows), len(others))
        logits = predict(model, Pairs([*rows, *others], tokenizer, LONGEST))
        return folded(metrics.softmax(logits), rows[0].source)

    if options.subject == "names":
        told = taught.texts(options.data)
        names = json.loads((CACHE / "names.json").read_text("utf-8"))
        named = taught.places(told, names, options.most)
        taught.write(rows, named, said([own.row(told[own.story]) for own in named]))
    else:
        stories = taught_climate.texts(options.data)
        found = taught_climate.places(stories)[: options.most]
        claim = rows[0].question.target
        others = [taught_climate.row_of(own, stories, claim) for own in found]
        taught_climate.write(rows, found, said(others))


if __name__ == "__main__":
    main()
