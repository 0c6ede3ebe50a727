"""The command line: what is asked for on stdout, everything else on stderr, and an exit code."""

from __future__ import annotations

import io
import json
import re
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from newswire import __version__
from newswire.cli import app, console, deadletters, main
from newswire.cli.console import plain
from newswire.config import Settings

COMMANDS = [
    command.name or (command.callback.__name__ if command.callback else "")
    for command in app.registered_commands
]
PASSED_ON = {"airflow"}
"""Hands all of its arguments on, `--help` as well."""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Newswire = Callable[..., Ran]


@pytest.fixture
def newswire(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Newswire:
    """Runs a command line, with a data directory of its own."""
    monkeypatch.setenv("NEWSWIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["newswire", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        code = ended.value.code
        assert isinstance(code, int)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("command", sorted({*COMMANDS} - PASSED_ON))
def test_every_command_says_what_it_is_for(newswire: Newswire, command: str) -> None:
    ran = newswire(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"Usage: newswire {command}" in ran.out
    assert newswire(command, "-h") == ran


def test_the_commands_are_those_that_are_promised(newswire: Newswire) -> None:
    assert {"up", "down", "status", "ingest", "work", "search", "show", "dead-letters", "demo"} <= {
        *COMMANDS
    }
    listed = newswire("--help").out
    assert all(f" {command} " in listed for command in COMMANDS)


def test_the_version_is_the_only_thing_on_stdout(newswire: Newswire) -> None:
    assert newswire("--version") == Ran(0, f"newswire {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("serch",),
        ("search", "--stance", "maybe"),
        ("search", "--size", "0"),
        ("work", "publish"),
        ("ingest",),
        ("ingest", "a.txt", "--source", "../outside"),
        ("ingest", "a.txt", "--source", "A Name"),
        ("search", "--since", "yesterday"),
        ("search", "--until", "2025-02-30"),
        ("show",),
        ("show", " "),
        ("dead-letters", "--last", "0"),
        ("up", "--kafka-port", "70000"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_and_nothing_on_stdout(
    newswire: Newswire, arguments: tuple[str, ...]
) -> None:
    ran = newswire(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Error" in ran.err


def test_a_wrong_setting_is_one_line_on_stderr(
    newswire: Newswire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_TOPIC_PARTITIONS", "none")
    ran = newswire("config")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("newswire: the configuration is wrong: NEWSWIRE_TOPIC_PARTITIONS: ")
    assert ran.err.count("\n") == 1


def test_dead_letters_of_a_kafka_that_is_away_are_one_line_with_the_remedy(
    newswire: Newswire, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_KAFKA_BOOTSTRAP", nobody)
    monkeypatch.setattr(deadletters, "_PATIENCE_S", 0.2)
    ran = newswire("dead-letters")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"newswire: Kafka at {nobody} does not answer: ")
    assert ran.err.endswith("or start the servers with `newswire up`\n")
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [("search", "words"), ("show", "an-id")], ids=" ".join)
def test_a_server_that_is_away_is_one_line_with_the_remedy(
    newswire: Newswire, nobody: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH_URL", f"http://{nobody}")
    ran = newswire(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("newswire: Elasticsearch does not answer: ")
    assert ran.err.endswith("or start the servers with `newswire up`\n")
    assert ran.err.count("\n") == 1


def test_the_settings_are_printed_as_json_without_secrets(
    newswire: Newswire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_S3_SECRET_KEY", "hunter2")
    ran = newswire("config", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out).keys() == Settings.model_fields.keys()
    assert "hunter2" not in ran.out + newswire("config").out


def test_the_table_of_settings_names_every_variable(newswire: Newswire) -> None:
    shown = newswire("config").out
    for name in Settings.model_fields:
        assert f"NEWSWIRE_{name.upper()}" in shown


def test_status_of_no_servers_is_1_and_still_a_table(newswire: Newswire) -> None:
    ran = newswire("status")
    assert ran.code == 1
    for title in ("Kafka", "Elasticsearch", "S3"):
        assert title in ran.out
    assert ran.err == ""
    as_json = json.loads(newswire("status", "--json").out)
    assert [server["state"] for server in as_json["servers"]] == ["stopped"] * 3


def test_down_of_no_servers_is_done_and_says_so(newswire: Newswire) -> None:
    ran = newswire("down")
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing was running." in ran.err


def test_what_comes_from_outside_moves_no_cursor_and_sets_no_colour() -> None:
    assert plain("a\x1b[31mred\x07\x9b0m") == "a\N{REPLACEMENT CHARACTER}[31mred��0m"
    assert plain("one\ttwo") == "one\ttwo"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(file: io.StringIO, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """A table with a long address, on a terminal or in a pipe."""
    screen = Console(file=file, width=width, highlight=False, soft_wrap=True, no_color=True)
    monkeypatch.setattr(console, "out", screen)
    console.print_table(("server", "address", "log"), [("Kafka", ADDRESS, "short"), ("S3", "", "")])
    return re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())


ADDRESS = "http://" + "a.long.way." * 12 + "example:9092"


@pytest.mark.parametrize("width", [20, 60, 1000])
@pytest.mark.parametrize("file", [io.StringIO, Terminal], ids=["piped", "terminal"])
def test_what_is_there_to_be_copied_is_never_cut_or_folded(
    file: type[io.StringIO], width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = printed(file(), width, monkeypatch)
    assert ADDRESS in shown
    assert "…" not in shown


def test_a_table_too_wide_for_the_terminal_is_a_paragraph_for_each_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wide = printed(Terminal(), 1000, monkeypatch)
    assert [line.split() for line in wide.splitlines()][1] == ["Kafka", ADDRESS, "short"]
    narrow = printed(Terminal(), 60, monkeypatch)
    assert narrow == f"Kafka\n    address  {ADDRESS}\n    log  short\nS3\n"


def test_a_demo_of_a_file_that_is_not_there_says_so_before_it_starts_anything(
    newswire: Newswire, tmp_path: Path
) -> None:
    ran = newswire("demo", str(tmp_path / "missing.txt"))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert f"there is no {tmp_path / 'missing.txt'}" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_error_stands_alone_on_stderr_where_that_is_no_terminal(
    newswire: Newswire, tmp_path: Path
) -> None:
    ran = newswire("parse", str(tmp_path / "missing.txt"))
    assert (ran.code, ran.err.count("\n")) == (1, 1)


TARGETS = """\
revision: 3
targets:
  - id: nuclear-power
    name: nuclear power
    kind: topic
    aliases: [reactor, nuclear energy]
"""


def test_the_targets_of_the_watchlist_are_printed_or_only_checked(
    newswire: Newswire, tmp_path: Path
) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(TARGETS, "utf-8")
    ran = newswire("targets", str(file))
    assert ran.code == 0
    assert "nuclear-power  topic  en         nuclear power  reactor, nuclear energy" in ran.out
    assert ran.err == f"{file}: revision 3, 1 target.\n"
    assert newswire("targets", "--check", str(file)) == Ran(0, "", "")
    line = json.loads(newswire("targets", "--json", str(file)).out)
    assert (line["id"], line["aliases"]) == ("nuclear-power", ["reactor", "nuclear energy"])


@pytest.mark.parametrize("option", [[], ["--check"], ["--json"]])
def test_a_target_that_no_story_is_judged_for_is_warned_of_with_its_line(
    newswire: Newswire, tmp_path: Path, option: list[str]
) -> None:
    file = tmp_path / "targets.yaml"
    other = "  - {id: other, name: Other, kind: topic, languages: [de, en]}\n"
    file.write_text(f"{TARGETS}    languages: [de]\n{other}", "utf-8")
    ran = newswire("targets", *option, str(file))
    assert ran.code == 0
    warning = ran.err.splitlines()[0]
    assert f"warning: {file}:7: targets[0].languages: 'nuclear-power' is never judged" in warning
    assert "other" not in warning


@pytest.mark.parametrize("option", [[], ["--check"], ["--json"]])
def test_mistakes_of_the_watchlist_are_one_line_with_their_lines(
    newswire: Newswire, tmp_path: Path, option: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "targets.yaml"
    file.write_text(TARGETS.replace("topic", "animal").replace("aliases", "alias"), "utf-8")
    monkeypatch.setenv("NEWSWIRE_TARGETS_FILE", str(file))
    ran = newswire("targets", *option)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert f"{file}:5: targets[0].kind: " in ran.err
    assert f"{file}:6: targets[0].alias: " in ran.err
