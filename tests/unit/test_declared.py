"""Files that people write: every mistake is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from newswire.declared import read_declared
from newswire.errors import ConfigError
from newswire.sources.addressing import is_url
from newswire.sources.declared import read_sources
from newswire.sources.kinds import DirectorySource, DocumentSource, FeedSource


class Crew(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    ranks: dict[str, int] = {}
    boats: list[dict[str, int]] = []


def a_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "declared.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(folder: Path, text: str | bytes) -> str:
    path = a_file(folder, text)
    with pytest.raises(ConfigError) as refused:
        read_declared(path, Crew, variable="NEWSWIRE_CREW_FILE")
    message = str(refused.value)
    assert "\n" not in message
    return message.replace(str(path), "FILE")


def test_a_file_is_read_as_its_model(tmp_path: Path) -> None:
    path = a_file(tmp_path, "name: Ada\nranks: {first: 1}\nboats:\n  - {length: 3}\n")
    assert read_declared(path, Crew, variable="NEWSWIRE_CREW_FILE") == Crew(
        name="Ada", ranks={"first": 1}, boats=[{"length": 3}]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: Ada\nranks:\n  first: one\n", "FILE:3: ranks.first: Input should be"),
        ("name: Ada\nboats:\n  - {length: 3}\n  - {length: x}\n", "FILE:4: boats[1].length: "),
        ("ranks: {}\n", "FILE:1: name: Field required"),
        ("name: Ada\ncaptain: Bo\n", "FILE:2: captain: Extra inputs are not permitted"),
        ("name: Ada\nname: Bo\n", "FILE:2: 'name': is there twice"),
        ("name: Ada\nranks:\n  a: 1\n  b: 2\n  a: 3\n", "FILE:5: 'a': is there twice"),
        ("name: [Ada\nranks: {}\n", "FILE:2: not YAML: "),
        ("name: 2024-13-45\n", "FILE: a value can't be read: month must be in 1..12"),
        ("? [a]\n: b\n", "FILE:1: not YAML: found unhashable key"),
        ("", "FILE:1: the file: "),
        ("- name\n", "FILE:1: the file: "),
        ("name: !!python/name:os.system x\n", "FILE:1: not YAML: "),
        (b"name: \xff\n", "FILE:1: not UTF-8"),
        ("name: Ada\nboats: &a\n  - *a\n", "FILE:2: &a: anchors and aliases of YAML are "),
        ("name: Ada\nboats:\n  - *all\n", "FILE:3: *all: anchors and aliases of YAML are "),
        (f"name: {'[' * 5000}{']' * 5000}\n", "FILE: lists within lists, too many to be read"),
    ],
    ids=[
        "wrong type", "in a list", "missing", "unknown", "twice", "twice inside", "syntax",
        "no such date", "odd key", "empty", "list", "python tag", "not UTF-8",
        "holds itself", "alias", "deep",
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in refusal(tmp_path, text)


def test_aliases_that_double_and_double_are_refused_before_they_are_read(tmp_path: Path) -> None:
    doubled = "".join(f"  - &a{n + 1} [*a{n}, *a{n}]\n" for n in range(40))
    assert "FILE:3: &a0: " in refusal(
        tmp_path, f"name: Ada\nboats:\n  - &a0 {{length: 3}}\n{doubled}"
    )


def test_signs_of_yaml_within_quotes_are_text(tmp_path: Path) -> None:
    path = a_file(tmp_path, "name: '*Ada &Bo'\nranks: {'&first': 1}\n")
    assert read_declared(path, Crew, variable="NEWSWIRE_CREW_FILE").ranks == {"&first": 1}


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    message = refusal(tmp_path, "ranks:\n  a: x\n  b: y\n")
    assert "FILE:2: ranks.a" in message
    assert "FILE:3: ranks.b" in message
    assert "name: Field required" in message


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml can't be read: .*No such file"):
        read_declared(tmp_path / "nowhere.yaml", Crew, variable="NEWSWIRE_CREW_FILE")


SOURCES = """\
sources:
  drop-box:
    kind: directory
    path: incoming
    pattern: "*.txt"
  wire:
    kind: feed
    url: https://example.org/feed.xml
    schedule: "*/5 * * * *"
  page:
    kind: document
    uri: pages/one.html
  far-page:
    kind: document
    uri: https://example.org/one.html
"""


def test_the_kinds_of_sources_are_told_apart_and_paths_are_relative_to_the_file(
    tmp_path: Path,
) -> None:
    sources = read_sources(a_file(tmp_path, SOURCES))
    assert list(sources) == ["drop-box", "wire", "page", "far-page"]
    drop_box, wire, page, far_page = sources.values()
    assert isinstance(drop_box, DirectorySource)
    assert drop_box.path == tmp_path / "incoming"
    assert isinstance(wire, FeedSource)
    assert (wire.schedule, wire.internal, wire.enabled) == ("*/5 * * * *", False, True)
    assert isinstance(page, DocumentSource)
    assert page.uri == str(tmp_path / "pages/one.html")
    assert isinstance(far_page, DocumentSource)
    assert far_page.uri == "https://example.org/one.html"


@pytest.mark.parametrize(
    ("line", "changed", "expected"),
    [
        (2, "  Drop Box:", "'Drop Box' is no name for a source"),
        (3, "    kind: folder", "declared.yaml:2: sources.drop-box: "),
        (8, "    url: ftp://example.org/", "declared.yaml:8: sources.wire.feed.url: "),
        (8, "    url: https://me:secret@example.org/", "must not hold credentials"),
        (8, "    url: 'https://'", "not an http:// or https:// address"),
        (8, "    url: 'http://[::1'", "declared.yaml:8: sources.wire.feed.url: "),
        (12, "    uri: file:///etc/passwd", "not an http:// or https:// address"),
        (12, "    uri: ''", "declared.yaml:12: sources.page.document.uri: "),
        (9, "    every: 5m", "declared.yaml:9: sources.wire.feed.every: Extra inputs"),
    ],
)
def test_a_source_that_is_wrong_is_refused_with_its_line(
    tmp_path: Path, line: int, changed: str, expected: str
) -> None:
    lines = SOURCES.splitlines()
    lines[line - 1] = changed
    with pytest.raises(ConfigError) as refused:
        read_sources(a_file(tmp_path, "\n".join(lines)))
    assert expected in str(refused.value)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org", True),
        ("/srv/in/http.txt", False),
        ("file:///x", False),
        ("C:\\x", False),
        ("http://[::1", True),
    ],
)
def test_an_address_is_told_from_a_path(uri: str, expected: bool) -> None:
    assert is_url(uri) is expected


def test_the_sources_that_come_with_newswire_are_right() -> None:
    from newswire.config import ROOT

    assert read_sources(ROOT / "sources.yaml")
