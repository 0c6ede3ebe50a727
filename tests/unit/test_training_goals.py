from __future__ import annotations

import gzip
import json
import re
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from training import bench_enrich, evaluate_all
from training.evaluate import Scores, show
from training.evaluate_all import EVERY, figures
from training.evaluate_stance import score
from training.goals import CORPORA, Corpus, Goal
from training.needs import NEEDS


def test_a_figure_is_marked_by_its_goal() -> None:
    assert [Goal("F1", 0.6, 0.7).mark(value) for value in (0.59, 0.6, 0.7)] == ["!", "", "+"]
    assert [Goal("ECE", 0.05, 0.03, low=True).mark(v) for v in (0.06, 0.05, 0.02)] == ["!", "", "+"]
    assert Goal("rows").mark(3.0) == ""


def test_figures_stand_beside_their_interval_and_a_gain_is_taken_over_its_baseline() -> None:
    corpus = Corpus("summary", "x", (Goal("ROUGE-1", 48.0, 50.0), Goal("over lead-3", 1.2, 4.0)))
    scores: Scores = {"X": {"ROUGE-1": 41.0, "lead-3": 40.0, "over lead-3, 95 %": "+0.1 to +1.9"}}
    one, other = figures(corpus, scores)
    assert one.cells == ("summary", "X (dev)", "ROUGE-1", "41.0", "", "48", "50", "!")
    assert other.cells[3:] == ("1.000", "+0.1 to +1.9", "1.2", "4", "!")


def test_an_interval_is_shown_beside_its_figure() -> None:
    out = StringIO()
    show({"X": {"rows": 3, "F1": 0.5, "F1, 95 %": "0.4-0.6"}, "Y": {"gain, 95 %": "+1"}}, out)
    assert "0.500 (0.4-0.6)" in out.getvalue()
    assert out.getvalue().count("95 %") == 1  # a column only where its figure isn't shown


def test_every_stance_figure_has_its_interval() -> None:
    gold = np.array([0, 1, 1, 0])
    likely = np.array([[0.8, 0.2, 0, 0], [0.3, 0.7, 0, 0], [0.6, 0.4, 0, 0], [0.9, 0.1, 0, 0]])
    scores = score(gold, likely.astype(np.float32), "Perspectrum")
    for name in ("macro-F1", "accuracy", "ECE"):
        low, high = map(float, str(scores[f"{name}, 95 %"]).split("-"))
        assert low <= float(scores[name]) + 1e-3 or name == "ECE"
        assert low < high


def test_every_training_has_its_corpora_among_those_that_are_measured() -> None:
    measured = {own.file for own in CORPORA}
    assert {file for files in NEEDS.values() for file in files} <= measured


def test_what_is_missing_is_said_and_the_rest_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {
        "id": "1",
        "article": "The port reopened. Ships came back.",
        "candidate": "The port reopened.",
        "candidate_has_error": False,
        "split": "val",
        "source": "Made up",
    }
    other = row | {"id": "2", "candidate": "Zurich bought 99 trams.", "candidate_has_error": True}
    file = tmp_path / "summ_defacto_factuality.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(own) + "\n" for own in (row, other) * 5)
    arguments = ["--data", str(tmp_path), "--json", str(tmp_path / "json")]
    assert evaluate_all.main([*arguments, "--tasks", "support"]) == 0
    assert "balanced" in capsys.readouterr().out
    (made,) = (tmp_path / "json").iterdir()
    assert json.loads(made.read_text("utf-8"))["scores"]["Made up"]["balanced"] == 1.0
    if "quotes" in EVERY:
        assert evaluate_all.main([*arguments, "--tasks", "support", "quotes"]) == 1
        assert "has no quotes_polnear; name their folder" in capsys.readouterr().err


@pytest.mark.parametrize("row", [None, {"split": "train"}, {"split": "dev", "quotes": None}])
def test_a_corpus_with_nothing_to_score_is_named_and_gives_no_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: dict[str, object] | None
) -> None:
    file = tmp_path / "quotes_polnear.jsonl.gz"
    with gzip.open(file, "wt", encoding="utf-8") as out:
        if row is not None:
            out.write(json.dumps({"id": "1", "text": "She left.", "quotes": []} | row) + "\n")
    arguments = ["--data", str(tmp_path), "--json", str(tmp_path / "json"), "--tasks", "quotes"]
    assert evaluate_all.main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    line = f"nothing to score: {file} has no dev rows that say what is right"
    assert said.err.splitlines()[-1] == line
    assert not (tmp_path / "json").exists()


def test_the_bench_tells_the_time_of_each_model_and_the_size_of_all() -> None:
    made = bench_enrich.by_model(
        bench_enrich.ROOT / "models", [bench_enrich.made_up(number, 2) for number in range(1)]
    )
    cells = [list(column.cells) for column in made.columns]
    spent = dict(zip(cells[0], cells[1], strict=True))
    assert float(str(spent["encoder/model.int8.onnx"])) > 0
    total = re.fullmatch(r"([\d.]+) of 80 (!?)", str(cells[2][-1]))
    assert total is not None
    assert (float(total[1]) > 80) == (total[2] == "!")
    assert np.isclose(
        sum(float(str(own)) for own in cells[1][:-1]), float(str(cells[1][-1])), atol=0.5
    )
