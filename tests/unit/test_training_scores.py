from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from newswire.errors import ConfigError
from training import metrics
from training.corpora import held_back
from training.evaluate import main
from training.evaluate_stance import five_classes, fnc_score
from training.questions import LABELS, OWN, allowed, folded, read_questions
from training.rouge import oracle, rouge1

ROWS = [
    {"id": "1", "target": "nuclear power", "text": "Nuclear power is the best that we have.",
     "label": "pro", "split": "train", "source": "VAST"},
    {"id": "2", "target": "nuclear power", "text": "Close the reactors, they are a danger.",
     "label": "con", "split": "dev", "source": "VAST"},
    {"id": "3", "target": "dogs", "text": "Close the reactors, they are a danger.",
     "split": "test", "source": "VAST"},
]  # fmt: skip


def written(folder: Path, rows: list[dict[str, object]]) -> Path:
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def test_labels_are_mapped_to_favor_against_neutral_and_unrelated(tmp_path: Path) -> None:
    off_topic = {**ROWS[0], "id": "4", "label": "neutral", "random_target": 1}
    empty = {**ROWS[0], "id": "5", "label": ""}
    rows = read_questions(written(tmp_path, [*ROWS, off_topic, empty]))
    names = [None if row.label is None else LABELS[row.label] for row in rows]
    assert names == ["favor", "against", None, "unrelated", None]
    assert [row.part for row in rows] == ["train", "dev", None, "train", "train"]


@pytest.mark.parametrize("source", OWN)
def test_every_label_of_a_corpus_is_known(tmp_path: Path, source: str) -> None:
    rows = [
        {"id": "1", "target": "t", "text": "x", "label": name, "split": "train", "source": source}
        for name in OWN[source]
    ]
    found = [row.label for row in read_questions(written(tmp_path, rows))]
    assert tuple(sorted(n for n in found if n is not None)) == allowed(source)


def a_row(**own: object) -> dict[str, object]:
    return {"id": "b1", "target": "Donald Trump", "text": "Trump lied.", **own}


def test_rows_of_a_source_that_is_not_known_may_have_any_label_that_is(tmp_path: Path) -> None:
    said = {
        name.upper(): ours
        for names in (*OWN.values(), dict(zip(LABELS, LABELS, strict=True)))
        for name, ours in names.items()
    }
    data = written(tmp_path, [a_row(source="Gazette", label=name) for name in said])
    assert [row.label for row in read_questions(data)] == [*map(LABELS.index, said.values())]
    with pytest.raises(ConfigError, match=r"row 1: 'maybe' is no label of Gazette; .*negative"):
        read_questions(written(tmp_path, [a_row(source="Gazette", label="maybe")]))


@pytest.mark.parametrize("source", ["BASIL", "basil"])
def test_basil_is_asked_as_stories_and_a_corpus_is_known_however_it_is_spelled(
    tmp_path: Path, source: str
) -> None:
    (row,) = read_questions(written(tmp_path, [a_row(source=source, label="negative")]))
    assert (row.source, row.question.kind, row.label) == ("BASIL", "story", 1)
    assert allowed(row.source) == (0, 1, 2)


@pytest.mark.parametrize(
    ("source", "names"),
    [("BASIL", {"positive", "negative", "neutral"}), ("Gazette", set(LABELS))],
)
def test_predictions_have_the_names_of_their_corpus_else_ours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, names: set[str]
) -> None:
    out = tmp_path / "out.jsonl"
    data = written(tmp_path, [a_row(source=source, label="negative")])
    assert main(["stance", "--data", str(data), "--json", "--predictions", str(out)]) == 0
    assert json.loads(capsys.readouterr().out)[source]["rows"] == 1
    (row,) = map(json.loads, out.read_text("utf-8").splitlines())
    assert set(row["probabilities"]) == names


def test_what_a_corpus_cannot_say_is_given_to_what_it_can() -> None:
    said = np.array([[0.4, 0.1, 0.2, 0.3]], np.float32)
    assert folded(said, "VAST")[0] == pytest.approx([0.4, 0.1, 0.5, 0])
    assert folded(said, "FNC-1")[0] == pytest.approx(said[0])
    assert folded(said, "Perspectrum")[0] == pytest.approx([0.8, 0.2, 0, 0])


def test_a_speaker_and_marks_are_part_of_the_question(tmp_path: Path) -> None:
    text = "Ann Ruiz praised the council."
    row = {"id": "1", "target": "council", "target_span": [21, 28], "speaker": "Ann Ruiz",
           "speaker_span": [0, 8], "text": text, "split": "dev",
           "source": "DirectedSentiment"}  # fmt: skip
    (read,) = read_questions(written(tmp_path, [row]))
    assert read.question.pair == (
        "Ann Ruiz toward council",
        "@ Ann Ruiz @ praised the # council #.",
    )
    (found,) = read_questions(written(tmp_path, [{**row, "target_span": None}]))
    assert found.question.pair == read.question.pair


def test_the_two_rows_of_a_sentence_are_one_question_of_five_classes(tmp_path: Path) -> None:
    labels = {"s1-pq": "positive", "s1-qp": "neutral", "s2-pq": "neutral", "s2-qp": "negative"}
    rows = read_questions(
        written(
            tmp_path,
            [
                {"id": own, "target": "t", "text": "x", "label": label, "split": "dev",
                 "source": "DirectedSentiment"}
                for own, label in labels.items()
            ],
        )
    )  # fmt: skip
    right = np.array([[0.9, 0, 0.1, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0.8, 0.2, 0]], np.float32)
    # Two of five classes are there.
    assert five_classes(rows, right)["five classes"] == pytest.approx(2 / 5)
    other = right.copy()
    other[1] = [0, 0.95, 0.05, 0]  # the surer of the two rows is the answer
    assert five_classes(rows, other)["five classes"] == pytest.approx((2 / 3) / 5)


@pytest.mark.parametrize("ids", [["s1-pq"], ["1", "2"], ["s1-pq", "s2-qp"], ["s-1", "s-2"]])
def test_rows_of_which_no_two_are_a_sentences_pair_have_no_figure_of_five_classes(
    tmp_path: Path, ids: list[str]
) -> None:
    alike = a_row(label="negative", source="DirectedSentiment")
    rows = read_questions(written(tmp_path, [{**alike, "id": own} for own in ids]))
    assert five_classes(rows, np.tile(np.array([0, 1, 0, 0], np.float32), (len(ids), 1))) == {}


def test_the_challenges_score_counts_being_about_the_claim_for_a_quarter() -> None:
    gold = np.array([3, 3, 0, 2])
    assert fnc_score(gold, gold) == 1
    # Of 2 * 0.25 + 2 * 1: one unrelated right, one stance half right.
    assert fnc_score(gold, np.array([3, 0, 1, 3])) == pytest.approx(0.5 / 2.5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "maybe"}, "row 1: 'maybe' is no label of VAST"),
        ({"text": 3}, "row 1 lacks text"),
        ({"id": []}, "row 1 lacks id"),
    ],
)
def test_a_row_that_is_wrong_is_named(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        read_questions(written(tmp_path, [{**ROWS[0], **change}]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "DirectedSentiment", "speaker_span": [0, 999]},
         "row 1: speaker_span: [0, 999] is no span of its text"),
        ({"source": "DirectedSentiment", "target_span": [7, 0]},
         "row 1: target_span: [7, 0] is no span of its text"),
        ({"source": "NewsMTSC", "start": 0}, "row 1: start, end: [0, None] is no span of its text"),
    ],
)  # fmt: skip
def test_a_span_that_is_none_is_named_and_looked_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, object], message: str
) -> None:
    row = {"id": "1", "target": "Ruiz", "speaker": "Lind", "text": "Lind met Ruiz."}
    (found,) = read_questions(written(tmp_path, [{**row, **change}]))
    assert message in caplog.text
    assert found.question.target_span == (9, 13)


def test_a_claim_is_wholly_in_one_part(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": f"{claim}-{n}", "target": f"claim {claim}", "text": "x", "label": "for",
         "split": "train", "source": "Emergent", "claim_id": str(claim)}
        for claim in range(40)
        for n in range(3)
    ]  # fmt: skip
    parts: dict[str, set[str | None]] = {}
    for row in read_questions(written(tmp_path, rows)):
        parts.setdefault(row.question.target, set()).add(row.part)
    assert all(len(found) == 1 for found in parts.values())
    assert {"train", "dev"} == {part for found in parts.values() for part in found}
    assert any(held_back(str(claim)) for claim in range(40))


def test_macro_f1_counts_a_label_that_is_never_chosen_as_zero() -> None:
    gold, chosen = np.array([0, 0, 1, 2]), np.array([0, 0, 0, 0])
    # F1 of 0: precision 2/4, recall 1.
    assert metrics.macro_f1(gold, chosen, (0, 1, 2)) == pytest.approx((2 / 3) / 3)
    assert metrics.macro_f1(gold, gold, (0, 1, 2)) == 1


def test_calibration_error_is_the_distance_between_sureness_and_being_right() -> None:
    sure = np.tile(np.array([[0.8, 0.1, 0.1]], np.float32), (10, 1))
    gold = np.array([0] * 8 + [1] * 2)
    assert metrics.calibration_error(gold, sure, (0, 1, 2)) == pytest.approx(0, abs=1e-6)
    wrong = np.ones(10, np.int64)
    assert metrics.calibration_error(wrong, sure, (0, 1, 2)) == pytest.approx(0.8, abs=1e-6)


def test_of_few_rows_a_model_that_is_as_sure_as_it_should_be_has_an_error_by_chance() -> None:
    chance = np.random.default_rng(0)
    top = chance.uniform(0.5, 1, 4000).astype(np.float32)
    sure = np.stack([top, 1 - top], axis=1)
    few, many = (metrics.chance_error(sure[:rows], (0, 1)) for rows in (60, 4000))
    assert many < 0.02 < 0.06 < few
    gold = (chance.random(4000) >= top).astype(np.int64)
    assert metrics.calibration_error(gold, sure, (0, 1)) == pytest.approx(many, abs=0.015)


def test_the_bootstrap_interval_holds_the_value_and_is_the_same_each_time() -> None:
    right = np.array([1.0] * 70 + [0.0] * 30)
    low, high = metrics.bootstrap(lambda at: float(right[at].mean()), 100)
    assert 0.55 < low < 0.7 < high < 0.85
    assert (low, high) == metrics.bootstrap(lambda at: float(right[at].mean()), 100)


def test_rouge1_is_the_f1_of_shared_words() -> None:
    assert rouge1("The cat sat.", "the cat") == pytest.approx(0.8)
    assert rouge1("", "the cat") == 0
    assert rouge1("the the the", "the cat") == pytest.approx(2 * 1 / 5)


def test_the_oracle_takes_the_sentences_that_say_what_the_reference_says() -> None:
    sentences = ["It rained all day.", "The council backed the plant.", "Fishermen marched."]
    assert oracle(sentences, "Council backed the plant; fishermen marched.") == [1, 2]
    assert oracle(sentences, "zebra") == []


def test_the_stance_evaluation_scores_labels_and_predicts_every_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    data = written(tmp_path, ROWS)
    assert main(["stance", "--data", str(data), "--json", "--predictions", str(out)]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert scores["VAST"]["rows"] == 2
    assert 0 <= scores["VAST"]["macro-F1"] <= 1
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    for row in rows:
        assert set(row["probabilities"]) == {"pro", "con", "neutral"}
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-3)
        assert row["label"] == max(row["probabilities"], key=row["probabilities"].get)


def test_a_part_can_be_evaluated_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(tmp_path, ROWS)
    assert main(["stance", "--data", str(data), "--part", "dev"]) == 0
    assert "VAST" in capsys.readouterr().out


def test_the_summary_evaluation_takes_rows_with_and_without_a_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    article = "The council backed the plant. Fishermen marched. It rained. Nobody was hurt at sea."
    rows: list[dict[str, object]] = [
        {"id": "a", "article": article, "summary": "Council backed the plant.", "source": "S"},
        {"id": "b", "article": article, "references": ["Fishermen marched.", "x"], "source": "S"},
        {"id": "c", "article": article, "source": "S"},
        {"id": "d", "article": "", "source": "S"},
    ]
    out = tmp_path / "out.jsonl"
    data = written(tmp_path, rows)
    assert main(["summary", "--data", str(data), "--json", "--predictions", str(out)]) == 0
    assert json.loads(capsys.readouterr().out)["S"]["rows"] == 2
    made = {row["id"]: row["summary"] for row in map(json.loads, out.read_text().splitlines())}
    assert made["a"] == made["c"] != ""
    assert made["d"] == ""


@pytest.mark.parametrize("field", ["summary", "reference", "references"])
def test_several_summaries_of_a_row_are_several_references_in_whichever_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    row: dict[str, object] = {"id": "a", "article": "Fishermen marched.", "references": []}
    data = written(tmp_path, [{**row, field: ["zebra", "Fishermen marched."]}])
    assert main(["summary", "--data", str(data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["-"]["ROUGE-1"] == pytest.approx(100)


def test_a_file_that_is_missing_or_no_json_is_named_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stance", "--data", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl can't be read" in capsys.readouterr().err
    (tmp_path / "bad.jsonl").write_text("{}\nnot json\n", "utf-8")
    assert main(["summary", "--data", str(tmp_path / "bad.jsonl")]) == 1
    captured = capsys.readouterr()
    assert "bad.jsonl:2: not JSON" in captured.err
    assert captured.out == ""
