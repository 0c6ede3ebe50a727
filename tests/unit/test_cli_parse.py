"""`newswire parse`: a JSON line for each story, a line on stderr for each input that gives none."""

from __future__ import annotations

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from newswire.cli import main
from newswire.config import ROOT

STORY = (
    "Fleet to sail again\n\nThe fleet of Norvik sails again, the union said on Friday morning.\n"
)
WIRE = (
    "\x01vna0412 3 e 211  vna 0409\r\n\x02Fleet to sail again =\r\n\r\n"
    "Norvik (vna) - The fleet sails again.\r\n\x03141137 GMT Nov 23\x04"
)
SCHEMA = ROOT / "schemas" / "topics" / "newswire.stories.v1.schema.json"


@dataclass(frozen=True)
class Ran:
    code: int
    lines: list[dict[str, Any]]
    errors: list[str]

    @property
    def inputs(self) -> list[str]:
        return [line["input"] for line in self.lines]


Parse = Callable[..., Ran]


@pytest.fixture
def newswire_parse(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Parse:
    """Runs `newswire parse`, with bytes for its stdin."""

    def run(*documents: Path | str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "argv", ["newswire", "parse", *map(str, documents)])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert isinstance(code, int)
        captured = capsys.readouterr()
        lines = [json.loads(line) for line in captured.out.splitlines()]
        return Ran(code, lines, captured.err.splitlines())

    return run


def drop(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return folder


def test_a_story_is_a_line_that_is_valid_under_the_schema(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    path = drop(tmp_path, one=WIRE) / "one.txt"
    ran = newswire_parse(path)
    assert (ran.code, ran.errors) == (0, [])
    [line] = ran.lines
    assert set(line) == {"input", "story"}
    assert line["input"] == str(path)
    assert line["story"]["headline"] == "Fleet to sail again"
    assert line["story"]["version_created"] == "2023-11-14T11:37:00Z"
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(line["story"])


def test_every_sample_of_the_project_is_read(newswire_parse: Parse) -> None:
    ran = newswire_parse(ROOT / "samples")
    assert (ran.code, ran.errors) == (0, [])
    names = {Path(name).name for name in ran.inputs}
    assert names == {path.name for path in (ROOT / "samples").iterdir()}


def test_several_stories_of_one_input_are_several_lines(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    path = drop(tmp_path, two=WIRE + WIRE.replace("vna0412", "vna0413")) / "two.txt"
    ran = newswire_parse(path)
    assert ran.code == 0
    assert ran.inputs == [str(path)] * 2
    assert [line["story"]["id"] for line in ran.lines] == ["vna0412", "vna0413"]


def test_an_input_without_a_story_has_one_line_on_stderr_and_its_neighbours_go_through(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    folder = drop(tmp_path, a=STORY, b="", c="no story", d=STORY)
    ran = newswire_parse(folder, tmp_path / "missing.txt")
    assert ran.code == 1
    assert ran.inputs == [str(folder / "a.txt"), str(folder / "d.txt")]
    assert len(ran.errors) == 3
    for name, error in zip(("b.txt", "c.txt", "missing.txt"), ran.errors, strict=True):
        assert error.startswith(f"{tmp_path / name}: ")


def test_a_part_without_a_story_is_named_and_the_input_counts_as_read(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    path = drop(tmp_path, two=WIRE + "\x01garbled\x04") / "two.txt"
    ran = newswire_parse(path)
    assert (ran.code, len(ran.lines)) == (0, 1)
    [error] = ran.errors
    assert error.startswith(f"{path}#transmission 2: no IPTC 7901 header")


def test_a_withheld_story_shows_nothing_but_that_it_is(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    drop(tmp_path, secret=f"EMBARGOED UNTIL FURTHER NOTICE\n\n{STORY}")
    [line] = newswire_parse(tmp_path).lines
    assert line["story"]["pub_status"] == "withheld"
    assert "fleet" not in json.dumps(line["story"]).lower()


def test_directories_are_read_with_all_that_is_in_them(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    drop(tmp_path, top=STORY)
    drop(tmp_path / "deep" / "deeper", bottom=STORY)
    ran = newswire_parse(tmp_path)
    assert {Path(name).name for name in ran.inputs} == {"top.txt", "bottom.txt"}
    (tmp_path / "empty").mkdir()
    empty = newswire_parse(tmp_path / "empty")
    assert empty.code == 1
    assert len(empty.errors) == 1


def test_a_gzip_file_is_read_as_what_it_holds(newswire_parse: Parse, tmp_path: Path) -> None:
    (tmp_path / "page.txt.gz").write_bytes(gzip.compress(STORY.encode()))

    ran = newswire_parse(tmp_path / "page.txt.gz")

    assert (ran.code, ran.errors) == (0, [])
    assert ran.lines[0]["story"]["headline"] == "Fleet to sail again"
    assert ran.lines[0]["story"]["raw"]["size"] == (tmp_path / "page.txt.gz").stat().st_size


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (gzip.compress(b" " * 40_000_000), "expand to more than the limit of 16,777,216 bytes"),
        (gzip.compress(STORY.encode())[:-6], "its gzip data ends too early"),
        (b"\x1f\x8b" + b"no gzip data at all", "its gzip data is broken"),
        (gzip.compress(gzip.compress(STORY.encode())), "a gzip archive, not text"),
    ],
    ids=["without-end", "cut-off", "broken", "twice"],
)
def test_gzip_data_that_can_not_be_expanded_are_one_line(
    newswire_parse: Parse, data: bytes, cause: str
) -> None:
    ran = newswire_parse("-", stdin=data)

    assert (ran.code, ran.lines) == (1, [])
    assert len(ran.errors) == 1
    assert cause in ran.errors[0]


def test_a_limit_that_is_raised_does_not_let_gzip_data_expand_without_bound(
    newswire_parse: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_PARSE_MAX_BYTES", "1000000000")

    ran = newswire_parse("-", stdin=gzip.compress(b" " * 60_000_000))

    assert "expand to more than the limit of 50,331,648 bytes" in ran.errors[0]


def test_a_dash_is_stdin(newswire_parse: Parse) -> None:
    ran = newswire_parse("-", stdin=STORY.encode())
    assert (ran.code, ran.inputs) == (0, ["-"])
    assert newswire_parse("-").code == 1


def test_a_name_that_is_not_utf_8_is_written_so_that_it_can_be_read(
    newswire_parse: Parse, tmp_path: Path
) -> None:
    for name in (b"F\xe4hre.txt", b"leer\xff.txt"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(
            STORY if b"F" in name else ""
        )
    ran = newswire_parse(tmp_path)
    assert [Path(name).name for name in ran.inputs] == [r"F\udce4hre.txt"]
    assert r"leer\udcff.txt: empty" in ran.errors[0]


def test_a_parser_that_fails_is_the_fault_of_its_document_alone(
    newswire_parse: Parse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("newswire.formats.iptc_7901._read", fail)
    drop(tmp_path, a=WIRE, b=STORY)
    ran = newswire_parse(tmp_path)
    assert (ran.code, len(ran.lines)) == (1, 1)
    assert ran.errors == [f"{tmp_path / 'a.txt'}: the parser failed: RuntimeError: two lines"]


def test_an_inside_address_is_not_asked_unless_it_is_allowed(newswire_parse: Parse) -> None:
    ran = newswire_parse("http://127.0.0.1:9/story.html")
    assert ran.code == 1
    assert len(ran.errors) == 1
    assert "127.0.0.1" in ran.errors[0]
