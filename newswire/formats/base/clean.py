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
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13}) + b"\x7f"
_UNPRINTABLE_ASCII = bytes(range(32)) + b"\x7f"
_SHORT = 100
"""Characters up to which it isn't worth making bytes of a text."""
_RARE_BYTES = (
    (b"\xc2", re.compile(rb"\xc2[\x80-\x9f]")),
    (b"\xed", re.compile(rb"\xed[\xa0-\xbf]")),
    (b"\xef", re.compile(rb"\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")),
)
"""In UTF-8: the C1 controls, lone surrogates and non-characters."""
_CHUNK = 2**20
"""Bytes looked at at once: a large document isn't copied whole."""


def without_controls(text: str, encoded: bytes | None = None) -> str:
    """The text with line feeds only, and without control characters.

    Args:
        text: any text.
        encoded: the same in UTF-8, where it is at hand.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if encoded is None:
        encoded = text.encode("utf-8", "surrogatepass")
    # One character is found sooner among characters than three bytes among bytes.
    if "\u2028" in text or "\u2029" in text:
        text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    if _is_clean(encoded):
        return text
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _is_clean(encoded: bytes) -> bool:
    """Whether a text has no such character but a carriage return, as most have none: bytes are
    looked at in a fifth of the time that the expressions take for characters.
    """
    for start in range(0, len(encoded), _CHUNK):
        data = encoded[start : start + _CHUNK] if start or len(encoded) > _CHUNK else encoded
        if len(data.translate(None, _CONTROL_BYTES)) != len(data):
            return False
    if encoded.isascii():
        return True
    return not any(lead in encoded and rare.search(encoded) for lead, rare in _RARE_BYTES)


def one_line(text: str | None) -> str:
    """The text with each run of white space as one space; empty for ``None``."""
    if not text:
        return ""
    line = text.strip()
    # A space is all the white space that is printable.
    if "  " not in line and (_is_plain(line) if len(line) > _SHORT else line.isprintable()):
        return line
    line = " ".join(line.split())
    if line.isprintable():  # no control, no invisible mark
        return line
    return " ".join(_INVISIBLE.sub("", without_controls(line)).split())


def _is_plain(text: str) -> bool:
    """Whether a text is printable: as bytes, ASCII is looked at in a third of the time."""
    if not text.isascii():
        return text.isprintable()
    return len(text.encode().translate(None, _UNPRINTABLE_ASCII)) == len(text)


def language_tag(tag: str | None) -> str | None:
    """A BCP 47 tag from what a document states (``en_GB`` becomes ``en-GB``), else ``None``."""
    candidate = (tag or "").strip().replace("_", "-")
    if _LANGUAGE.fullmatch(candidate):
        return candidate
    return None


def unique(items: list[str]) -> list[str]:
    """The items that aren't empty, each once, in order, white space normalised."""
    return list(dict.fromkeys(filter(None, map(one_line, items))))
