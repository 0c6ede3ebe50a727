"""Real feeds and pages, and the project's own samples: parsed, or refused in one clear line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from newswire.config import ROOT
from newswire.errors import ParseError
from newswire.formats import Parsed, parse
from newswire.stories.draft import Draft

SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "samples"


def documents(folder: str, every: int = 1) -> list[Path]:
    path = SHARED / folder
    if not path.is_dir():
        pytest.skip(f"the real files are not here: {path}")
    return [file for file in sorted(path.rglob("*")) if file.is_file()][::every]


def read(path: Path) -> Parsed | ParseError:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    try:
        return parse(data, uri=f"https://pages.example/{path.name}")
    except ParseError as error:
        return error


def assert_sane(draft: Draft) -> None:
    assert draft.headline
    assert draft.body
    for text in (draft.headline, *(block.text for block in draft.body)):
        # A table may begin with an empty cell.
        assert text == text.rstrip()
        assert not any(ord(sign) < 32 and sign not in "\t\n" for sign in text)
    for moment in (draft.first_created, draft.version_created):
        assert moment is None or moment.tzinfo is not None


@pytest.mark.parametrize(
    ("folder", "every", "least_drafts"),
    [
        ("wire/rss-atom", 3, 100),
        ("wire/feedparser-wellformed", 1, 1),
        ("wire/hostile", 1, 1),
        ("pages/trafilatura", 24, 9),
        ("pages/newspaper4k/html", 6, 3),
        ("pages/mediacloud/pages", 12, 4),
    ],
)
def test_a_real_document_is_read_or_refused_in_one_line(
    folder: str, every: int, least_drafts: int
) -> None:
    drafts = 0
    for path in documents(folder, every):
        result = read(path)
        if isinstance(result, ParseError):
            assert "\n" not in str(result)
            continue
        for draft in result.drafts:
            assert_sane(draft)
            drafts += 1
    assert drafts >= least_drafts


@pytest.mark.parametrize(
    ("name", "stories"),
    [
        ("mobilisation-petition.txt", 1),
        ("nuclear-referendum.txt", 1),
        ("carbon-tax.html", 1),
        ("bulletin-rss.xml", 3),
        ("bulletin-atom.xml", 2),
    ],
)
def test_every_sample_is_read_whole(name: str, stories: int) -> None:
    parsed = read(SAMPLES / name)
    assert isinstance(parsed, Parsed)
    assert parsed.failures == []
    assert len(parsed.drafts) == stories
    for draft in parsed.drafts:
        assert_sane(draft)
        assert draft.byline
        words = sum(len(block.text.split()) for block in draft.body)
        assert 130 <= words <= 400
        assert "sign up" not in str(draft.body).lower()
