"""What the teacher says of the climate, written down without any text and read again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from newswire.enrichment.question import Question
from newswire.errors import ConfigError
from training import taught_climate
from training.corpora import Part
from training.questions import LABELS, Row

STORY = (
    "The mayor of Brindle Bay was asked about the budget on Monday. "
    "She said that global warming would cost the harbour more than any war. "
    "Coal is out."
)
CLAIM = "It gets warmer"
FAVOR = LABELS.index("favor")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(taught_climate, "NEWS", {"wire": "article"})
    monkeypatch.setattr(taught_climate, "SUFFIX", ".jsonl")
    rows = [
        {"id": "one", "article": STORY, "split": "train"},
        {"id": "two", "article": STORY, "split": "dev"},
        {"id": "three", "article": "It rained in Brindle Bay on Monday.", "split": "train"},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "wire.jsonl").write_text(lines, "utf-8")
    return tmp_path


def annotated(part: Part = "train") -> Row:
    question = Question("claim", "Seas rise.", CLAIM)
    return Row("g1", taught_climate.SOURCE, question, FAVOR, part, (0.8, 0.0, 0.2, 0.0))


def test_a_sentence_on_the_subject_is_found_in_training_stories_alone(data: Path) -> None:
    stories = taught_climate.texts(data)
    (place,) = taught_climate.places(stories)
    row = taught_climate.row_of(place, stories, CLAIM)
    assert row.question.text.startswith("She said that global warming")
    assert (row.question.kind, row.question.target, row.part) == ("claim", CLAIM, "train")


def test_the_teacher_stands_beside_the_annotators_or_alone(data: Path, tmp_path: Path) -> None:
    found = taught_climate.places(taught_climate.texts(data))
    file = tmp_path / "taught.jsonl.gz"
    said = np.array([[0.4, 0.2, 0.4, 0.0], [0.1, 0.2, 0.7, 0.0]])
    taught_climate.write([annotated()], found, said, file)
    first, second = taught_climate.taught([annotated()], data, file)
    assert first.chances == pytest.approx((0.6, 0.1, 0.3, 0.0))
    assert first.label == FAVOR
    assert second.chances == pytest.approx((0.1, 0.2, 0.7, 0.0))
    assert second.question.target == CLAIM
    dev, _ = taught_climate.taught([annotated("dev")], data, file)
    assert dev == annotated("dev")


def test_labels_of_another_corpus_are_refused(data: Path, tmp_path: Path) -> None:
    (place,) = taught_climate.places(taught_climate.texts(data))
    file = tmp_path / "taught.jsonl.gz"
    said = np.array([[0.1, 0.2, 0.7, 0.0]])
    for other in (replace(place, story="gone"), replace(place, sentence=(0, 9999))):
        taught_climate.write([], [other], said, file)
        with pytest.raises(ConfigError, match="teach again"):
            list(taught_climate.taught([annotated()], data, file))
    file = tmp_path / "other.jsonl"
    file.write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(ConfigError, match=r"not what training\.teach writes"):
        list(taught_climate.taught([annotated()], data, file))
