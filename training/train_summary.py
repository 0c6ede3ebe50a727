"""Train the summary head and export it.

    python -m training.train_summary [--data DIR] [--models DIR] [--stories 4000]

Labels are the sentences of the greedy oracle. Needs the extra ``train``; some ten minutes on one
core, most of it for encoding the stories, which is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from newswire.config import ROOT
from newswire.enrichment.encoder import DIMENSION, Encoder
from newswire.enrichment.runtime import Floats, Threads
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.summary import choose, features
from training.corpora import read_rows
from training.export_summary import export_summary
from training.paths import CACHE, CORPORA
from training.rouge import oracle, rouge1
from training.summary_head import SummaryHead

log = logging.getLogger(__name__)

SEED = 20230101
SENTENCES = 60
"""Of a story, from the top."""
BATCH = 32
RATE = 1e-3
EPOCHS = 15

# How many stories of each corpus's training part; all of the development parts.
SHARES = {"summ_cnndm_more.jsonl.gz": 0.75, "summ_inshorts.jsonl.gz": 0.25}
DEV_STORIES = {"summ_cnndm_more.jsonl.gz": 500, "summ_inshorts.jsonl.gz": 205}


@dataclass(frozen=True)
class Example:
    """A story, encoded and labelled."""

    sentences: list[str]
    vectors: Floats
    facts: Floats
    labels: Floats
    reference: str
    source: str

    @property
    def lead(self) -> str:
        """The first three sentences."""
        return " ".join(self.sentences[:3])


def examples(data: Path, part: str, stories: int, encoder: Encoder) -> list[Example]:
    """Read, split, label and encode ``stories`` of a part, or all that there are."""
    out: list[Example] = []
    for file, share in SHARES.items():
        wanted = int(stories * share) if part == "train" else DEV_STORIES[file]
        rows = [row for row in read_rows(data / file) if row["split"] == part][:wanted]
        for start in range(0, len(rows), 100):
            chunk = rows[start : start + 100]
            texts = []
            for row in chunk:
                article = str(row["article"])
                texts.append(
                    [article[e.start : e.end] for e in split_sentences(article)][:SENTENCES]
                )
            for row, sentences, pieces in zip(chunk, texts, encoder.encode(texts), strict=True):
                if len(sentences) < 4:
                    continue
                vectors = np.stack([piece.vector for piece in pieces])
                inputs = features(vectors, [len(s.split()) for s in sentences])
                labels = np.zeros(len(sentences), np.float32)
                labels[oracle(sentences, str(row["summary"]))] = 1
                out.append(
                    Example(
                        sentences,
                        vectors,
                        inputs["facts"],
                        labels,
                        str(row["summary"]),
                        str(row["source"]),
                    )
                )
            log.info("%s, %s: %d of %d stories", file, part, start + len(chunk), len(rows))
    return out


def kept(data: Path, part: str, stories: int, models: Path) -> list[Example]:
    """:func:`examples`, from the cache where they were made before."""
    weights = (models / "encoder" / "model.int8.onnx").read_bytes()
    key = hashlib.sha256(weights + f"{part} {stories} {SENTENCES}".encode()).hexdigest()[:16]
    file = CACHE / f"summary-{part}-{key}.pt"
    if file.exists():
        with torch.serialization.safe_globals([]):
            saved = torch.load(file, weights_only=True)
    else:
        encoder = Encoder(models / "encoder", "model.int8.onnx", Threads(1))
        saved = [
            {
                name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value
                for name, value in vars(example).items()
            }
            for example in examples(data, part, stories, encoder)
        ]
        CACHE.mkdir(parents=True, exist_ok=True)
        torch.save(saved, file)
    return [
        Example(**{k: v.numpy() if isinstance(v, Tensor) else v for k, v in example.items()})
        for example in saved
    ]


def collate(batch: list[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """``vectors``, ``facts``, ``labels`` and ``padding`` of a batch."""
    width = max(len(example.labels) for example in batch)
    vectors = torch.zeros(len(batch), width, DIMENSION)
    facts = torch.zeros(len(batch), width, batch[0].facts.shape[1])
    labels = torch.zeros(len(batch), width)
    padding = torch.ones(len(batch), width, dtype=torch.bool)
    for row, example in enumerate(batch):
        count = len(example.labels)
        vectors[row, :count] = torch.from_numpy(example.vectors)
        facts[row, :count] = torch.from_numpy(example.facts)
        labels[row, :count] = torch.from_numpy(example.labels)
        padding[row, :count] = False
    return vectors, facts, labels, padding


@torch.no_grad()
def score(head: SummaryHead, dev: list[Example]) -> dict[str, float]:
    """ROUGE-1 F1, in points, of the chosen summary and of lead-3, for each corpus."""
    head.eval()
    values: dict[str, list[float]] = {}
    for example in dev:
        vectors, facts, _, padding = collate([example])
        logits = head(vectors, facts, padding)[0].numpy()
        chosen = choose(example.sentences, logits, example.vectors)
        made = " ".join(example.sentences[at] for at in chosen)
        values.setdefault(example.source, []).append(rouge1(made, example.reference))
        values.setdefault(f"{example.source} lead-3", []).append(
            rouge1(example.lead, example.reference)
        )
    return {name: 100 * float(np.mean(found)) for name, found in values.items()}


def train(head: SummaryHead, train_data: list[Example], dev: list[Example]) -> None:
    """Fit ``head`` and leave it at its best epoch on ``dev``."""
    optimizer = torch.optim.AdamW(head.parameters(), RATE, weight_decay=0.02)
    total = EPOCHS * -(-len(train_data) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, total_steps=total, pct_start=0.1
    )
    best, state = 0.0, head.state_dict()
    for epoch in range(EPOCHS):
        head.train()
        order = torch.randperm(len(train_data)).tolist()
        losses = []
        for start in range(0, len(order), BATCH):
            batch = [train_data[n] for n in order[start : start + BATCH]]
            vectors, facts, labels, padding = collate(batch)
            logits = head(vectors, facts, padding).masked_fill(padding, -1e4)
            # The oracle's sentences share the probability: a ranking within the story.
            wanted = labels / labels.sum(1, keepdim=True).clamp(min=1)
            loss = nn.functional.cross_entropy(logits, wanted)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        scores = score(head, dev)
        mean = float(np.mean([value for name, value in scores.items() if "lead" not in name]))
        log.info(
            "epoch %d, loss %.4f: %s",
            epoch + 1,
            np.mean(losses),
            {name: round(value, 2) for name, value in scores.items()},
        )
        if mean > best:
            best, state = mean, {name: value.clone() for name, value in head.state_dict().items()}
    head.load_state_dict(state)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--stories", type=int, default=4000)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    train_data = kept(options.data, "train", options.stories, options.models)
    dev = kept(options.data, "dev", 0, options.models)
    log.info("%d stories to train on, %d to select by", len(train_data), len(dev))
    head = SummaryHead(DIMENSION)
    train(head, train_data, dev)
    log.info("best: %s", score(head, dev))
    export_summary(head, options.models / "summary")


if __name__ == "__main__":
    main()
