"""What the ingest benchmark compares, and how it says what is missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.ingest import speed, truth
from benchmarks.ingest.__main__ import main, outcomes, shares
from benchmarks.ingest.agreement import FIELDS, compare
from benchmarks.ingest.truth import Row
from newswire.errors import ConfigError
from newswire.stories.model import Block, PubStatus, RawReference, Story, Subject

WIRE = (
    "\x01vna0412 3 e 211  vna 0409\r\n\x02Fleet to sail again =\r\n\r\n"
    "Norvik (vna) - The fleet sails again.\r\n\x03141137 GMT Nov 23\x04"
)
SENT = "wire file as sent (may be lightly anonymised)"


def story(**changes: Any) -> Story:
    raw = RawReference(
        bucket="b", key="k", sha256="0" * 64, size=1, media_type="text/plain", source="s",
        uri="file:x", archived_at=datetime(2023, 11, 14, tzinfo=UTC),
    )  # fmt: skip
    fields = {
        "id": "vna0412",
        "version": 1,
        "headline": "Fleet to sail again",
        "first_created": datetime(2023, 11, 14, 11, 37, tzinfo=UTC),
        "version_created": datetime(2023, 11, 14, 11, 37, tzinfo=UTC),
        "dateline": "NORVIK (VNA) -",
        "byline": "By JO HOLM",
        "body": (Block(text="The fleet sails."), Block(kind="crosshead", text="COUNT")),
        "extra": {"sign_off": "(Reporting by Jo Holm)"},
        "raw": raw,
    }
    return Story.model_validate(fields | changes)


def about(qcode: str) -> Story:
    return story(subjects=[Subject(qcode=qcode)])


def row(form: str = "nitf", **stated: Any) -> Row:
    return Row(Path("x"), "x", form, True, stated)


def agrees(field: str, told: Row, read: Story) -> bool:
    [outcome] = [one for one in compare(told, [read]) if one.field == field]
    return outcome.agrees


@pytest.mark.parametrize(
    ("field", "told", "read", "expected"),
    [
        ("headline", row(headline="Fleet  to\nsail again"), story(), True),
        ("headline", row(headline="Fleet sails"), story(), False),
        ("version", row(version="04"), story(version=4), True),
        ("version", row(version="1st Ld"), story(extra={"version": "1st Ld"}), True),
        ("version", row(version="1st Ld"), story(), False),
        ("urgency", row(urgency="r"), story(urgency=4, extra={"priority": "r"}), True),
        ("urgency", row(urgency="3"), story(urgency=4), False),
        ("language", row(language="EN"), story(language="en"), True),
        ("published", row(published="2023-11-14T12:37:00+01:00"), story(), True),
        ("published", row(published="2023-11-14T11:37:00"), story(), True),
        ("published", row(published="2023-11-14T12:37:00"), story(), False),
        ("subjects", row(subjects=["04000000"]), about("subj:04000000"), True),
        ("subjects", row(subjects=["a", "b"]), about("a"), False),
        ("paragraphs", row(body_paragraphs=1), story(), True),
        ("paragraphs", row(body_paragraphs=2), story(), True),
        ("paragraphs", row(body_paragraphs=3), story(), False),
        ("start", row(body_first_80_chars="The  fleet"), story(), True),
        ("start", row(body_first_80_chars="NORVIK (VNA) - The fleet"), story(), False),
        ("start", row("anpa1312", body_first_80_chars="``We _ go''"),
         story(body=[Block(text="“We — go” now")]), True),
    ],
)  # fmt: skip
def test_a_field_agrees_by_its_rule(field: str, told: Row, read: Story, expected: bool) -> None:
    assert agrees(field, told, read) is expected


def test_only_what_the_truth_states_is_compared() -> None:
    told = row(headline="Fleet to sail again", byline=None, subjects=[])
    assert {one.field for one in compare(told, [story()])} == {"parsed", "headline"}


def test_a_file_without_a_story_agrees_in_nothing() -> None:
    found = compare(row(headline="Fleet", id="x"), [])
    assert [one.agrees for one in found] == [False, False, False]


def test_of_several_stories_the_one_with_the_truths_id_is_compared() -> None:
    told = row(id="vna0413", headline="Second")
    found = compare(told, [story(), story(id="vna0413", headline="Second")])
    assert all(one.agrees for one in found)


def test_a_withheld_story_is_not_asked_for_what_it_hides() -> None:
    hidden = story(headline=None, body=(), pub_status=PubStatus.WITHHELD, extra={})
    found = compare(row(id="vna0412", headline="Fleet"), [hidden])
    assert {one.field: one.agrees for one in found} == {"parsed": True, "id": True}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "vna.txt").write_bytes(WIRE.encode())
    rows = [
        {"file": "vna.txt", "id": "vna0412", "headline": "Fleet to sail again"},
        {"file": "vna.txt", "id": "vna9999", "authenticity": "synthetic"},
        {"file": "gone.txt", "authenticity": "synthetic"},
    ]
    rows = [{"format": "iptc7901", "authenticity": SENT} | one for one in rows]
    path = tmp_path / "truth.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in rows), "utf-8")
    return path


def test_shares_are_counted_by_format_and_over_all(corpus: Path) -> None:
    counted = shares(outcomes(truth.load(corpus)))
    assert list(counted) == ["iptc7901", "all"]
    assert counted["all"] == counted["iptc7901"]
    assert counted["all"]["parsed"] == (2, 3)
    assert counted["all"]["id"] == (1, 2)


def test_the_figures_are_printed_as_tables_and_as_json(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--truth", str(corpus), "--no-speed", "--no-pages"]
    assert main([*common, "--misses"]) == 0
    shown = capsys.readouterr()
    assert "66.7% ! (2/3)" in shown.out
    assert "vna.txt\tid\tstated vna9999\tread vna0412" in shown.out
    assert "gone.txt" in shown.err
    assert main([*common, "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["as sent"]["all"]["headline"] == [1, 1]


def test_what_is_missing_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--truth", str(tmp_path / "none.jsonl")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    (tmp_path / "odd.jsonl").write_text('{"format": 1}\n')
    with pytest.raises(ConfigError, match="isn't in the form"):
        truth.load(tmp_path / "odd.jsonl")


def test_each_format_is_timed_beside_its_bare_parser(corpus: Path) -> None:
    feed = corpus.parent / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel><title>t</title><item><title>Fleet</title>"
        "<description>The fleet sails again.</description></item></channel></rss>"
    )
    binary = corpus.parent / "binary"
    binary.write_bytes(bytes(range(256)))
    timed = speed.measure([corpus.parent / "vna.txt", feed, binary], rounds=1)
    assert timed["iptc-7901"].share is None
    assert timed["iptc-7901"].stories == 1
    assert timed["feed"].bare == "feedparser"
    assert (timed["feed"].share or 0) > 0


def test_formats_of_one_bare_parser_are_summed() -> None:
    [xml] = speed.together(
        [
            speed.Timed("lxml", 0.25, 1, 2, 1.0, 0.5),
            speed.Timed("lxml", 0.25, 3, 4, 3.0, 0.5),
            speed.Timed("feedparser", 0.8, 1, 1, 1.0, 1.0),
            speed.Timed("", 0.0, 1, 1, 1.0),
        ]
    )
    assert (xml.bare, xml.files, xml.stories, xml.share) == ("lxml", 4, 6, 0.25)


@pytest.mark.parametrize("form", ["anpa1312", "iptc7901"])
def test_the_real_text_wires_say_what_was_read(form: str) -> None:
    if not truth.DEFAULT.is_file():
        pytest.skip(f"the real files are not here: {truth.DEFAULT}")
    rows = [one for one in truth.load(truth.DEFAULT) if one.format == form]
    counted = shares(outcomes(rows))[form]
    assert {
        field: one for field, one in counted.items() if field in FIELDS and one[0] < one[1]
    } == {}
