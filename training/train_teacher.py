"""Train a teacher of the stance model: the largest encoder, on corpora of one subject.

    python -m training.train_teacher names|climate|claims [--data DIR] [--fresh]

It is too large to ship. What it says of other passages (``python -m training.teach``) is what the
stance model that ships learns from. Resumes from the last checkpoint under ``.cache/training/``.
Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from training.bases import mpnet_base
from training.cross_encoder import BATCH, CrossEncoder, Pairs
from training.fitting import Fit, freeze, prepare
from training.passes import SEED, train
from training.paths import CACHE, CORPORA
from training.questions import Row, read_questions


@dataclass(frozen=True)
class Subject:
    """What a teacher knows."""

    name: str
    """Of its checkpoints."""
    corpora: tuple[str, ...]
    """Their files' names."""
    passes: int

    @property
    def weights(self) -> Path:
        """What its training leaves."""
        return CACHE / f"{self.name}-pass{self.passes - 1}.pt"

    def rows(self, data: Path) -> list[Row]:
        """Of its corpora in the folder."""
        return [
            row
            for corpus in self.corpora
            for row in read_questions(data / f"{corpus}.jsonl.gz")
            if row.label is not None
        ]


SUBJECTS = {
    "names": Subject("teacher", ("stance_newsmtsc",), 2),
    "climate": Subject("teacher-climate", ("stance_gwsd",), 4),
    "claims": Subject(
        "teacher-claims", ("stance_perspectrum", "stance_ibm_claim", "stance_emergent"), 3
    ),
}
RATE = 3e-5
HEAD_RATE = 3e-4
FROZEN = 3
"""Layers, besides the embeddings."""
LONGEST = 112
"""Tokens of a pair in training; of NewsMTSC one row in 180 has more."""


def teacher() -> tuple[CrossEncoder, Tokenizer]:
    """The model before it is trained, and its tokeniser."""
    encoder, tokens = mpnet_base()
    tokenizer = Tokenizer.from_file(str(tokens))
    tokenizer.no_padding()
    return CrossEncoder(encoder), tokenizer


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("subject", choices=SUBJECTS)
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--fresh", action="store_true", help="ignore the last checkpoint")
    options = parser.parse_args()
    prepare(options.threads, SEED)
    model, tokenizer = teacher()
    freeze(model.encoder, FROZEN)
    subject = SUBJECTS[options.subject]
    rows = subject.rows(options.data)
    own = Pairs([row for row in rows if row.part == "train"], tokenizer, LONGEST)
    dev = Pairs([row for row in rows if row.part == "dev"], tokenizer, 192)
    most = subject.passes * -(-len(own.rows) // BATCH)
    rates = [(model.encoder.parameters(), RATE), (model.classify.parameters(), HEAD_RATE)]
    fit = Fit(model, rates, most, subject.name, options.fresh)
    train(model, ((number, own) for number in range(subject.passes)), dev, fit, subject.name)


if __name__ == "__main__":
    main()
