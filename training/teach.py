"""Let a teacher say what it thinks: the labels that the stance model that ships learns from.

    python -m training.teach names|climate|claims [--data DIR]

Writes ``training/taught/names.jsonl.gz`` and so on. Needs the extra ``train``, what
``python -m training.train_teacher`` left under ``.cache/training/``, and for names those of
``python -m training.silver_names``.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch

from training import metrics
from training.cross_encoder import Pairs, predict
from training.fitting import prepare
from training.passes import SEED
from training.paths import CORPORA
from training.questions import folded
from training.taught import claims, climate, names
from training.taught.answers import Key, write_says
from training.train_teacher import LONGEST, SUBJECTS, teacher

log = logging.getLogger(__name__)

MODULES = {"names": names, "climate": climate, "claims": claims}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    prepare(options.threads, SEED)
    model, tokenizer = teacher()
    subject, module = SUBJECTS[options.subject], MODULES[options.subject]
    model.load_state_dict(torch.load(subject.weights, weights_only=True))
    rows = [row for row in subject.rows(options.data) if row.part == "train"]
    others = module.unlabelled(rows, options.data)
    log.info("%d rows with labels, %d without", len(rows), len(others))
    every = [*rows, *(row for _, row in others)]
    sure = metrics.softmax(predict(model, Pairs(every, tokenizer, LONGEST)))
    said = [folded(own[None], row.source) for own, row in zip(sure, every, strict=True)]
    keys: list[Key] = [{"id": row.id} for row in rows]
    write_says([*keys, *(key for key, _ in others)], np.concatenate(said), module.FILE)


if __name__ == "__main__":
    main()
