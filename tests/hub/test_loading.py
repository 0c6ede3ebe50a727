"""Finding a model, and refusing in one line what is none."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch", reason="torch is missing: `make test-hub` has it")

from newswire.config import ROOT, load_settings  # noqa: E402
from newswire.enrichment.hub import configured_models, loading  # noqa: E402
from newswire.errors import ConfigError  # noqa: E402
from tests.hub import tiny  # noqa: E402


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.classifier(tmp_path_factory.mktemp("models") / "nli")


def refused(**settings: Any) -> str:
    with pytest.raises(ConfigError) as raised:
        configured_models(load_settings(**settings))
    said = str(raised.value)
    assert "\n" not in said
    return said


def test_a_folder_is_read_without_any_network(nli: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    stance, writer = configured_models(load_settings(stance_model=str(nli)))
    assert stance is not None
    assert stance.name == str(nli)
    assert writer is None
    assert torch.get_num_threads() == 1


def test_the_revision_is_the_hash_of_the_weights(nli: Path, tmp_path: Path) -> None:
    found = loading.find(str(nli), "X")
    assert found.revision == hashlib.sha256((nli / "model.safetensors").read_bytes()).hexdigest()
    other = tiny.classifier(tmp_path / "other", bias=[1, 0, 0])
    assert loading.find(str(other), "X").revision != found.revision


def test_weights_in_several_files_have_one_revision_that_any_of_them_changes(
    nli: Path, tmp_path: Path
) -> None:
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification.from_pretrained(nli)
    model.save_pretrained(tmp_path, max_shard_size="10KB")
    shards = sorted(tmp_path.glob("model-*.safetensors"))
    assert len(shards) > 1
    first = loading.find(str(tmp_path), "X").revision
    with shards[-1].open("ab") as file:
        file.write(b" ")
    assert loading.find(str(tmp_path), "X").revision != first
    shards[0].unlink()
    with pytest.raises(ConfigError, match="no weights beside it"):
        loading.find(str(tmp_path), "X")


class _Malicious:
    """Unpickled, it would write a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.write_text, (self.file, "owned")


def test_old_weights_are_read_as_data_and_nothing_in_them_runs(nli: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    folder = tmp_path / "old"
    folder.mkdir()
    for file in nli.glob("*.json"):
        (folder / file.name).write_bytes(file.read_bytes())
    torch.save(load_file(nli / "model.safetensors"), folder / "pytorch_model.bin")
    stance, _ = configured_models(load_settings(stance_model=str(folder)))
    assert stance is not None
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Malicious(tmp_path / "owned")))
    assert "can't be used" in refused(stance_model=str(folder))
    assert not (tmp_path / "owned").exists()


def test_code_that_comes_with_a_model_is_not_run(nli: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for file in nli.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    config = json.loads((folder / "config.json").read_text("utf-8"))
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "own.py").write_text(f"open({str(tmp_path / 'owned')!r}, 'w')\n", "utf-8")
    assert "can't be used" in refused(stance_model=str(folder))
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("name", ["/nowhere/at/all", "./nowhere", "a/b/c", "two words"])
def test_a_folder_that_is_not_there_is_named(name: str) -> None:
    said = refused(stance_model=name)
    assert said == f"NEWSWIRE_STANCE_MODEL: there is no folder {name}; name a folder, or an id"


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    said = refused(summary_model=str(tmp_path))
    assert said.startswith(f"NEWSWIRE_SUMMARY_MODEL: {tmp_path} has no config.json, or no weights")


def test_broken_weights_are_named(nli: Path, tmp_path: Path) -> None:
    for file in nli.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    assert f"NEWSWIRE_STANCE_MODEL: {tmp_path} can't be used: " in refused(
        stance_model=str(tmp_path)
    )


def test_a_tokeniser_with_more_words_than_the_model_is_found_at_the_start(
    nli: Path, tmp_path: Path
) -> None:
    for file in nli.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    words = json.loads((tmp_path / "tokenizer.json").read_text("utf-8"))
    vocabulary = words["model"]["vocab"]
    words["model"]["vocab"] = {
        word: number + (10_000 if number > 3 else 0) for word, number in vocabulary.items()
    }
    (tmp_path / "tokenizer.json").write_text(json.dumps(words), "utf-8")
    assert "can't be used: index out of range" in refused(stance_model=str(tmp_path))


def test_a_gpu_that_is_not_there_is_not_waited_for(nli: Path) -> None:
    said = refused(stance_model=str(nli), model_device="cuda:99")
    assert said.startswith("NEWSWIRE_MODEL_DEVICE is cuda:99, and torch sees ")


LOAD = """
import sys
from newswire.config import load_settings
from newswire.enrichment.hub import configured_models
from newswire.errors import ConfigError
try:
    print(configured_models(load_settings())[0].name)
except ConfigError as error:
    print(error)
"""


def loaded_offline(home: Path, name: str) -> str:
    """What comes of an id where no network may be asked: huggingface_hub reads that at import."""
    environment = os.environ | {
        "HF_HOME": str(home),
        "HF_HUB_OFFLINE": "1",
        "NEWSWIRE_STANCE_MODEL": name,
    }
    return subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=environment,
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    ).stdout.strip()


def test_an_id_is_found_in_the_cache_and_nowhere_else_when_offline(
    nli: Path, tmp_path: Path
) -> None:
    commit = "0123456789" * 4
    repository = tmp_path / "hub" / "models--tiny--nli"
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit, "utf-8")
    for file in nli.iterdir():
        (snapshot / file.name).write_bytes(file.read_bytes())
    assert loaded_offline(tmp_path, "tiny/nli") == "tiny/nli"
    assert loaded_offline(tmp_path, f"tiny/nli@{commit}") == f"tiny/nli@{commit}"
    said = loaded_offline(tmp_path, "tiny/other")
    assert said.startswith(
        "NEWSWIRE_STANCE_MODEL: there is no folder tiny/other, and no model of that id can be had: "
    )
