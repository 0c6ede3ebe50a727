"""What may stand for somebody whom a story names: pronouns and definite noun phrases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newswire.enrichment.sentences import Extent

MALE = frozenset("he him his himself".split())
FEMALE = frozenset("she her hers herself".split())
PLURAL = frozenset("they them their theirs themselves".split())
NEUTER = frozenset("it its itself".split())

_ENDS_HEAD = frozenset("of in on at to for from by with who which that whose and as into".split())


@dataclass(frozen=True)
class Mention:
    """A pronoun or noun phrase that may stand for a named entity."""

    start: int
    end: int
    """Code points, end exclusive."""


@dataclass(frozen=True)
class Lexicon:
    """What is known of words before a story is read; see :mod:`training.train_mentions`."""

    female: Mapping[str, float]
    """Of a first name: the share of "she" among the pronouns that follow it, 0 to 1."""
    person: Mapping[str, float]
    """Of the head of a noun phrase: how often it is a person and not an organisation, 0 to 1."""


def kind_of(phrase: str) -> str:
    """The class of a mention: a pronoun's, or that of a noun phrase by its number."""
    low = phrase.lower()
    for name, pronouns in (("he", MALE), ("she", FEMALE), ("they", PLURAL), ("it", NEUTER)):
        if low in pronouns:
            return name
    words = low.split()
    if words and words[0] in MALE | FEMALE | PLURAL | NEUTER:
        return "phrase of theirs"
    head = head_of(words)
    return "phrase plural" if head.endswith("s") and not head.endswith("ss") else "phrase"


def head_of(phrase: Sequence[str]) -> str:
    """The head noun of a lower-case noun phrase: its last word before a preposition or clause."""
    head = ""
    for word in phrase:
        bare = re.sub(r"['’]s$", "", word).strip(",;:.\"'’“”()")
        if head and bare in _ENDS_HEAD:
            break
        head = bare
        if word.endswith(","):
            break
    return head


_PRONOUNS = MALE | FEMALE | PLURAL | NEUTER
_CANDIDATE = re.compile(
    rf"\b(?P<first>the|this|{'|'.join(sorted(_PRONOUNS))})\b(?=(?:\s+(?P<one>[a-z-]+))?(?:\s+(?P<two>[a-z-]+))?)",
    re.IGNORECASE,
)


def mentions_in(text: str, sentences: Sequence[Extent], lexicon: Lexicon) -> list[Mention]:
    """Third-person pronouns, and definite noun phrases whose head is known to be somebody.

    Args:
        text: What the offsets refer to.
        sentences: Where to look.
        lexicon: Its nouns are people and organisations: "the group", "its late founder".
    """
    out = []
    for own in sentences:
        for found in _CANDIDATE.finditer(text, own.start, own.end):
            if found.group("first").lower() in _PRONOUNS:
                out.append(Mention(*found.span("first")))
            for word in ("two", "one"):
                if (found.group(word) or "").lower() in lexicon.person:
                    out.append(Mention(found.start(), found.end(word)))
                    break
    return out
