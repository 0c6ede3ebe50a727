"""How a token is written: the encoders are uncased, and a name is told by its capitals."""

from __future__ import annotations

from enum import IntEnum

LONGEST_WORD = 40
"""Characters of a word that are looked at."""


class Case(IntEnum):
    """Of the whole word that a token is a part of."""

    NO_LETTER = 0
    LOWER = 1
    CAPITALISED = 2
    UPPER = 3
    MIXED = 4


def case_at(text: str, start: int, end: int) -> Case:
    """The case of the word that ``text[start:end]`` is a part of."""
    while start > 0 and text[start - 1].isalnum() and end - start < LONGEST_WORD:
        start -= 1
    while end < len(text) and text[end].isalnum() and end - start < LONGEST_WORD:
        end += 1
    letters = [sign for sign in text[start:end] if sign.isalpha()]
    if not letters:
        return Case.NO_LETTER
    if all(sign.islower() for sign in letters):
        return Case.LOWER
    if len(letters) > 1 and all(sign.isupper() for sign in letters):
        return Case.UPPER
    return Case.CAPITALISED if letters[0].isupper() else Case.MIXED
