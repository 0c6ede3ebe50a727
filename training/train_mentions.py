"""Learn who is meant: the weights of :mod:`newswire.enrichment.quotes.resolver`, from GUM.

    python -m training.train_mentions [--data DIR] [--models DIR]

The lexicon comes first: which pronoun follows a first name is counted in the news of CNN and Daily
Mail, and which nouns are people in GUM's training part. Needs neither torch nor a GPU.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from newswire.config import ROOT
from newswire.enrichment.quotes.entities import Name, merge
from newswire.enrichment.quotes.entities import NamedEntity as Entity
from newswire.enrichment.quotes.mentions import FEMALE, Lexicon, Mention, head_of
from newswire.enrichment.quotes.reader import Reader, ShippedWindowModel
from newswire.enrichment.quotes.resolver import Resolver
from newswire.enrichment.quotes.scene import Features, Scene
from newswire.enrichment.runtime import Threads
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.stem import Stem
from newswire.enrichment.tokenizer import Tokenizer
from training.corpora import read_rows
from training.paths import CORPORA
from training.seal import FILES
from training.speaker_scores import nearest, right, speaker_scores

ROUNDS = 400
RATE = 0.05
DECAY = 0.003
FEWEST = 5
"""Times that a first name or a noun must be seen."""

_FULL_NAME = re.compile(r"\b([A-Z][a-z]+) (?:[A-Z]\. )?[A-Z][a-z]+\b")
_PRONOUN = re.compile(r"\b(he|she|his|her|him)\b", re.IGNORECASE)
REACH = 120
"""Characters after a name in which the first pronoun counts, where no other name comes before."""


@dataclass(frozen=True)
class Asked:
    """A document of GUM: its entities, and what its mentions stand for."""

    id: str
    part: str
    genre: str
    text: str
    entities: list[Entity]
    mentions: list[Mention]
    gold: list[list[tuple[int, int]]]
    """The names of each mention's chain; none: it stands for nobody who is named."""


def first_names(texts: Iterable[str]) -> dict[str, float]:
    """Of each first name: the share of "she", smoothed."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for text in texts:
        names = list(_FULL_NAME.finditer(text))
        for name, after in zip(names, [*names[1:], None], strict=False):
            end = min(name.end() + REACH, after.start() if after else len(text))
            found = _PRONOUN.search(text, name.end(), end)
            if found:
                counts[name.group(1).lower()][found.group().lower() in FEMALE] += 1
    return {
        name: round((she + 0.5) / (he + she + 1), 3)
        for name, (he, she) in sorted(counts.items())
        if he + she >= FEWEST
    }


def heads(path: Path) -> dict[str, float]:
    """Of each head noun of the training part: how often it is a person."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in read_rows(path):
        mentions = row["mentions"]
        assert isinstance(mentions, list)
        for own in mentions if row["split"] == "train" else ():
            if own["form"] == "nominal" and own["type"] in ("person", "organization"):
                phrase = str(row["text"])[slice(*own["span"])].lower().split()
                counts[head_of(phrase)][own["type"] == "person"] += 1
    return {
        head: round((person + 0.5) / (other + person + 1), 3)
        for head, (other, person) in sorted(counts.items())
        if other + person >= 2
    }


def asked(path: Path, names: dict[str, tuple[Name, ...]]) -> list[Asked]:
    """The documents, with the entities that ``names`` (by document) merge into."""
    out = []
    for row in read_rows(path):
        text, mentions, questions = str(row["text"]), row["mentions"], row["ask"]
        assert isinstance(mentions, list)
        assert isinstance(questions, list)
        chains: dict[object, list[tuple[int, int]]] = defaultdict(list)
        for own in mentions:
            if own["form"] == "name":
                chains[own["chain"]].append(tuple(own["span"]))
        out.append(
            Asked(
                str(row["id"]),
                str(row["split"]),
                str(row.get("genre", "")),
                text,
                merge(text, names[str(row["id"])]),
                [Mention(*own["span"]) for own in questions],
                [chains[own["chain"]] for own in questions],
            )
        )
    return out


def examples(
    documents: Sequence[Asked], lexicon: Lexicon
) -> list[tuple[list[Features], list[bool]]]:
    """The options of every mention, with which of them are right; earlier ones resolved by gold."""
    out = []
    for document in documents:
        scene = Scene(document.text, document.entities, lexicon)
        order = sorted(range(len(document.mentions)), key=lambda n: document.mentions[n].start)
        for number in order:
            mention, gold = document.mentions[number], document.gold[number]
            options = scene.options(mention)
            hits = [
                right(nearest(None if n is None else document.entities[n], mention), gold)
                for n, _ in options
            ]
            if not any(hits):
                hits[-1] = True  # its name wasn't found: none is the best that can be said
            scene.note(mention, next(e for (e, _), hit in zip(options, hits, strict=True) if hit))
            out.append(([features for _, features in options], hits))
    return out


def fit(
    rows: Sequence[tuple[list[Features], list[bool]]], decay: float = DECAY
) -> dict[str, float]:
    """Maximise the likelihood of the right options (softmax over all), by Adam."""
    names = sorted({name for features, _ in rows for own in features for name in own})
    index = {name: n for n, name in enumerate(names)}
    at, column, value, starts = [], [], [], [0]
    hits = []
    count = 0
    for features, own_hits in rows:
        for own in features:
            for name, number in own.items():
                at.append(count)
                column.append(index[name])
                value.append(number)
            count += 1
        hits += own_hits
        starts.append(count)
    rows_at, columns, values = np.array(at), np.array(column), np.array(value)
    gold = np.array(hits)
    owner = np.repeat(np.arange(len(rows)), np.diff(starts))
    first = np.array(starts[:-1])
    weights = np.zeros(len(names))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, ROUNDS + 1):
        scores = np.bincount(rows_at, values * weights[columns], minlength=count)
        scores -= np.maximum.reduceat(scores, first)[owner]
        odds = np.exp(scores)
        every = odds / np.add.reduceat(odds, first)[owner]
        good = np.where(gold, odds, 0)
        wanted = good / np.add.reduceat(good, first)[owner]
        slope = np.bincount(columns, (every - wanted)[rows_at] * values, minlength=len(names))
        slope = slope / len(rows) + decay * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(own), 4) for name, own in zip(names, weights, strict=True)}


def score(documents: Sequence[Asked], resolver: Resolver) -> dict[str, float]:
    """F1 over the mentions whose chain has a name, and accuracy over all."""
    return speaker_scores(
        [
            (nearest(entity, mention), gold)
            for own in documents
            for mention, entity, gold in zip(
                own.mentions,
                resolver.resolve(own.text, own.entities, own.mentions),
                own.gold,
                strict=True,
            )
        ]
    )


def found_names(models: Path, corpus: Path) -> dict[str, tuple[Name, ...]]:
    """The names of each document, as the reader that ships finds them."""
    stem, window, roles = (models / FILES[task][1] for task in ("stem", "reader", "roles"))
    model = ShippedWindowModel(window, roles, Stem(stem))
    reader = Reader(model, Tokenizer(models / "encoder"), Threads())
    rows = list(read_rows(corpus))
    texts = [str(row["text"]) for row in rows]
    readings = reader.read([(text, split_sentences(text)) for text in texts])
    return {str(row["id"]): own.names for row, own in zip(rows, readings, strict=True)}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    options = parser.parse_args()
    corpus = options.data / "mentions_gum.jsonl.gz"
    news = read_rows(options.data / "summ_cnndm_more.jsonl.gz")
    lexicon = Lexicon(
        first_names(str(row["article"]) for row in news if row["split"] == "train"), heads(corpus)
    )
    documents = asked(corpus, found_names(options.models, corpus))
    training = [own for own in documents if own.part == "train"]
    weights = fit(examples(training, lexicon))
    resolver = Resolver(weights, lexicon)
    for part in ("train", "dev"):
        own = [document for document in documents if document.part == part]
        sys.stdout.write(f"{part} {score(own, resolver)}\n")
    folder = options.models / "mentions"
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        "weights": weights,
        "female": lexicon.female,
        "person": lexicon.person,
        "boldness": resolver.boldness,
    }
    (folder / "model.json").write_text(json.dumps(stored, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
