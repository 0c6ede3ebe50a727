"""Names in capitals: a dateline's "NAIROBI" is the "Nairobi" of other stories, "UNICEF" stays."""

from __future__ import annotations

import re

_SMALL = frozenset("of the and in on at de la du da do dos au sur von van der al".split())
"""Words that are written small inside a place's name: "Rio de Janeiro"."""

_SHORT = frozenset("st ft mt el le".split())
"""Words of two letters that are words in a place's name: "St Louis"."""

_ACRONYM = 3
"""Letters that the acronym of a place may have: "UAE". A name of as many may be one."""

_LETTERS = re.compile(r"[^\W\d_]+")
_GOES_ON = re.compile(r"\s+[a-z]")
"""Behind a name that is no dateline's: "UNICEF said"."""

_REACH = 60
"""Characters in front of a name in which its dateline may begin."""


def is_in_capitals(word: str) -> bool:
    """Whether all letters of a word are capitals, and they are several."""
    return len(word) > 1 and word.isupper()


def in_mixed_case(text: str, start: int, end: int) -> str:
    """A place whose name stands in capitals as it is written elsewhere, where a dateline names it.

    It stays as it is where its letters may be an acronym's, and where its line has others than
    capitals in front of it.
    """
    shown = " ".join(text[start:end].split())
    line = max(0, start - _REACH, text.rfind("\n", max(0, start - _REACH), start) + 1)
    words: list[str] = _LETTERS.findall(shown)
    if (
        sum(map(len, words)) <= _ACRONYM
        or not all(len(word) > 2 or word.lower() in _SMALL | _SHORT for word in words)
        or not text[line:end].isupper()
        or _GOES_ON.match(text, end)
    ):
        return shown
    return _LETTERS.sub(lambda word: _small_or_capitalised(word.group(), word.start()), shown)


def _small_or_capitalised(word: str, at: int) -> str:
    return word.lower() if at and word.lower() in _SMALL else word.capitalize()
