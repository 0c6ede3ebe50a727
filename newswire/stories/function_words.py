"""Small words that tell a language where a text is too short for a detector to be sure."""

from __future__ import annotations

import re
from collections.abc import Iterator

FEWEST = 2
"""Different function words of one language: a single one may be part of a name, or a slip."""

# What is a word of English as well as of one of the others, such as "in" and "was", tells nothing.
_ENGLISH = frozenset(
    "about after and are at be but by could for from have his how if into it its more not or "
    "out said says she should than that the their there they this to up were what when which "
    "who why with would you your".split()
)

_OTHERS = {
    language: frozenset(words.split())
    for language, words in {
        "de": (
            "als auch auf aus bei das dass daß dem den der des die ein eine einem einen einer er "
            "es für gegen haben hat ihre im ist mit muss nach nicht noch nur oder sagte sei seine "
            "sich sie sind soll um und vom von werden wie will wird wurde zu zum zur über"
        ),
        "fr": (
            "après au aux avec ce ces cette dans de des du déclaré elle en est et il ils la le "
            "les leur mais ne ont ou où par pas plus pour que qui sa se selon ses son sont sur un "
            "une à été"
        ),
        "es": (
            "a al como con de debe del dijo el en entre es esta este fue ha han la las lo los más "
            "no para pero por que se según será sobre son su sus un una unos y"
        ),
        "it": (
            "ai al alla anche che come con da dal dalla degli dei del della delle dello detto di "
            "dopo e gli ha hanno il in la le lo ma nel nella non per più si sono sul sulla un una "
            "è"
        ),
        "nl": (
            "aan als bij dat de deze die door een en er hebben heeft het hij maar met moet naar "
            "niet nog om ook op te tegen uit van voor werd wil worden wordt zegt zei zijn"
        ),
        "pt": (
            "ao as com como da das de deve disse do dos e em está foi mais mas na nas no nos não "
            "o os para pela pelo por que se será seu sobre sua são um uma à é"
        ),
    }.items()
}

_PARTICLES = frozenset(
    "da dal das de del della den der des di do dos du e el en et la las le lo los van von y".split()
)
"""What stands within names, as in "Oscar de la Hoya"."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_ENDS = re.compile(r"[.!?:]\W*\Z")


def spoken(text: str) -> frozenset[str]:
    """The languages of most of a text's function words: several, where these are words of each.

    Empty where it has too few, or one that is English alone.
    """
    found = set(_telling(text))
    if found & _ENGLISH:
        return frozenset()
    counts = {language: len(found & own) for language, own in _OTHERS.items()}
    most = max(FEWEST, *counts.values())
    return frozenset(language for language, count in counts.items() if count == most)


def _telling(text: str) -> Iterator[str]:
    """The words of a text in lower case, without those of names."""
    places = list(_WORD.finditer(text))
    words = [place[0] for place in places]
    before = [0, *(place.end() for place in places)]
    for at, (place, word) in enumerate(zip(places, words, strict=True)):
        lower = word.lower()
        begins = at == 0 or bool(_SENTENCE_ENDS.search(text, before[at], place.start()))
        named = lower in _PARTICLES and _within_name(words, at, begins)
        if lower in _ENGLISH or ((word == lower or begins) and not named):
            yield lower


def _within_name(words: list[str], at: int, begins: bool) -> bool:
    """Whether a particle has a capital on both sides, or begins a sentence before one."""
    after = next((word for word in words[at + 1 :] if word not in _PARTICLES), "")
    before = next((word for word in reversed(words[:at]) if word not in _PARTICLES), "")
    return after[:1].isupper() and (begins or before[:1].isupper())
