"""What a teacher says of sentences on the climate, for the stance model that ships to learn from.

GWSD has one claim and 1,294 training sentences on it, of which annotators said different things. As
in :mod:`training.taught`, :data:`FILE` holds no text: the ids of GWSD's rows, which the teacher has
seen with their labels, and where sentences on the same subject stand in news without labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from newswire.config import ROOT
from newswire.enrichment.question import Question
from newswire.enrichment.sentences import split_sentences
from newswire.errors import ConfigError
from training.corpora import read_rows, span_of
from training.questions import Row
from training.taught import WORDS, shares, with_answers, write_says

FILE = ROOT / "training" / "taught-climate.jsonl.gz"
SOURCE = "GWSD"
NEWS = {
    "summ_cnndm_more": "article",
    "summ_inshorts": "article",
    "quotes_polnear": "text",
}
"""Where its sentences are looked for, and the field of the text."""
SUFFIX = ".jsonl.gz"

SUBJECT = re.compile(
    r"climate|global warming|greenhouse gas|carbon (?:dioxide|emission|tax|footprint)|fossil fuel"
    r"|emissions|sea[- ]levels?\b|renewable|\bcoal\b|warming|\bglacier|arctic ice|polar ice",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Place:
    """A sentence of a story."""

    corpus: str
    story: str
    sentence: tuple[int, int]
    """``[start, end)`` of the story's text."""


Texts = Mapping[tuple[str, str], str]
"""Of stories, by corpus and id."""


def texts(data: Path) -> Texts:
    """The stories of the training parts that have something on the subject."""
    return {
        (corpus, str(row["id"])): text
        for corpus, field in NEWS.items()
        for row in read_rows(data / f"{corpus}{SUFFIX}")
        if row.get("split") == "train" and SUBJECT.search(text := str(row[field]))
    }


def places(stories: Texts) -> list[Place]:
    """Every sentence on the subject."""
    return [
        Place(corpus, story, (own.start, own.end))
        for (corpus, story), text in stories.items()
        for own in split_sentences(text)
        if SUBJECT.search(said := text[own.start : own.end])
        and WORDS[0] <= len(said.split()) <= WORDS[1]
    ]


def row_of(place: Place, stories: Texts, claim: str) -> Row:
    """The question whether a sentence backs the claim."""
    start, end = place.sentence
    text = stories[place.corpus, place.story][start:end]
    return Row(f"{place.story}:{start}", SOURCE, Question("claim", text, claim), None, "train")


def write(rows: Sequence[Row], found: Sequence[Place], said: np.ndarray, file: Path = FILE) -> None:
    """Write what the teacher says; see :func:`training.taught.write_says`."""
    keys: list[dict[str, object]] = [{"id": row.id} for row in rows]
    keys += [{"corpus": own.corpus, "story": own.story, "sentence": own.sentence} for own in found]
    write_says(keys, said, file)


def taught(rows: Sequence[Row], data: Path, file: Path = FILE) -> Iterator[Row]:
    """``rows``, those of GWSD with the teacher's answers beside their annotators'; then the others.

    Args:
        rows: Of all corpora.
        data: The folder of the corpora.
        file: What the teacher says.

    Raises:
        ConfigError: the file is of other corpora.
    """
    by_id: dict[str, list[float]] = {}
    others: list[tuple[Place, list[float]]] = []
    stories = texts(data)
    for line in read_rows(file):
        match line:
            case {"id": str(key), "says": [*values]}:
                by_id[key] = shares(values)
            case {"corpus": str(corpus), "story": str(key), "sentence": span, "says": [*values]}:
                try:
                    place = Place(corpus, key, span_of(span, stories[corpus, key]))
                except (KeyError, ValueError) as error:
                    raise ConfigError(
                        f"{file}: of {corpus} {key}: {error}", "teach again"
                    ) from error
                others.append((place, shares(values)))
            case _:
                raise ConfigError(f"{file}: not what training.teach writes", "run it again")
    claim = next((row.question.target for row in rows if row.source == SOURCE), "")
    unlabelled = [(row_of(place, stories, claim), says) for place, says in others]
    yield from with_answers(rows, SOURCE, by_id, unlabelled)
