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
_LINE_ENDS = re.compile("\x0b|\x0c|\x85|\u2028|\u2029")
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10}) + b"\x7f"
_RARE_BYTES = tuple(
    (lead, re.compile(lead + rest))
    for lead, rest in (
        (b"\xc2", rb"[\x80-\x9f]"),
        (b"\xe2\x80", rb"[\xa8\xa9]"),
        (b"\xed", rb"[\xa0-\xbf]"),
        (b"\xef", rb"(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])"),
    )
)
"""In UTF-8: the C1 controls, the separators of lines, lone surrogates and non-characters."""
_CHUNK = 2**20
"""Characters looked at at once: a large document isn't copied whole."""


def without_controls(text: str) -> str:
    """The text with line feeds only, and without control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_clean(text):
        return text
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _is_clean(text: str) -> bool:
    """Whether there is nothing to do, as in most documents: looking at bytes takes a fifth of the
    time of the expressions, which look at each character.
    """
    for start in range(0, len(text), _CHUNK):
        data = text[start : start + _CHUNK].encode("utf-8", "surrogatepass")
        if len(data.translate(None, _CONTROL_BYTES)) != len(data):
            return False
        if not data.isascii() and any(
            lead in data and rare.search(data) for lead, rare in _RARE_BYTES
        ):
            return False
    return True


def one_line(text: str | None) -> str:
    """The text with each run of white space as one space; empty for ``None``."""
    if not text:
        return ""
    line = " ".join(text.split())
    if line.isprintable():  # no control, no invisible mark
        return line
    return " ".join(_INVISIBLE.sub("", without_controls(line)).split())


def language_tag(tag: str | None) -> str | None:
    """A BCP 47 tag from what a document states (``en_GB`` becomes ``en-GB``), else ``None``."""
    candidate = (tag or "").strip().replace("_", "-")
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", candidate):
        return candidate
    return None


def unique(items: list[str]) -> list[str]:
    """The items that aren't empty, each once, in order, white space normalised."""
    return list(dict.fromkeys(filter(None, map(one_line, items))))
