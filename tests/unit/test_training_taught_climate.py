"""What the teacher says of the climate, written down without any text and read again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from newswire.enrichment.question import Question
from newswire.errors import ConfigError
from training.corpora import Part
from training.questions import LABELS, Row
from training.taught import climate
from training.taught.answers import write_says

STORY = (
    "The mayor of Brindle Bay was asked about the budget on Monday. "
    "She said that global warming would cost the harbour more than any war. "
    "Coal is out."
)
CLAIM = "It gets warmer"
FAVOR = LABELS.index("favor")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(climate, "NEWS", {"wire": "article"})
    monkeypatch.setattr(climate, "SUFFIX", ".jsonl")
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
    return Row("g1", climate.SOURCE, question, FAVOR, part, (0.8, 0.0, 0.2, 0.0))


def test_a_sentence_on_the_subject_is_found_in_training_stories_alone(data: Path) -> None:
    stories = climate.texts(data)
    (place,) = climate.places(stories)
    row = climate.row_of(place, stories, CLAIM)
    assert row.question.text.startswith("She said that global warming")
    assert (row.question.kind, row.question.target, row.part) == ("claim", CLAIM, "train")


def test_the_teacher_stands_beside_the_annotators_or_alone(data: Path, tmp_path: Path) -> None:
    found = climate.places(climate.texts(data))
    file = tmp_path / "taught.jsonl.gz"
    said = np.array([[0.4, 0.2, 0.4, 0.0], [0.1, 0.2, 0.7, 0.0]])
    write_says([{"id": "g1"}, *found], said, file)
    first, second = climate.taught([annotated()], data, file)
    assert first.chances == pytest.approx((0.6, 0.1, 0.3, 0.0))
    assert first.label == FAVOR
    assert second.chances == pytest.approx((0.1, 0.2, 0.7, 0.0))
    assert second.question.target == CLAIM
    dev, _ = climate.taught([annotated("dev")], data, file)
    assert dev == annotated("dev")


def test_labels_of_another_corpus_are_refused(data: Path, tmp_path: Path) -> None:
    (place,) = climate.places(climate.texts(data))
    file = tmp_path / "taught.jsonl.gz"
    said = np.array([[0.1, 0.2, 0.7, 0.0]])
    for other in ({"story": "gone"}, {"sentence": [0, 9999]}):
        write_says([{**place, **other}], said, file)
        with pytest.raises(ConfigError, match="teach again"):
            list(climate.taught([annotated()], data, file))
    file = tmp_path / "other.jsonl"
    file.write_text('{"id": 1}\n', "utf-8")
    with pytest.raises(ConfigError, match=r"not what training\.teach writes"):
        list(climate.taught([annotated()], data, file))
