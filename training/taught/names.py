"""What a teacher says of sentences toward a name.

The sentences are those of NewsMTSC, which the teacher has seen with their labels, and others of
PolNeAR's stories, which have none: newspapers' politics as well.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from newswire.enrichment.question import Question
from newswire.enrichment.sentences import split_sentences
from training.corpora import read_rows, span_of
from training.paths import CACHE
from training.questions import Row
from training.taught.answers import Key, with_answers

FILE = Path(__file__).with_name("names.jsonl.gz")
STORIES = "quotes_polnear.jsonl.gz"
SOURCE = "NewsMTSC"
"""What its labels are."""

MOST = 8000
"""Sentences without a label: as many as NewsMTSC has."""
WORDS = (8, 60)
"""Of a sentence."""


def texts(data: Path) -> dict[str, str]:
    """The stories of PolNeAR's training part by id."""
    rows = read_rows(data / STORIES)
    return {str(row["id"]): str(row["text"]) for row in rows if row["split"] == "train"}


def places(
    stories: Mapping[str, str], names: Mapping[str, Sequence[tuple[int, int, str]]], most: int
) -> list[Key]:
    """Sentences that name a person or an organisation, drawn by chance; one name of each.

    Args:
        stories: Texts by id.
        names: ``(start, end, kind)`` of each story (:mod:`training.silver_names`).
        most: How many.
    """
    chance = random.Random(most)
    out: list[Key] = []
    for story, text in stories.items():
        own = [[a, b] for a, b, kind in names.get(story, ()) if kind != "place"]
        for sentence in split_sentences(text):
            inside = [[a, b] for a, b in own if sentence.start <= a and b <= sentence.end]
            words = len(text[sentence.start : sentence.end].split())
            if inside and WORDS[0] <= words <= WORDS[1]:
                span = [sentence.start, sentence.end]
                out.append({"story": story, "sentence": span, "name": chance.choice(inside)})
    return chance.sample(out, min(most, len(out)))


def row_of(key: Key, stories: Mapping[str, str]) -> Row:
    """The question toward the name; both spans of the key are of the story's text."""
    story = str(key["story"])
    text = stories[story]
    start, end = span_of(key["sentence"], text)
    first, last = span_of(key["name"], text)
    question = Question(
        "name", text[start:end], text[first:last], target_span=(first - start, last - start)
    )
    return Row(f"{story}:{start}:{first}", SOURCE, question, None, "train")


def unlabelled(rows: Sequence[Row], data: Path) -> list[tuple[Key, Row]]:
    """What else the teacher is asked, beside the ``rows`` of NewsMTSC."""
    stories = texts(data)
    names = json.loads((CACHE / "names.json").read_text("utf-8"))
    return [(key, row_of(key, stories)) for key in places(stories, names, MOST)]


def taught(rows: Sequence[Row], data: Path, file: Path = FILE) -> Iterator[Row]:
    """As :func:`training.taught.answers.with_answers`; ``data`` is the folder of the corpora."""
    stories = texts(data)
    return with_answers(rows, (SOURCE,), file, lambda key: row_of(key, stories))
