"""XML without its DOCTYPE: nothing is loaded, and what it defines is not expanded without bound."""

from __future__ import annotations

import re

from newswire.errors import MalformedInput
from newswire.formats.base.sniff import end_of_doctype

_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<[A-Za-z_]")
_ENTITY = re.compile(
    r"""<!ENTITY\s+(?P<name>[\w.:-]+)\s+(?:"(?P<value>[^"]*)"|'(?P<other>[^']*)')\s*>"""
)
_REFERENCE = re.compile(r"&([\w.:-]+);")
_FAR_REFERENCE = re.compile(
    r"&#(?:[xX]0*+([dD][89a-fA-F][0-9a-fA-F]{2}|[1-9a-fA-F][0-9a-fA-F]{5,}+)(?![0-9a-fA-F])"
    r"|0*+(5[5-7][0-9]{3}|[1-9][0-9]{6,}+)(?![0-9]));?"
)
"""A reference to a code point near the surrogates or beyond the last: hardly any real one."""
_LAST = 0x10FFFF
_MOST_DIGITS = 7
"""Of the last code point, in decimal."""
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_LONGEST_DOCTYPE = 64 * 2**10
"""Characters; real ones name a DTD and a few signs."""
_MOST_EXPANDED = 100_000
"""Characters that the entities of one document may add: real ones are a few signs."""


def without_doctype(text: str) -> str:
    """The document without its DOCTYPE, the entities that it defines put in their places.

    External entities and parameter entities are dropped and never loaded.

    Raises:
        MalformedInput: entities that refer to entities, or that grow the document without bound.
    """
    first = _FIRST_ELEMENT.search(text)
    before = first.start() if first else len(text)
    # Looked for without the name first: the expression takes ten times as long.
    start = _DOCTYPE.search(text, 0, before) if text.find("<!", 0, before) >= 0 else None
    if start is None:
        return text
    end = end_of_doctype(text, start.end())
    if end is None:
        raise MalformedInput("its DOCTYPE has no end")
    declaration, rest = text[start.start() : end], text[end:]
    if len(declaration) > _LONGEST_DOCTYPE:
        raise MalformedInput(f"a DOCTYPE of {len(declaration):,} characters")
    entities = {
        found["name"]: found["value"] or found["other"] or ""
        for found in _ENTITY.finditer(declaration)
    }
    if not entities:
        return text[: start.start()] + rest
    for name, value in entities.items():
        if any(inner in entities for inner in _REFERENCE.findall(value)):
            raise MalformedInput(
                f"the entity &{name}; is made of other entities, which are not expanded"
            )
    used = [name for name in _REFERENCE.findall(rest) if name in entities]
    grown = sum(len(entities[name]) for name in used)
    if grown > _MOST_EXPANDED:
        raise MalformedInput(f"its entities grow to {grown:,} characters, which are not expanded")

    def put(found: re.Match[str]) -> str:
        name = found[1]
        return found[0] if name in _PREDEFINED else entities.get(name, found[0])

    return text[: start.start()] + _REFERENCE.sub(put, rest)


def with_real_characters(text: str) -> str:
    """The text with U+FFFD for each reference to half a surrogate pair or beyond Unicode.

    So HTML's "numeric character reference end state" has it; XML's rule is to refuse the document.
    """
    return _FAR_REFERENCE.sub(_real, text)


def _real(reference: re.Match[str]) -> str:
    digits, base = (reference[1], 16) if reference[1] else (reference[2], 10)
    number = int(digits, base) if len(digits) <= _MOST_DIGITS else _LAST + 1
    return "\ufffd" if 0xD800 <= number <= 0xDFFF or number > _LAST else reference[0]
