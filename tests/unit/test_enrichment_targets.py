from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.enrichment.targets import load_watchlist
from newswire.errors import ConfigError

GOOD = """\
revision: 3
targets:
  - id: nuclear-power
    name: nuclear power
    kind: topic
    aliases: [reactor]
  - id: some-one
    name: Some One
    kind: person
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "targets.yaml"
    file.write_text(text, "utf-8")
    return file


def test_the_projects_own_watchlist_is_valid() -> None:
    watchlist = load_watchlist(ROOT / "targets.yaml")
    assert "mobilisation-russia" in {target.id for target in watchlist.targets}


def test_a_watchlist_names_its_revision_and_the_hash_of_its_bytes(tmp_path: Path) -> None:
    watchlist = load_watchlist(written(tmp_path, GOOD))
    assert watchlist.revision == 3
    assert watchlist.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert [target.name for target in watchlist.targets] == ["nuclear power", "Some One"]
    assert watchlist.targets[0].languages == ("en",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: person", "kind: animal", ":9: targets[1].kind: "),
        ("    name: Some One\n", "", ":7: targets[1].name: Field required"),
        ("some-one", "nuclear-power", ":7: targets[1].id: 'nuclear-power' is that of targets[0]"),
        ("name: Some One", "name: Nuclear Power", ":8: targets[1].name: 'Nuclear Power' is that"),
        ("id: some-one", "id: Some One", ":7: targets[1].id: "),
        ("aliases:", "alias:", ":6: targets[0].alias: "),
        ("revision: 3", "revision: many", ":1: revision: "),
        ("revision: 3", "revision: 1024", ":1: revision: "),
        ("targets:\n", "Targets:\n", ":2: Targets: Extra inputs are not permitted"),
        ("[reactor]", "[reactor", ":7: not YAML: "),
        ("kind: topic", "kind: [", ":7: not YAML: "),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_watchlist(file)
    assert f"{file}{message}" in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace("kind: person", "kind: x").replace("topic", "y"))
    with pytest.raises(ConfigError, match=r":5: .*; .*:9: "):
        load_watchlist(file)


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_named_as_such(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"targets\.yaml:1: the file: Input should be a valid"):
        load_watchlist(written(tmp_path, text))


def test_a_missing_file_says_which_variable_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NEWSWIRE_TARGETS_FILE"):
        load_watchlist(tmp_path / "none.yaml")


def test_bytes_that_are_not_utf8_are_named_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "targets.yaml"
    file.write_bytes(b"revision: 1\ntargets: [\xff]\n")
    with pytest.raises(ConfigError, match=r"targets\.yaml:2: not UTF-8"):
        load_watchlist(file)


def test_a_target_of_500_words_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace("Some One", "word " * 500))
    assert len(load_watchlist(file).targets[1].name.split()) == 500
