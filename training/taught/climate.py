"""What a teacher says of sentences on the climate.

GWSD has one claim and 1,294 training sentences on it, of which annotators said different things;
the teacher has seen them. Without labels are sentences on the same subject in news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from newswire.enrichment.question import Question
from newswire.enrichment.sentences import split_sentences
from training.corpora import read_rows, span_of
from training.questions import Row
from training.taught.answers import Key, with_answers
from training.taught.names import WORDS

FILE = Path(__file__).with_name("climate.jsonl.gz")
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


def places(stories: Texts) -> list[Key]:
    """Every sentence on the subject."""
    return [
        {"corpus": corpus, "story": story, "sentence": [own.start, own.end]}
        for (corpus, story), text in stories.items()
        for own in split_sentences(text)
        if SUBJECT.search(said := text[own.start : own.end])
        and WORDS[0] <= len(said.split()) <= WORDS[1]
    ]


def row_of(key: Key, stories: Texts, claim: str) -> Row:
    """The question whether a sentence backs the claim."""
    story = str(key["story"])
    text = stories[str(key["corpus"]), story]
    start, end = span_of(key["sentence"], text)
    question = Question("claim", text[start:end], claim)
    return Row(f"{story}:{start}", SOURCE, question, None, "train")


def _claim(rows: Sequence[Row]) -> str:
    return next((row.question.target for row in rows if row.source == SOURCE), "")


def unlabelled(rows: Sequence[Row], data: Path) -> list[tuple[Key, Row]]:
    """What else the teacher is asked, beside the ``rows`` of GWSD."""
    stories, claim = texts(data), _claim(rows)
    return [(key, row_of(key, stories, claim)) for key in places(stories)]


def taught(rows: Sequence[Row], data: Path, file: Path = FILE) -> Iterator[Row]:
    """As :func:`training.taught.answers.with_answers`; ``data`` is the folder of the corpora."""
    stories, claim = texts(data), _claim(rows)
    return with_answers(rows, (SOURCE,), file, lambda key: row_of(key, stories, claim))
