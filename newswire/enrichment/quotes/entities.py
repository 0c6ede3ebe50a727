"""The people, organisations and places of a story, each merged with its other names in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from newswire.enrichment.quotes.capitals import in_mixed_case, is_in_capitals
from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.same_names import Groups, Spelling, spelling_of
from newswire.stories.enriched import EntityType

TYPES: tuple[EntityType, ...] = get_args(EntityType)
TYPE_OF: dict[str, EntityType] = {own: own for own in TYPES}

TAGS = ("O", *(f"{at}-{kind}" for kind in TYPES for at in "BI"))
"""Of a token: outside, or the beginning or inside of a name."""


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
    their last name and by first names and titles that don't contradict; organisations and places
    by their words, or by an acronym of them. A company's legal form is no word of its name: without
    one it is the same company, with another one it isn't.

    Returns:
        The entities, in the order in which they first appear.
    """
    spelled = [spelling_of(text, own.start, own.end, own.type) for own in names]
    # Full names first: a story may say "Putin" in its headline and "Vladimir Putin" below.
    order = sorted(
        range(len(names)),
        key=lambda n: (-len(spelled[n].words), -len(spelled[n].form), names[n].start),
    )
    full = sum(len(own.words) > 1 for own in spelled)
    groups = Groups()
    members: dict[int, list[int]] = {}
    for at, number in enumerate(order):
        if at == full:
            rest = [(names[n].start, spelled[n]) for n in order[full:]]
            groups.introduce([one for one in rest if one[1].type == "person" and one[1].only])
        group = groups.take(names[number].start, spelled[number])
        members.setdefault(group, []).append(number)
    entities = [
        NamedEntity(
            name=_written(text, [(names[number], spelled[number]) for number in own]),
            type=names[own[0]].type,
            mentions=tuple(sorted((names[number] for number in own), key=lambda one: one.start)),
        )
        for own in members.values()
    ]
    return sorted(entities, key=lambda own: own.mentions[0].start)


def _written(text: str, group: Sequence[tuple[Name, Spelling]]) -> str:
    """The first of the names, as the story writes it where it isn't in capitals."""
    first, own = group[0]
    same = own.shown.casefold()
    written = [other.shown for _, other in group if other.shown.casefold() == same]
    best = min(written, key=lambda shown: sum(map(is_in_capitals, shown.split())))
    if first.type == "place" and best.isupper():
        return in_mixed_case(text, first.start, first.end)
    return best
