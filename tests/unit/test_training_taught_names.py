from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from newswire.enrichment.question import Question
from newswire.errors import ConfigError
from training.corpora import Part
from training.questions import LABELS, Row
from training.taught import names
from training.taught.answers import write_says

STORY = (
    "Mayor Ada Quill called the harbour plan a gift to nobody but its builders on Monday. "
    "Nobody from Brindle Holdings answered the calls of this newspaper about the plan. "
    "It rained."
)
NAMES = {
    "one": [
        (STORY.index(name), STORY.index(name) + len(name), kind)
        for name, kind in (("Ada Quill", "person"), ("Brindle Holdings", "organisation"))
    ]
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        {"id": "one", "text": STORY, "split": "train"},
        {"id": "two", "text": "", "split": "dev"},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / names.STORIES.removesuffix(".gz")).write_text(lines, "utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "STORIES", names.STORIES.removesuffix(".gz"))


def labelled(part: Part = "train") -> Row:
    question = Question("name", "Ada Quill failed.", "Ada Quill", target_span=(0, 9))
    return Row("n1", names.SOURCE, question, LABELS.index("against"), part)


def test_a_sentence_is_taught_toward_a_name_in_it(data: Path) -> None:
    stories = names.texts(data)
    assert set(stories) == {"one"}
    found = names.places(stories, NAMES, 10)
    questions = {names.row_of(own, stories).question for own in found}
    assert {own.target for own in questions} == {"Ada Quill", "Brindle Holdings"}
    for own in questions:
        assert own.target_span is not None
        assert own.text[slice(*own.target_span)] == own.target
    assert len(names.places(stories, NAMES, 1)) == 1
    assert names.places(stories, {"one": [(*NAMES["one"][0][:2], "place")]}, 10) == []


def test_what_the_teacher_says_stands_beside_the_label_or_alone(data: Path, tmp_path: Path) -> None:
    stories = names.texts(data)
    (place,) = names.places(stories, {"one": NAMES["one"][:1]}, 10)
    file = tmp_path / "said.jsonl.gz"
    said = np.array([[0.2, 0.6, 0.2, 0], [0.1, 0.2, 0.7, 0]])
    write_says([{"id": "n1"}, place], said, file)
    first, second = names.taught([labelled()], data, file)
    assert first.label == LABELS.index("against")
    assert first.chances == pytest.approx((0.1, 0.8, 0.1, 0.0))
    assert second.question == names.row_of(place, stories).question
    assert second.label == LABELS.index("neutral")
    assert second.chances == pytest.approx((0.1, 0.2, 0.7, 0.0))
    assert (second.part, second.source) == ("train", names.SOURCE)
    written = file.read_bytes()
    write_says([{"id": "n1"}, place], said, file)
    assert file.read_bytes() == written


def test_rows_to_score_are_left_as_they_are(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl.gz"
    write_says([{"id": "n1"}], np.array([[1.0, 0, 0, 0]]), file)
    assert list(names.taught([labelled("dev")], data, file)) == [labelled("dev")]


@pytest.mark.parametrize(
    "line",
    ['{"id": "n1"}', '{"story": "gone", "sentence": [0, 1], "name": [0, 1], "says": [1, 0, 0, 0]}'],
)
def test_labels_of_other_corpora_are_told(data: Path, tmp_path: Path, line: str) -> None:
    file = tmp_path / "said.jsonl"
    file.write_text(line + "\n", "utf-8")
    with pytest.raises(ConfigError, match=r"said\.jsonl: "):
        list(names.taught([labelled()], data, file))
