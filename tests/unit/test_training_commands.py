from __future__ import annotations

from pathlib import Path

import pytest

from newswire.enrichment.manifest import read_manifest
from training import needs, seal


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
