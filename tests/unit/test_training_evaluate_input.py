"""What is wrong with a file that is to be scored is one line, and no row is lost to it unsaid."""

from __future__ import annotations

import codecs
import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from newswire.config import ROOT
from training import evaluate_all
from training.corpora import read_rows
from training.evaluate import main

TEXT = "Ruth Hallmann said that it was late. She left."
QUOTE = {"source": [[0, 13]], "cue": [[14, 18]], "content": [[19, 35]]}
ROWS: dict[str, dict[str, object]] = {
    "stance": {"id": "1", "target": "nuclear power", "text": "It is safe.", "label": "pro",
               "source": "VAST"},
    "quotes": {"id": "1", "text": TEXT, "quotes": [QUOTE]},
    "speakers": {"id": "1", "text": TEXT, "ask": [{"span": [37, 40], "chain": 1}],
                 "mentions": [{"span": [0, 13], "form": "name", "chain": 1}]},
    "summary": {"id": "1", "article": "The port reopened.", "summary": "The port reopened."},
}  # fmt: skip


def written(folder: Path, *rows: object) -> Path:
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("task", ["quotes", "speakers"])
def test_a_row_that_is_right_is_scored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], task: str
) -> None:
    assert main([task, "--data", str(written(tmp_path, ROWS[task])), "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == ["-"]


@pytest.mark.parametrize(
    ("task", "change", "message"),
    [
        ("quotes", {"text": None}, "row 2 lacks text"),
        ("quotes", {"id": None, "text": 3}, "row 2 lacks id, text"),
        ("quotes", {"quotes": "none"}, "quotes of row 1 can't be read: no list"),
        ("quotes", {"quotes": [{"source": []}]}, "quotes of row 1 can't be read: 'cue'"),
        ("quotes", {"quotes": [QUOTE | {"cue": [[14]]}]}, "[14] is no span of its text"),
        ("quotes", {"quotes": [QUOTE | {"cue": [[14, 999]]}]}, "[14, 999] is no span of its text"),
        ("speakers", {"text": None}, "row 2 lacks text"),
        ("speakers", {"ask": None}, "row 2 lacks ask"),
        ("speakers", {"ask": [{"chain": 1}]}, "mentions of row 1 can't be read: 'span'"),
        ("speakers", {"ask": [{"span": [40, 37]}]}, "[40, 37] is no span of its text"),
        ("speakers", {"ask": [{"span": [37, 40], "chain": 1}, {"span": [37, 40]}]},
         "mentions of row 1 can't be read: 'chain'"),
        ("speakers", {"mentions": [1]}, "mentions of row 1 can't be read"),
        ("summary", {"summary": ["One.", 2]}, "summary of row 1 can't be read: ['One.', 2]; it is"),
        ("summary", {"references": {"a": "One."}}, "references of row 1 can't be read: {'a': "),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    task: str,
    change: dict[str, object],
    message: str,
) -> None:
    data = written(tmp_path, ROWS[task], ROWS[task] | change)
    assert message in refused(capsys, task, "--data", str(data))


@pytest.mark.parametrize("task", ROWS)
@pytest.mark.parametrize("identity", [7, 7.5, "7"])
def test_a_rows_id_may_be_a_number_and_its_answer_has_it_as_it_is_written(
    tmp_path: Path, task: str, identity: float | str
) -> None:
    data, out = written(tmp_path, ROWS[task] | {"id": identity}), tmp_path / "out.jsonl"
    assert main([task, "--data", str(data), "--predictions", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["id"] == identity


def test_mentions_that_are_asked_of_without_their_chain_are_answered_beside_those_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blind = ROWS["speakers"] | {"id": "2", "ask": [{"span": [37, 40]}]}
    data, out = written(tmp_path, ROWS["speakers"], blind), tmp_path / "out.jsonl"
    assert main(["speakers", "--data", str(data), "--json", "--predictions", str(out)]) == 0
    assert json.loads(capsys.readouterr().out)["-"]["mentions"] == 1
    first, second = map(json.loads, out.read_text("utf-8").splitlines())
    assert first["resolved"] == second["resolved"] != []


def test_where_no_mention_is_asked_of_there_is_nothing_to_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = written(tmp_path, ROWS["speakers"] | {"ask": []})
    assert main(["speakers", "--data", str(data)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err.count("nothing to score")) == ("", 1)


@pytest.mark.parametrize("task", ROWS)
def test_a_file_without_rows_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], task: str
) -> None:
    data = written(tmp_path)
    assert f"{data} has no rows" in refused(capsys, task, "--data", str(data))


def test_a_part_that_a_file_lacks_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = written(tmp_path, ROWS["summary"])
    said = refused(capsys, "summary", "--data", str(data), "--part", "dev")
    assert f"{data} has no dev rows" in said


def test_rows_of_which_none_says_what_is_right_give_no_empty_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = written(tmp_path, {"id": "1", "text": TEXT}), tmp_path / "out.jsonl"
    assert main(["quotes", "--data", str(data), "--predictions", str(out)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err.count("nothing to score")) == ("", 1)
    assert json.loads(out.read_text("utf-8"))["id"] == "1"


def test_a_file_for_predictions_that_cannot_be_written_is_named_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "none" / "out.jsonl"
    data = tmp_path / "none.jsonl"  # would be named, were it read first
    said = refused(capsys, "quotes", "--data", str(data), "--predictions", str(out))
    assert f"{out} can't be written" in said
    assert "--predictions" in said


@pytest.mark.parametrize("link", [None, Path.symlink_to, Path.hardlink_to])
def test_predictions_are_never_written_over_the_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], link: Callable[[Path, Path], None] | None
) -> None:
    data = out = written(tmp_path, ROWS["quotes"])
    if link:
        out = tmp_path / "other.jsonl"
        link(out, data)
    before = data.read_bytes()
    said = refused(capsys, "quotes", "--data", str(data), "--predictions", str(out))
    assert f"{out} is the file of the rows" in said
    assert "--predictions" in said
    assert data.read_bytes() == before


def test_predictions_that_are_there_outlive_a_run_that_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("of an earlier run\n", "utf-8")
    data = written(tmp_path, ROWS["quotes"], {"id": "2"})
    refused(capsys, "quotes", "--data", str(data), "--predictions", str(out))
    assert out.read_text("utf-8") == "of an earlier run\n"
    assert set(tmp_path.iterdir()) == {data, out}


def test_predictions_take_the_place_of_those_that_are_there_also_through_a_link(
    tmp_path: Path,
) -> None:
    file, out = tmp_path / "file.jsonl", tmp_path / "out.jsonl"
    file.write_text("of an earlier run\n", "utf-8")
    file.chmod(0o640)
    out.symlink_to(file)
    data = written(tmp_path, ROWS["quotes"])
    assert main(["quotes", "--data", str(data), "--predictions", str(out)]) == 0
    assert out.is_symlink()
    assert json.loads(file.read_text("utf-8"))["id"] == "1"
    assert file.stat().st_mode & 0o777 == 0o640
    assert set(tmp_path.iterdir()) == {data, file, out}


@pytest.mark.parametrize("piped", [True, False], ids=["pipe", "file"])
def test_predictions_can_go_to_stdout_before_the_scores(tmp_path: Path, piped: bool) -> None:
    data = written(tmp_path, ROWS["quotes"])
    command = [sys.executable, "-m", "training.evaluate", "quotes", "--data", str(data)]
    stdout = tmp_path / "stdout"
    with stdout.open("wb") as file:
        done = subprocess.run(
            [*command, "--json", "--predictions", "/dev/stdout"],
            check=True,
            cwd=ROOT,
            stdout=subprocess.PIPE if piped else file,
        )
    said = (done.stdout if piped else stdout.read_bytes()).decode()
    first, _, rest = said.partition("\n")
    assert json.loads(first)["id"] == "1"
    assert list(json.loads(rest)) == ["-"]


@pytest.mark.parametrize("command", [main, evaluate_all.main])
@pytest.mark.parametrize("limit", ["0", "-1", "some"])
def test_a_limit_below_one_row_is_refused(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: Callable[[Sequence[str]], int],
    limit: str,
) -> None:
    one = ["quotes"] if command is main else []
    with pytest.raises(SystemExit) as ended:
        command([*one, "--data", str(tmp_path), f"--limit={limit}"])
    assert ended.value.code == 2
    assert f"argument --limit: '{limit}' is no number from 1 on" in capsys.readouterr().err


def test_bytes_that_are_not_utf8_are_named_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_bytes(json.dumps(ROWS["quotes"]).encode() + b'\n{"id": "\xff"}\n')
    assert f"{data}:2: not UTF-8" in refused(capsys, "quotes", "--data", str(data))


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["no mark", "mark"])
@pytest.mark.parametrize(
    ("name", "pack"),
    [("rows.jsonl", bytes), ("rows.jsonl", gzip.compress), ("rows.jsonl.gz", gzip.compress)],
    ids=["plain", "gzip without .gz", "gzip"],
)
def test_rows_are_read_also_packed_under_another_name_or_behind_a_byte_order_mark(
    tmp_path: Path, name: str, mark: bytes, pack: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / name
    file.write_bytes(pack(mark + b'{"id": "1"}\n{"id": "2"}\n'))
    assert list(read_rows(file)) == [{"id": "1"}, {"id": "2"}]


@pytest.mark.parametrize("kept", [slice(-20), slice(12, None)])
def test_a_gzip_file_that_was_cut_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: slice
) -> None:
    data = tmp_path / "rows.jsonl.gz"
    data.write_bytes(gzip.compress(json.dumps(ROWS["quotes"]).encode())[kept])
    assert f"{data} can't be read" in refused(capsys, "quotes", "--data", str(data))


def test_a_gzip_file_that_is_damaged_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "rows.jsonl.gz"
    made = bytearray(gzip.compress(json.dumps(ROWS["quotes"]).encode()))
    made[10:14] = b"\xff" * 4  # the beginning of the compressed data
    data.write_bytes(made)
    assert f"{data} can't be read" in refused(capsys, "quotes", "--data", str(data))
