"""Sentences that stand more than once in a story: no summary says a thing twice."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"\w+")


def wording(sentence: str) -> str:
    """What a sentence says, without its case, spaces and punctuation; itself where it is all."""
    return " ".join(_WORD.findall(sentence.casefold())) or sentence


def first_said(sentences: Iterable[str]) -> list[int]:
    """For each sentence, the number of the first that says the same."""
    firsts: dict[str, int] = {}
    return [firsts.setdefault(wording(own), at) for at, own in enumerate(sentences)]


def said_once(sentences: Iterable[str]) -> list[int]:
    """The numbers of the sentences that say what none before them does."""
    return [at for at, first in enumerate(first_said(sentences)) if at == first]
