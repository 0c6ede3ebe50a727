"""The scores of `make eval-ingest` for the bodies of pages."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.ingest import extractors, pages


def page(name: str = "t/a", **stated: Any) -> extractors.Page:
    known: dict[str, Any] = {"name": name, "uri": "https://a.example/x", "data": b"", "text": ""}
    return extractors.Page(**known | stated)


def test_segments_are_counted_over_all_pages_whatever_their_white_space() -> None:
    some = [page(wanted=("a b", "c", "zz"), unwanted=("x",)), page(wanted=("e",), unwanted=("y",))]
    score = pages.score(some, ["a\n b and c but x", "nothing"])
    assert (score.precision, score.recall) == (2 / 3, 2 / 4)
    assert score.f1 == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))


def test_words_are_compared_in_shingles_of_four_and_each_page_counts_the_same() -> None:
    body = "one two three four five six"
    some = [page(body=body), page(body=" ".join([body] * 50))]
    assert pages.score(some, [body, " ".join([body] * 50)]).f1 == 1
    score = pages.score(some, [f"{body} seven", ""])
    assert (score.precision, score.recall) == (3 / 4, 0.5)


def test_a_peer_that_fails_got_nothing_and_its_run_goes_on(tmp_path: Path) -> None:
    stated = {
        f"{name}.html.gz": {"with": ["the harbour town"], "without": ["Sign in"], "url": None}
        for name in "abcdefgh"
    }
    folder = tmp_path / "trafilatura"
    (folder / "pages").mkdir(parents=True)
    (folder / "evaldata-subset.json").write_text(json.dumps(stated))
    text = "<p>The council of the harbour town voted to close the road to lorries at once.</p>"
    html = f"<html><head><title>Harbour road closes</title></head><body><article>{text * 3}"
    for name in stated:
        (folder / "pages" / name).write_bytes(gzip.compress(html.encode()))
    out, notes = io.StringIO(), io.StringIO()
    broken = {"broken": lambda: lambda page: 1 / 0, "absent": _absent}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PEERS", broken)
        assert pages.report(tmp_path, out, notes)
    rows = {line.split("│")[1].strip(): line for line in out.getvalue().splitlines() if "│" in line}
    assert "0.000" in rows["broken"]
    assert (
        notes.getvalue() == f"absent isn't installed, and not compared with: {pages.PEERS_EXTRA}\n"
    )


def _absent() -> extractors.Extractor:
    raise ImportError("absent")


def test_without_pages_one_line_says_what_is_missing(tmp_path: Path) -> None:
    out, notes = io.StringIO(), io.StringIO()
    assert not pages.report(tmp_path, out, notes)
    assert notes.getvalue().count("\n") == 1
    assert str(tmp_path) in notes.getvalue()
