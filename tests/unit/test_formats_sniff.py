"""What a document is, is read from its content."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, ParseError
from newswire.formats import parse
from newswire.formats.base.sniff import opening
from newswire.formats.table import FORMATS

DATA = Path(__file__).parent / "data" / "formats"


def sniffed(text: str) -> tuple[str, str] | None:
    beginning = opening(text, text)
    for known in FORMATS:
        media_type = known.match(beginning)
        if media_type is not None:
            return known.name, media_type
    return None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<rss version='2.0'>", ("feed", "application/rss+xml")),
        ("\n <?xml version='1.0'?>\n<!-- a --><rss>", ("feed", "application/rss+xml")),
        ("<rdf:RDF xmlns:rdf='x'>", ("feed", "application/rdf+xml")),
        ("<atom:feed xmlns:atom='x'>", ("feed", "application/atom+xml")),
        (
            "<!DOCTYPE rss [<!ENTITY a \"]>\"><!ENTITY b 'x'>]><rss>",
            ("feed", "application/rss+xml"),
        ),
        ("<!doctype html><p>", ("html", "text/html")),
        ("<HTML>", ("html", "text/html")),
        ("<?xml version='1.0'?><html xmlns='x'>", ("html", "application/xhtml+xml")),
        ("<p>A fragment", ("html", "text/html")),
        ("HTTP leftovers\n<html>", ("html", "text/html")),
        ("A headline\n\nA sentence.", ("text", "text/plain")),
        ("<3 from Oslo\n\nA sentence.", ("text", "text/plain")),
        ("[Caption] A headline", ("text", "text/plain")),
        ('{"headline": "x"}', ("json", "application/json")),
        ('{"headline": "cut off', ("json", "application/json")),
        ('[{"headline": "cut off', ("json", "application/json")),
        ('{"a": 1}\n{"a": 2}', ("json", "application/json")),
        ("[1, 2]", ("json", "application/json")),
        ("{Caption} A headline", ("text", "text/plain")),
        ("<?xml version='1.0'?><invoice>", None),
        ("<?xml version='1.0'?> nothing", None),
    ],
)
def test_a_format_is_recognised_by_how_it_begins(
    text: str, expected: tuple[str, str] | None
) -> None:
    assert sniffed(text) == expected


def test_neither_the_name_nor_the_declared_type_decides() -> None:
    parsed = parse(
        (DATA / "rss.xml").read_bytes(), uri="story.html", declared="text/html; charset=utf-8"
    )
    assert (parsed.format, parsed.media_type) == ("feed", "application/rss+xml")


def test_what_is_expected_and_not_found_is_malformed() -> None:
    with pytest.raises(MalformedInput, match="text/plain where a feed was expected"):
        parse(b"Service unavailable", uri="x", expect="feed")


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b'{"a": 1}', NoArticle, "JSON"),
        (b"<?xml version='1.0'?><invoice/>", NoArticle, "<invoice>"),
        (b"<?xml version='1.0'?>so much for XML", MalformedInput, "no element"),
        (b"a" * 101, InputTooLarge, "101 bytes, over the limit of 100"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_line(
    data: bytes, error: type[ParseError], words: str
) -> None:
    with pytest.raises(error, match=words) as caught:
        parse(data, uri="x", max_bytes=100)
    assert "\n" not in str(caught.value)


def test_a_long_internal_subset_hides_no_root() -> None:
    subset = "<!ENTITY a 'x'>" * 5000
    assert opening(f"<!DOCTYPE rss [{subset}]><rss>", "").root == "rss"


def test_the_package_is_imported_without_any_parser() -> None:
    heavy = {"lxml", "trafilatura", "feedparser", "charset_normalizer"}
    code = f"import sys, newswire.formats; print(sorted({heavy!r} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
