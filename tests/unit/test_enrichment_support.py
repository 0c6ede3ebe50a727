"""Whether a body supports a sentence that a model wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.config import ROOT
from newswire.enrichment.summary.support import Body
from newswire.stories.enriched import Span
from training.evaluate_support import FILE, agreement

SENTENCES = (
    "Harbour pilots in Brindle Bay voted on Friday to end a strike of nine days.",
    "Their union, led by Marit Esker's brother Paul, won a rise of 1,250 crowns a month.",
    "Ships were moving again by noon, the port authority said.",
)


def spans(*sentences: str) -> list[Span]:
    out, at = [], 0
    for sentence in sentences:
        out.append(Span(text=sentence, start=at, end=at + len(sentence)))
        at += len(sentence) + 1
    return out


BODY = Body(spans(*SENTENCES))


def evidence(sentence: str) -> list[int]:
    return [SENTENCES.index(span.text) for span in BODY.evidence(sentence)]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        (SENTENCES[0], [0]),
        ("Pilots voted to end their strike after 9 days.", [0]),
        ("The nine-day strike of harbour pilots ended on Friday.", [0]),
        ("Ships moved again after pilots in Brindle Bay ended their strike.", [0, 2]),
        ("A rise of 1250 crowns was won by the union of Marit Esker’s brother.", [1]),
    ],
    ids=["verbatim", "digits", "compound", "fused", "thousands"],
)
def test_what_the_body_says_is_supported_by_the_sentences_that_say_it(
    sentence: str, shown: list[int]
) -> None:
    assert evidence(sentence) == shown


@pytest.mark.parametrize(
    "sentence",
    [
        "Pilots voted to end a strike of ten days.",
        "Pilots voted to end a strike of 12 days.",
        "Pilots in Harrow Bay voted on Friday to end a strike of nine days.",
        "John Esker won a rise of 1,250 crowns a month.",
        "Passengers were stranded for weeks as the ferries stayed in the harbour.",
        "He said so.",
        "",
        "…",
    ],
    ids=["number", "digits", "name", "first-name", "words", "says-little", "nothing", "marks"],
)
def test_what_the_body_does_not_say_is_not_supported(sentence: str) -> None:
    assert evidence(sentence) == []


def test_a_capital_that_only_begins_the_sentence_makes_no_name() -> None:
    assert evidence("Yesterday pilots voted to end a strike of nine days.") == [0]
    assert evidence("On Yesterday pilots voted to end a strike of nine days.") == []


def test_evidence_is_scored_by_the_share_of_the_words_that_it_holds() -> None:
    (first, second) = BODY.evidence("Ships moved again; pilots voted.")
    assert (first.score, second.score) == (0.4, 0.4)


def test_a_story_without_sentences_supports_nothing() -> None:
    assert Body(()).evidence("Pilots voted.") == ()


@given(st.text(max_size=200), st.text(min_size=1, max_size=200))
def test_any_text_is_held_against_any_other(sentence: str, body: str) -> None:
    for span in Body(spans(body)).evidence(sentence):
        assert span.text == body
        assert 0 < span.score <= 1


def test_agreement_with_people_is_counted_as_it_is_named() -> None:
    wrong = np.array([True, True, True, True, False, False])
    scores = agreement(np.array([True, True, True, False, True, False]), wrong)
    assert scores["errors caught"] == 0.75
    assert scores["good kept"] == 0.5
    assert scores["balanced"] == 0.625
    assert scores["precision"] == 0.75
    assert scores["accuracy"] == scores["dropped"] == pytest.approx(4 / 6)
    assert scores["kappa"] == pytest.approx(0.25)


def evaluated(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "training.evaluate_support", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def test_the_evaluation_prints_a_table_for_each_part(tmp_path: Path) -> None:
    article = " ".join(SENTENCES)
    rows = [
        {"id": f"{part}{n}", "split": part, "article": article, "candidate": text, **verdict}
        for part in ("train", "val")
        for n, (text, verdict) in enumerate(
            [
                (SENTENCES[2], {"candidate_has_error": False}),
                ("Ships were moving by 5 p.m.", {"candidate_has_error": True}),
            ]
        )
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    printed = evaluated("--data", str(file)).stdout
    row = "| drop what isn't supported | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 | 0.500 |"
    assert printed.count(row) == 2
    assert "| 0.5 | 1.000" in evaluated("--data", str(file), "--sweep").stdout


def test_the_evaluation_says_that_the_corpus_is_missing(tmp_path: Path) -> None:
    made = evaluated("--data", str(tmp_path / FILE))
    assert made.stdout == ""
    assert "is missing" in made.stderr
