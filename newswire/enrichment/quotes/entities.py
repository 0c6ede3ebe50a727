"""The people, organisations and places of a story, each merged with its other names in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from newswire.stories.enriched import EntityType

TYPES: tuple[EntityType, ...] = get_args(EntityType)
TYPE_OF: dict[str, EntityType] = {own: own for own in TYPES}

TAGS = ("O", *(f"{at}-{kind}" for kind in TYPES for at in "BI"))
"""Of a token: outside, or the beginning or inside of a name."""

TITLES = frozenset(
    "mr mrs ms miss dr sir dame lord lady president prime minister secretary senator sen rep gov "
    "governor king queen prince princess pope judge justice general gen col lt sgt capt professor "
    "prof chancellor ambassador mayor rev the".split()
)

_LINKS = frozenset("of the and for in at on de la du von van der al".split())
"""Words that an acronym leaves out."""

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@dataclass(frozen=True)
class Name:
    """A proper name as it stands in a text."""

    start: int
    end: int
    """Code points, end exclusive."""
    type: EntityType


@dataclass(frozen=True)
class Entity:
    """Somebody or something that a story names, and every place where it does."""

    name: str
    """The fullest of its names."""
    type: EntityType
    mentions: tuple[Name, ...]
    """In the order of the text."""


def merge(text: str, names: Sequence[Name]) -> list[Entity]:
    """Merge the names that are one's: "Putin" is the "Vladimir Putin" who is named before or after.

    A short name goes to the entity that was named last among those it fits. People are told by
    their last name and by first names that don't contradict; organisations and places by their
    words, or by an acronym of them.

    Returns:
        The entities, in the order in which they first appear.
    """
    groups: list[list[Name]] = []
    # Full names first: a story may say "Putin" in its headline and "Vladimir Putin" below.
    ranked = sorted(names, key=lambda own: (-len(_words(text, own)), own.start))
    for name in ranked:
        fitting = [
            group
            for group in groups
            if group[0].type == name.type
            and _same(_words(text, group[0]), _words(text, name), text, name)
        ]
        if fitting:
            nearest = min(
                fitting,
                key=lambda group: min(
                    (name.start - own.start if own.start <= name.start else 10**9 + own.start)
                    for own in group
                ),
            )
            nearest.append(name)
        else:
            groups.append([name])
    entities = [
        Entity(
            name=_shown(text, group[0]),
            type=group[0].type,
            mentions=tuple(sorted(group, key=lambda own: own.start)),
        )
        for group in groups
    ]
    return sorted(entities, key=lambda own: own.mentions[0].start)


def _shown(text: str, name: Name) -> str:
    return re.sub(r"\s+", " ", text[name.start : name.end]).strip()


def _words(text: str, name: Name) -> tuple[str, ...]:
    """Lower case, without titles in front and a possessive behind."""
    words = [
        re.sub(r"['’]s$", "", word.lower()).replace(".", "")
        for word in _WORD.findall(text[name.start : name.end])
    ]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return tuple(words)


def _same(full: tuple[str, ...], short: tuple[str, ...], text: str, name: Name) -> bool:
    """Whether ``short`` may be another name of ``full``, which has as many words or more."""
    if not full or not short:
        return False
    if full == short:
        return True
    if name.type == "person":
        # A last name, a first name alone, or the same last name with no other first name.
        if len(short) == 1:
            return short[0] in (full[-1], full[0])
        first = sorted((full[0], short[0]), key=len)
        # "A. Ruiz" is "Ann Ruiz", in whichever order they come.
        return full[-1] == short[-1] and (
            first[0] == first[1] or (len(first[0]) == 1 and first[1].startswith(first[0]))
        )
    if (
        len(short) == 1
        and len(short[0]) > 1
        and text[name.start : name.end].replace(".", "").isupper()
    ):
        letters = "".join(word[0] for word in full if word not in _LINKS)
        return len(full) > 1 and short[0] == letters
    if name.type == "organisation":
        return len(short) > 1 and _inside(short, full)
    return False


def _inside(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether one stands in the other, word by word, at its beginning or end."""
    return full[: len(short)] == short or full[-len(short) :] == short
