from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.enrichment.targets import MOST_CHARS, WatchedTargets, load_watchlist
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
        ("[reactor]", "[reactor, ' ']", ":6: targets[0].aliases[1]: "),
        ("[reactor]", "['...']", ":6: targets[0].aliases[0]: Phrase should have a letter or a"),
        ("name: Some One", "name: '?!'", ":8: targets[1].name: Phrase should have a letter or a"),
        ("kind: topic", "kind: topic\n    context: ['-']", ":6: targets[0].context[0]: Phrase"),
        ("[reactor]", "[2024]", ":6: targets[0].aliases[0]: Input should be a valid string"),
        ("[reactor]", "[2024-01-31]", ":6: targets[0].aliases[0]: Input should be a valid string: "
         "put it in quotes"),
        ("name: Some One", "name: yes", ":8: targets[1].name: Input should be a valid string: put "
         "it in quotes"),
        ("[reactor]", "reactor", ":6: targets[0].aliases: Input should be a list"),
        ("kind: person", "kind: person\n    aliases: [A One,  REACTOR]",
         ":10: targets[1].aliases[1]: 'REACTOR' is that of targets[0] already (line 6)"),
        ("kind: person", "kind: person\n    aliases: [Nuclear  power]",
         ":10: targets[1].aliases[0]: 'Nuclear power' is that of targets[0] already (line 4)"),
        ("name: Some One", "name: Reactor",
         ":8: targets[1].name: 'Reactor' is that of targets[0] already (line 6)"),
        ("  - id: some-one", "  - some-one\n  - id: some-one",
         ":7: targets[1]: Input should be a mapping"),
        ("targets:\n", "targets: 3\nothers:\n", ":2: targets: Input should be a list"),
        ("kind: topic", "kind: topic\n    languages: [English]", ":6: targets[0].languages[0]: "),
        ("kind: topic", "kind: topic\n    languages: []", ":6: targets[0].languages: "),
        ("kind: topic", "kind: topic\n    description: [a]", ":6: targets[0].description: "),
        ("name: Some One", f"name: {'x' * (MOST_CHARS + 1)}", ":8: targets[1].name: "),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    file = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_watchlist(file)
    assert f"{file}{message}" in str(caught.value)


def test_a_list_whose_members_are_wrong_is_not_called_empty_too(tmp_path: Path) -> None:
    text = GOOD.replace("kind: topic", "kind: topic\n    languages: [english]")
    with pytest.raises(ConfigError, match=r"languages\[0\]: ") as caught:
        load_watchlist(written(tmp_path, text))
    assert "at least 1 item" not in str(caught.value)


@pytest.mark.parametrize("other", ["", "[a]", "{a: b}"])
def test_quotes_are_no_remedy_for_what_is_no_bare_word(tmp_path: Path, other: str) -> None:
    with pytest.raises(ConfigError, match="should be a valid string") as caught:
        load_watchlist(written(tmp_path, GOOD.replace("Some One", other)))
    assert "in quotes" not in str(caught.value)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace("kind: person", "kind: x").replace("topic", "y"))
    with pytest.raises(ConfigError, match=r":5: .*; .*:9: "):
        load_watchlist(file)


def test_repeats_are_named_with_their_lines_beside_what_else_is_wrong(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        GOOD.replace("kind: topic", "kind: y").replace("some-one", "nuclear-power")
        + "  - id: another\n    name: Some one\n    kind: z\n",
    )
    with pytest.raises(ConfigError) as caught:
        load_watchlist(file)
    for message in (
        ":5: targets[0].kind: ",
        ":7: targets[1].id: 'nuclear-power' is that of targets[0] already (line 3)",
        ":11: targets[2].name: 'Some one' is that of targets[1] already (line 8)",
        ":12: targets[2].kind: ",
    ):
        assert f"{file}{message}" in str(caught.value)


def test_a_word_is_of_two_targets_where_their_contexts_differ(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        GOOD.replace("kind: person", "kind: person\n    aliases: [reactor]\n    context: [Harrow]"),
    )
    assert len(load_watchlist(file).targets) == 2


def test_a_target_may_have_its_own_name_among_its_aliases(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace("[reactor]", "[reactor, Reactor, nuclear power]"))
    assert len(load_watchlist(file).targets) == 2


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_named_as_such(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match=r"targets\.yaml:1: the file: Input should be a mapping"):
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


def changed(file: Path, text: str, second: int) -> None:
    """Written anew, at a time of its own whatever the file system's clock can tell apart."""
    written(file.parent, text)
    os.utime(file, (second, second))


def test_a_watchlist_that_has_changed_is_read_again_and_only_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, GOOD)
    watched = WatchedTargets(file)
    with monkeypatch.context() as unread:
        unread.setattr(Path, "read_bytes", lambda _: pytest.fail("nothing has changed"))
        assert watched.renewed() is None
    changed(file, GOOD.replace("revision: 3", "revision: 4"), 1)
    renewed = watched.renewed()
    assert renewed is not None
    assert renewed.revision == 4
    assert watched.current is renewed
    assert watched.renewed() is None


def test_a_file_of_the_same_size_and_time_that_took_the_place_of_another_is_a_change(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, GOOD)
    os.utime(file, (1, 1))
    watched = WatchedTargets(file)
    new = tmp_path / "new.yaml"
    new.write_text(GOOD.replace("revision: 3", "revision: 5"), "utf-8")
    os.utime(new, (1, 1))
    new.replace(file)
    renewed = watched.renewed()
    assert renewed is not None
    assert renewed.revision == 5


def test_a_file_that_was_touched_and_says_the_same_is_no_other_watchlist(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    watched = WatchedTargets(file)
    changed(file, GOOD, 1)
    assert watched.renewed() is None


def test_a_change_that_is_wrong_is_said_once_and_the_old_watchlist_stays(tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    watched = WatchedTargets(file)
    changed(file, GOOD.replace("kind: person", "kind: animal"), 1)
    with pytest.raises(ConfigError, match=r"targets\.yaml:9: targets\[1\]\.kind: "):
        watched.renewed()
    assert watched.renewed() is None
    assert watched.current.revision == 3
    file.unlink()
    with pytest.raises(ConfigError, match="can't be read"):
        watched.renewed()
    assert watched.renewed() is None
    changed(file, GOOD.replace("revision: 3", "revision: 4"), 2)
    renewed = watched.renewed()
    assert renewed is not None
    assert renewed.revision == 4


def test_the_hash_is_that_of_the_targets_that_were_read_while_somebody_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, GOOD)
    really, reads = Path.read_bytes, []
    second = GOOD.replace("revision: 3", "revision: 4")

    def read_bytes(path: Path) -> bytes:
        reads.append(path)
        if len(reads) == 2:
            # Between the hash and the targets.
            path.write_text(second, "utf-8")
        return really(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    watchlist = load_watchlist(file)
    assert (watchlist.revision, watchlist.sha256) == (
        4,
        hashlib.sha256(second.encode()).hexdigest(),
    )
