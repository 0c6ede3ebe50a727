"""What the teacher says of sentences toward a name, for the stance model that ships to learn from.

:data:`FILE` holds no text: where a sentence of a corpus stands, and the teacher's probabilities.
The sentences are those of NewsMTSC, which the teacher has seen with their labels, and others of
PolNeAR's stories, which have none: newspapers' politics as well.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from newswire.config import ROOT
from newswire.enrichment.question import Question
from newswire.enrichment.sentences import split_sentences
from newswire.errors import ConfigError
from training.corpora import read_rows, span_of
from training.questions import LABELS, Row

FILE = ROOT / "training" / "taught.jsonl.gz"
STORIES = "quotes_polnear.jsonl.gz"
SOURCE = "NewsMTSC"
"""What its labels are."""

GOLD = 0.5
"""Weight of a row's own label, where it has one, beside what the teacher says."""
WORDS = (8, 60)
"""Of a sentence."""
STEPS = 1000
"""Probabilities are written in these."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """A sentence of a story, and a name in it: both as ``[start, end)`` of the story's text."""

    story: str
    sentence: Span
    name: Span

    def row(self, text: str) -> Row:
        """The question toward the name; ``text`` is the story's."""
        start, end = self.sentence
        first, last = self.name
        question = Question(
            "name", text[start:end], text[first:last], target_span=(first - start, last - start)
        )
        return Row(f"{self.story}:{start}:{first}", SOURCE, question, None, "train")


def texts(data: Path) -> dict[str, str]:
    """The stories of PolNeAR's training part by id."""
    rows = read_rows(data / STORIES)
    return {str(row["id"]): str(row["text"]) for row in rows if row["split"] == "train"}


def places(
    stories: Mapping[str, str], names: Mapping[str, Sequence[tuple[int, int, str]]], most: int
) -> list[Place]:
    """Sentences that name a person or an organisation, drawn by chance; one name of each.

    Args:
        stories: Texts by id.
        names: ``(start, end, kind)`` of each story (:mod:`training.silver_names`).
        most: How many.
    """
    chance = random.Random(most)
    out = []
    for story, text in stories.items():
        own = [(a, b) for a, b, kind in names.get(story, ()) if kind != "place"]
        for sentence in split_sentences(text):
            inside = [(a, b) for a, b in own if sentence.start <= a and b <= sentence.end]
            words = len(text[sentence.start : sentence.end].split())
            if inside and WORDS[0] <= words <= WORDS[1]:
                span = (sentence.start, sentence.end)
                out.append(Place(story, span, chance.choice(inside)))
    return chance.sample(out, min(most, len(out)))


def write(rows: Sequence[Row], found: Sequence[Place], said: np.ndarray, file: Path = FILE) -> None:
    """Write what the teacher says.

    Args:
        rows: Of NewsMTSC.
        found: Of PolNeAR.
        said: Probabilities ``[rows + found, labels]``, in this order.
        file: Where to.
    """
    keys: list[dict[str, object]] = [{"id": row.id} for row in rows]
    keys += [{"story": own.story, "sentence": own.sentence, "name": own.name} for own in found]
    write_says(keys, said, file)


def write_says(keys: Sequence[Mapping[str, object]], said: np.ndarray, file: Path) -> None:
    """Write a line for each key, with the probabilities ``[keys, labels]`` of what it tells."""
    # No time in the file's head: the same labels are the same bytes.
    with gzip.GzipFile(file, "wb", mtime=0) as out:
        for key, own in zip(keys, said, strict=True):
            says = [round(float(value) * STEPS) for value in own]
            out.write(json.dumps({**key, "says": says}, separators=(",", ":")).encode() + b"\n")


def taught(rows: Sequence[Row], data: Path, file: Path = FILE) -> Iterator[Row]:
    """``rows``, those of NewsMTSC with the teacher's answers beside their labels; then the others.

    Args:
        rows: Of all corpora.
        data: The folder of the corpora.
        file: What the teacher says.

    Raises:
        ConfigError: the file is of other corpora.
    """
    stories = texts(data)
    by_id: dict[str, list[float]] = {}
    others: list[tuple[Place, list[float]]] = []
    for line in read_rows(file):
        match line:
            case {"id": str(key), "says": [*values]}:
                by_id[key] = shares(values)
            case {"story": str(key), "sentence": sentence, "name": name, "says": [*values]}:
                if key not in stories:
                    raise ConfigError(f"{file}: {data / STORIES} has no story {key}", "teach again")
                try:
                    spans = span_of(sentence, stories[key]), span_of(name, stories[key])
                except ValueError as error:
                    raise ConfigError(f"{file}: of {key}: {error}", "teach again") from error
                others.append((Place(key, *spans), shares(values)))
            case _:
                raise ConfigError(f"{file}: not what training.teach writes", "run it again")
    unlabelled = [(place.row(stories[place.story]), says) for place, says in others]
    yield from with_answers(rows, SOURCE, by_id, unlabelled)


def with_answers(
    rows: Sequence[Row],
    source: str,
    by_id: Mapping[str, Sequence[float]],
    others: Iterable[tuple[Row, Sequence[float]]],
) -> Iterator[Row]:
    """``rows`` with a teacher's answers beside what is right; then others, with its answers alone.

    Args:
        rows: Of all corpora.
        source: Of the rows that it knows.
        by_id: What it says of them.
        others: Rows without a label, and what it says of each.
    """
    for row in rows:
        if row.part == "train" and row.source == source and row.id in by_id:
            assert row.label is not None
            gold = np.array(row.chances or np.eye(len(LABELS))[row.label])
            mixed = GOLD * gold + (1 - GOLD) * np.array(by_id[row.id])
            yield replace(row, chances=tuple(map(float, mixed)))
        else:
            yield row
    for row, says in others:
        yield replace(row, label=int(np.argmax(says)), chances=tuple(says))


def shares(says: Sequence[object]) -> list[float]:
    """What was written, as probabilities."""
    values = [float(str(value)) for value in says]
    return [value / sum(values) for value in values]
