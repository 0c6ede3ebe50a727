"""White space and control characters."""

from __future__ import annotations

import re

# Everything that XML 1.0 forbids, DEL and the C1 controls (which are what is left of a
# mislabelled windows-1252), lone surrogates and non-characters. Tab and line feed stay.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# Invisible marks that break matching and mean nothing in running text: soft hyphen,
# zero-width space, word joiner and byte order mark. The joiners of Arabic and Indic
# scripts and the direction marks stay: they carry meaning.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"”’'»)\]]*$")
"""How a line ends that is a sentence, in the scripts that have such signs."""
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")


def without_controls(text: str) -> str:
    """The text with line feeds only, and without control characters."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str | None) -> str:
    """The text with each run of white space as one space; empty for ``None``."""
    if not text:
        return ""
    return " ".join(_INVISIBLE.sub("", without_controls(text)).split())


def language_tag(tag: str | None) -> str | None:
    """A BCP 47 tag from what a document states (``en_GB`` becomes ``en-GB``), else ``None``."""
    candidate = (tag or "").strip().replace("_", "-")
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", candidate):
        return candidate
    return None


def unique(items: list[str]) -> list[str]:
    """The items that aren't empty, each once, in order, white space normalised."""
    return list(dict.fromkeys(filter(None, map(one_line, items))))
