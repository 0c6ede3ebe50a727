"""What the teacher says of claims and of outlets' headlines on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from newswire.enrichment.question import Question
from newswire.errors import ConfigError
from training.corpora import Part
from training.questions import LABELS, Row
from training.taught import claims
from training.taught.answers import Key, write_says

AGAINST = LABELS.index("against")


def headline(name: str, text: str, claim: str = "The port closes", part: Part = "train") -> Row:
    return Row(name, "Emergent", Question("headline", text, claim), AGAINST, part)


ROWS = [
    headline("e1", "Port to close, mayor says"),
    headline("e2", "Mayor denies that port will close"),
    headline("e3", "PORT TO CLOSE, MAYOR SAYS"),
    headline("e4", "A cow had nine calves", claim="Nine calves"),
    headline("e5", "Port stays open", part="dev"),
    Row("p1", "Perspectrum", Question("claim", "It feeds us", "Keep the port"), 0, "train"),
]


def question_of(key: Key) -> tuple[str, str, str]:
    own = claims.row_of(key, {row.id: row for row in ROWS}).question
    return own.kind, own.target, own.text


def test_an_argument_is_asked_of_a_claim_that_is_near_to_its_own() -> None:
    def vectors(texts: Sequence[str]) -> np.ndarray:
        return np.array([[0, 1, 0] if "port" in text else [0.6, 0.8, 0] for text in texts])

    others = [
        Row("p2", "IBM-ClaimStance", Question("claim", "It costs us", "Shut it"), 0, "train"),
        Row("p3", "Perspectrum", Question("claim", "It is big", "Keep the port"), 0, "train"),
    ]
    found = claims.arguments([*ROWS, *others], vectors)
    assert found == [
        {"claim": "p1", "argument": "p2"},
        {"claim": "p2", "argument": "p1"},
        {"claim": "p2", "argument": "p3"},
    ]
    asked = claims.row_of(found[1], {row.id: row for row in (*ROWS, *others)})
    assert asked.question == Question("claim", "It feeds us", "Shut it")
    assert claims.arguments([*ROWS, *others], lambda texts: np.eye(len(texts))) == []


def test_headlines_of_one_claim_are_asked_of_one_another() -> None:
    one, other = ROWS[0].question.text, ROWS[1].question.text
    found = claims.headlines([row for row in ROWS if row.part == "train"], 10)
    assert {question_of(key) for key in found} == {
        ("headline", one, other),
        ("headline", other, one),
    }
    assert len(claims.headlines(ROWS, 1)) == 1


def test_the_teacher_stands_beside_labels_of_each_corpus_or_alone(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl.gz"
    key = {"headline": "e1", "other": "e2"}
    says = np.array([[0.2, 0.6, 0.2, 0], [0.4, 0.6, 0, 0], [0.1, 0.8, 0.1, 0]])
    write_says([{"id": "e1"}, {"id": "p1"}, key], says, file)
    *known, other = claims.taught(ROWS, tmp_path, file)
    assert [row.id for row in known] == [row.id for row in ROWS]
    assert known[0].chances == pytest.approx((0.1, 0.8, 0.1, 0))
    assert known[-1].chances == pytest.approx((0.7, 0.3, 0, 0))
    assert known[1:-1] == ROWS[1:-1]
    assert (other.question.target, other.label) == (ROWS[0].question.text, AGAINST)
    assert other.chances == pytest.approx((0.1, 0.8, 0.1, 0))


def test_a_headline_that_is_gone_is_told(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl.gz"
    write_says([{"headline": "e1", "other": "e5"}], np.array([[1.0, 0, 0, 0]]), file)
    with pytest.raises(ConfigError, match="'e5'"):
        list(claims.taught(ROWS, tmp_path, file))
