from __future__ import annotations

import json
from pathlib import Path

import pytest

from newswire.enrichment.manifest import sha256_of
from newswire.errors import ConfigError
from training.compare_int8 import Difference, differences, fp32_twin
from training.evaluate import Scores
from training.goals import Corpus, Goal


def test_the_twin_of_a_folder_of_models_takes_what_is_there_in_fp32(tmp_path: Path) -> None:
    models, cache, out = tmp_path / "models", tmp_path / "cache", tmp_path / "out"
    for file, text in {"stance/m.onnx": "int8", "encoder/m.onnx": "small", "e/t.json": "t"}.items():
        (models / file).parent.mkdir(parents=True)
        (models / file).write_text(text)
    entries = {
        "generation": 2,
        "stance": {"file": "stance/m.onnx", "sha256": "0"},
        "encoder": {"file": "encoder/m.onnx", "sha256": "1"},
    }
    (models / "models.json").write_text(json.dumps(entries))
    with pytest.raises(ConfigError, match="has no fp32 model"):
        fp32_twin(models, cache, tmp_path / "nothing")
    (cache / "stance").mkdir(parents=True)
    (cache / "stance" / "m.onnx").write_text("wide")
    assert fp32_twin(models, cache, out) == ["stance/m.onnx"]
    assert (out / "stance" / "m.onnx").read_text() == "wide"
    assert (out / "encoder" / "m.onnx").read_text() == "small"
    assert (out / "e" / "t.json").read_text() == "t"
    made = json.loads((out / "models.json").read_text())
    assert made["stance"]["sha256"] == sha256_of(cache / "stance" / "m.onnx")
    assert made["encoder"]["sha256"] == sha256_of(models / "encoder" / "m.onnx")


def test_a_loss_of_more_than_half_a_point_is_marked() -> None:
    f1, error = Goal("macro-F1", 0.8), Goal("ECE", 0.05, low=True)
    corpus = Corpus("stance", "x", (f1, error))
    fp32: Scores = {"X": {"macro-F1": 0.8119, "ECE": 0.020}, "Y": {"macro-F1": 0.700, "ECE": 0.020}}
    int8: Scores = {"X": {"macro-F1": 0.8038, "ECE": 0.024}, "Y": {"macro-F1": 0.697, "ECE": 0.026}}
    found = differences(corpus, fp32, int8)
    assert [(own.source, round(own.points, 2), own.mark) for own in found] == [
        ("X", -0.81, "!"),
        ("X", -0.4, ""),
        ("Y", -0.3, ""),
        ("Y", -0.6, "!"),
    ]
    assert Difference("Z", Goal("ROUGE-1"), 42.0, 41.6).points == pytest.approx(-0.4)
