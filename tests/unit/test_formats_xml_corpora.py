"""Real XML wires: read to stories that can be published, or refused in one clear line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.errors import ParseError
from newswire.formats import parse
from newswire.stories.draft import Draft
from newswire.stories.finish import finish
from newswire.stories.model import ItemType, RawReference

WIRE = ROOT.parent / "shared/wire"
RAW = RawReference(
    bucket="test",
    key="key",
    sha256="0" * 64,
    size=1,
    media_type="application/xml",
    source="test",
    uri="file:///item.xml",
    archived_at=datetime(2026, 3, 4, tzinfo=UTC),
)
# XML that holds no news.
NO_NEWS = ("aap_golf", "dc_")


def files(folder: str) -> list[Path]:
    path = WIRE / folder
    if not path.is_dir():
        pytest.skip(f"the real files are not here: {path}")
    return sorted(file for file in path.iterdir() if file.is_file())


def read(path: Path) -> list[Draft]:
    try:
        return parse(path.read_bytes(), uri=path.as_uri()).drafts
    except ParseError as refused:
        one_line = str(refused)
    assert "\n" not in one_line
    return []


def assert_publishable(draft: Draft) -> None:
    story = finish(draft, RAW)
    if draft.type is ItemType.TEXT:
        assert story.headline
        assert story.body
    for block in story.body:
        assert block.text == block.text.rstrip()
        assert "<p" not in block.text


@pytest.mark.parametrize(
    "folder",
    [
        "newsml-g2",
        "newsml-g2-spec",
        "newsml-g2-stt-lehtikuva",
        "newsml-1.x",
        "newsml-1.x-afp-arabic",
        "nitf",
        "vendor-xml",
    ],
)
def test_every_real_file_gives_its_stories(folder: str) -> None:
    for path in files(folder):
        drafts = read(path)
        if any(mark in path.name for mark in NO_NEWS):
            assert drafts == [], path.name
        else:
            assert drafts, path.name
        for draft in drafts:
            assert_publishable(draft)
