"""The people, organisations and places of a story, each merged with its other names in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from newswire.enrichment.quotes.decoding import Bounds
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

_Key = tuple[EntityType, str, str | int, str]


@dataclass(frozen=True)
class Name:
    """A proper name as it stands in a text."""

    start: int
    end: int
    """Code points, end exclusive."""
    type: EntityType


@dataclass(frozen=True)
class NamedEntity:
    """Somebody or something that a story names, and every place where it does."""

    name: str
    """The fullest of its names."""
    type: EntityType
    mentions: tuple[Name, ...]
    """In the order of the text."""


class NameIndex:
    """Where a story names its entities, so that no part of it is held against every name."""

    def __init__(self, entities: Sequence[NamedEntity]) -> None:
        self._places = sorted(
            (own.start, number, own.end)
            for number, entity in enumerate(entities)
            for own in entity.mentions
        )

    def within(self, span: Bounds) -> Iterator[tuple[int, Bounds]]:
        """Each name that stands whole in a span, as its entity's number and where; in order."""
        start, end = span
        for at in range(bisect_left(self._places, (start,)), len(self._places)):
            begins, number, ends = self._places[at]
            if begins >= end:
                return
            if ends <= end:
                yield number, (begins, ends)


def merge(text: str, names: Sequence[Name]) -> list[NamedEntity]:
    """Merge the names that are one's: "Putin" is the "Vladimir Putin" who is named before or after.

    A short name goes to the entity that was named last among those it fits. People are told by
    their last name and by first names that don't contradict; organisations and places by their
    words, or by an acronym of them.

    Returns:
        The entities, in the order in which they first appear.
    """
    words = [_words(text, name) for name in names]
    groups: list[list[Name]] = []
    index = _Index()
    # Full names first: a story may say "Putin" in its headline and "Vladimir Putin" below.
    for number in sorted(range(len(names)), key=lambda n: (-len(words[n]), names[n].start)):
        name, own = names[number], words[number]
        group = index.nearest(name, own, _shown(text, name))
        if group is None:
            group = len(groups)
            groups.append([])
            index.open(name.type, own)
        groups[group].append(name)
        index.add(group, name.start, len(own))
    entities = [
        NamedEntity(
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


class _Index:
    """Where those that a name may fit are named, so that no name is compared with every other.

    A group of names is listed under each key that a shorter name of the same one asks for: a story
    of a thousand names has a thousand short lists.
    """

    def __init__(self) -> None:
        self._keys: list[list[tuple[int, _Key]]] = []
        """Of each group, with how many words a name has at least that asks for them; by that."""
        self._places: dict[_Key, list[tuple[int, int]]] = {}
        """Where a group under a key is named, and its negative number: of two the first counts."""
        self._chains: dict[tuple[int, str], int] = {}

    def open(self, kind: EntityType, full: tuple[str, ...]) -> None:
        """Begin a group whose fullest name has these words."""
        self._keys.append(sorted({(most, (kind, *key)) for most, key in self._offered(kind, full)}))

    def add(self, group: int, start: int, words: int) -> None:
        """Note that a name of so many words stands for a group; no longer one comes after it."""
        for fewest, key in self._keys[group]:
            if fewest > words:
                break
            insort(self._places.setdefault(key, []), (start, -group))

    def nearest(self, name: Name, short: tuple[str, ...], shown: str) -> int | None:
        """The group that was named last in front of a name that fits it, else first behind."""
        found = []
        for key in self._asked(name.type, short, shown):
            if places := self._places.get((name.type, *key)):
                at = bisect_right(places, (name.start, 0))
                behind = at == 0
                if behind:
                    at = bisect_right(places, (places[0][0], 0))
                start, group = places[at - 1]
                found.append((behind, abs(name.start - start), -group))
        return min(found)[2] if found else None

    def _offered(
        self, kind: EntityType, full: tuple[str, ...]
    ) -> Iterator[tuple[int, tuple[str, str | int, str]]]:
        """The keys of a group, each with how many words a name has at least that asks for it."""
        if not full:
            return
        if kind == "person":
            for word in (full[0], full[-1]):
                yield 1, ("a name", word, "")
            yield 2, ("both names", full[0], full[-1])
            yield 2, ("initial", full[0][0], full[-1])
            return
        *_, whole = self._chain(full)
        yield len(full), ("whole", whole, "")
        if len(full) > 1:
            yield 1, ("acronym", "".join(word[0] for word in full if word not in _LINKS), "")
        if kind == "organisation":
            for side, words in (("front", full), ("back", full[::-1])):
                for many, chain in enumerate(self._chain(words), 1):
                    yield many, (side, chain, "")

    def _asked(
        self, kind: EntityType, short: tuple[str, ...], shown: str
    ) -> Iterator[tuple[str, str | int, str]]:
        """The keys of the groups that a name may stand for, which have as many words or more."""
        if not short:
            return
        if kind == "person":
            # A last name, a first name alone, or the same last name with no other first name.
            first, last = short[0], short[-1]
            if len(short) == 1:
                yield "a name", first, ""
            elif len(first) == 1:
                # "A. Ruiz" is "Ann Ruiz", in whichever order they come.
                yield "initial", first, last
            else:
                yield "both names", first, last
                yield "both names", first[0], last
            return
        *_, whole = self._chain(short)
        yield "whole", whole, ""
        if len(short) == 1 and len(short[0]) > 1 and shown.replace(".", "").isupper():
            yield "acronym", short[0], ""
        elif kind == "organisation" and len(short) > 1:
            # Within the other, word by word, at its beginning or end.
            *_, backward = self._chain(short[::-1])
            yield "front", whole, ""
            yield "back", backward, ""

    def _chain(self, words: tuple[str, ...]) -> Iterator[int]:
        """A number for each beginning of the words, the same wherever the same words begin."""
        at = 0
        for word in words:
            at = self._chains.setdefault((at, word), len(self._chains) + 1)
            yield at
