"""The models that ship make of the project's own stories what they made when it was looked at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newswire.stories.enriched import Enrichment
from tests import golden

STORED = sorted(golden.FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def made() -> dict[str, Enrichment]:
    own = golden.stories()
    return dict(zip(own, golden.enrich(list(own.values())), strict=True))


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_the_projects_own_stories_come_out_as_they_did(
    made: dict[str, Enrichment], file: Path
) -> None:
    """After a change that is meant: make golden FIELDS=the field."""
    found = {name: golden.plain(one, file.stem) for name, one in made.items()}
    wanted = json.loads(file.read_text("utf-8"))
    lines = golden.differences(found, wanted, file.stem)
    assert lines[golden.DOUBTFUL if file.stem in golden.OF_WORDS else 0 :] == []


def test_every_field_is_held_against_what_it_was() -> None:
    assert {*golden.FIELDS} == {file.stem for file in STORED}
    for file in STORED:
        assert sum(map(bool, json.loads(file.read_text("utf-8")).values())) > 3


def test_a_difference_is_named_where_it_is_and_a_probability_may_move_a_little() -> None:
    wanted: golden.Plain = {"a": [{"p": 0.5, "text": "x", "at": 3}]}
    assert golden.differences({"a": [{"p": 0.54, "text": "x", "at": 3}]}, wanted) == []
    assert golden.differences({"a": [{"p": 0.6, "text": "x", "at": 3}]}, wanted, "f") == [
        "f.a[0].p: 0.6, was 0.5"
    ]
    assert golden.differences({"a": [{"p": 0.5, "text": "x", "at": 4}]}, wanted, "f") == [
        "f.a[0].at: 4, was 3"
    ]
    assert len(golden.differences({"a": []}, wanted)) == 1
    assert len(golden.differences({}, wanted)) == 1


def test_only_the_fields_that_are_named_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    golden.main(["summary"], tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["summary.json"]
    with pytest.raises(SystemExit):
        golden.main(["sumary"], tmp_path)
    assert "no field of an enrichment: sumary" in capsys.readouterr().err
