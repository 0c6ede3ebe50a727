from __future__ import annotations

import re
from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.enrichment.manifest import read_manifest
from training import needs, seal
from training.paths import CACHE

OWN = ("training", "tests", "benchmarks", "newswire")


def test_what_a_training_lacks_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "quotes_polnear.jsonl.gz").touch()
    assert needs.main(["quotes", "--data", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"{tmp_path} has no mentions_gum.jsonl.gz; name their folder" in said
    (tmp_path / "mentions_gum.jsonl.gz").touch()
    assert needs.main(["quotes", "--data", str(tmp_path)]) == 0


def test_changed_weights_are_the_next_generation_and_the_same_ones_are_none(
    tmp_path: Path,
) -> None:
    for _, file in seal.FILES.values():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(b"one")
    arguments = ["--models", str(tmp_path)]
    seal.main([*arguments, "--generation", "7"])
    seal.main(arguments)
    assert read_manifest(tmp_path).generation == 7
    (tmp_path / "stance" / "model.int8.onnx").write_bytes(b"two")
    seal.main(arguments)
    assert read_manifest(tmp_path).generation == 8


def test_the_makefile_calls_modules_and_options_that_there_are() -> None:
    called = re.findall(r"/python -m ([\w.]+)(.*)", (ROOT / "Makefile").read_text("utf-8"))
    own = [(name, rest) for name, rest in called if name.partition(".")[0] in OWN]
    assert {"training.train_stance", "training.export_reader"} <= {name for name, _ in own}
    for name, rest in own:
        path = ROOT / name.replace(".", "/")
        file = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
        if not file.is_file():
            file = path / "__init__.py"
        source = file.read_text("utf-8")
        for option in re.findall(r"--[\w-]+", rest):
            assert f'"{option}"' in source, f"{name} has no {option}"
        # What is trained is exported from where the training leaves it.
        if rest.strip().endswith(".pt"):
            assert (ROOT / rest.strip()).parent == CACHE
