"""`newswire claim` where there is nothing to ask: one line, an exit code, and no server."""

from __future__ import annotations

import sys

import pytest

from newswire.cli import main


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ((), 2, "either a TEXT or --story"),
        (("Pilots end strike", "--story", "one"), 2, "either a TEXT or --story"),
        (("Pilots end strike", "--days", "-1"), 2, "--days"),
        (("",), 1, "newswire: a claim without words; state who did what\n"),
        (("\U0001f525",), 1, "newswire: a claim without words; state who did what\n"),
        (("word " * 500,), 1, "newswire: a claim of 500 words, over the limit of 60; "),
        (
            ("Le gouvernement annonce une nouvelle taxe sur le carbone",),
            1,
            "newswire: the claim reads as another language (fr); nothing is judged; ",
        ),
        (("Pilots end strike",), 1, "newswire: Elasticsearch does not answer: "),
        (("--story", "one"), 1, "newswire: Elasticsearch does not answer: "),
    ],
    ids=["nothing", "both", "days", "empty", "emoji", "500 words", "French", "away", "away, story"],
)
def test_what_cannot_be_asked_is_said_on_stderr(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    line: str,
) -> None:
    monkeypatch.setenv("NEWSWIRE_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    monkeypatch.setattr(sys, "argv", ["newswire", "claim", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (code, "")
    assert line in printed.err
    if code == 1:
        assert printed.err.count("\n") == 1
