"""Which language a text is in, where that is beyond doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from newswire.stories.function_words import spoken

LANGUAGE = "en"
"""What the models read, and what a story is taken for that states no language and doesn't tell."""

FEWEST_LETTERS = 200
"""Shorter texts are names and numbers for the most part, and any language's."""
_LOOKED_AT = 600
"""Characters; more make no other answer, and the time grows with them."""
SURE = 0.95
"""From this probability on a language counts. On some 300 wire stories that declare theirs, what
was said with it was right each time; below it are tables of results, taken for Pidgin."""
_GUESSED = 0.6
"""Below this, what a short text is taken for is mostly a neighbour of its language: Aragonese for
Spanish, Luxembourgish for German. Its function words tell better then; above it they don't, since
those of a Dane are German to them, and those of a Pole Portuguese."""

_ALIKE = (
    # Written norms of one spoken language, or codes of the same: no detector tells them apart
    # reliably, and wires declare now one, now the other.
    {"no", "nb", "nn"},
    {"zh", "cmn", "yue", "wuu", "lzh"},
    {"hr", "sr", "bs", "sh", "cnr", "me"},
    {"id", "in", "ms"},
    {"he", "iw"},
    {"yi", "ji"},
    {"tl", "fil"},
    {"fa", "prs"},
    {"ro", "mo"},
    {"et", "ekk"},
    {"lv", "lvs"},
    {"en", "sco", "pcm"},
    {"es", "gl", "ast", "an"},
    {"ca", "va"},
    {"hi", "ur", "mr", "ne"},
)


_NO_LANGUAGE = {"zxx", "und", "mul", "mis"}
"""Codes of no language, of which the detector knows some."""

_PRIMARY = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Detected:
    """A language, and how sure that is."""

    language: str
    """ISO 639 code, mostly of two letters."""
    probability: float


class _Identifier(Protocol):
    labels: list[str]

    def classify(self, text: str) -> tuple[str, float]: ...

    def rank(self, text: str) -> list[tuple[str, float]]: ...


def primary(declared: str | None) -> str | None:
    """The primary tag of what is declared (BCP 47), in lower case; ``None``: it names no language.

    English is `en` also where it is declared as `eng`, by ISO 639-2.
    """
    tag = (declared or "").strip().replace("_", "-").partition("-")[0].lower()
    if not _PRIMARY.fullmatch(tag) or tag in _NO_LANGUAGE:
        return None
    return "en" if tag == "eng" else tag


def detect(text: str, fewest: int = FEWEST_LETTERS) -> Detected | None:
    """The language of a text; ``None`` where it is too short to tell, or the answer isn't sure.

    Args:
        text: of which the beginning is looked at.
        fewest: letters of a text that is looked at; a sentence is no table, and needs fewer.
    """
    beginning = text[:_LOOKED_AT]
    if sum(map(str.isalpha, beginning)) < fewest:
        return None
    language, probability = _identifier().classify(beginning)
    if probability < SURE or language in _NO_LANGUAGE:
        return None
    return Detected(language, probability)


def detect_short(text: str) -> str | None:
    """The language of a text too short for :func:`detect`; ``None`` where it may be English.

    Its function words must say that it isn't, and what the detector takes it for must be another:
    each alone errs on headlines. Which one it is the detector says; where it only guesses, of the
    languages of the function words that which it holds likeliest.
    """
    beginning = text[:_LOOKED_AT]
    if sum(map(str.isalpha, beginning)) >= FEWEST_LETTERS or not (words := spoken(beginning)):
        return None
    ranked = _identifier().rank(beginning)
    language, probability = ranked[0]
    if language in _NO_LANGUAGE or not differ(LANGUAGE, language):
        return None
    if probability >= _GUESSED:
        return language
    return next((likely for likely, _ in ranked if likely in words), language)


def differ(declared: str, detected: str) -> bool:
    """Whether a declared language (BCP 47) is another than the one detected.

    What the detector has no name for, such as `mul` or `zxx`, can't be found wrong by it.
    """
    primary = declared.split("-", 1)[0].lower()
    if primary == detected or any({primary, detected} <= alike for alike in _ALIKE):
        return False
    return primary in _known()


@cache
def _known() -> frozenset[str]:
    labels = set(_identifier().labels)
    return frozenset(labels.union(*(one for one in _ALIKE if one & labels)) - _NO_LANGUAGE)


@cache
def _identifier() -> _Identifier:
    # Its model takes half a second and some 100 MB: only where there is a text to look at.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    made: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return made
