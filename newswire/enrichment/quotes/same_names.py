"""Which of a story's names may be one's, so that no name is compared with every other."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newswire.enrichment.quotes.affixes import LEGAL_FORMS, PARTICLES, TITLES, gender_of_title
from newswire.stories.enriched import EntityType

_LINKS = frozenset("of the and for in at on de la du von van der al".split())
"""Words that an acronym leaves out."""

_WORD = re.compile(r"\w+(?:['’.-]\w+)*")

_WHATEVER = "*"
"""Under which every group is listed, whatever it is only."""

_Asked = tuple[str, str | int, str]
_Key = tuple[EntityType, str, str | int, str]


@dataclass(frozen=True)
class Spelling:
    """A name as it is written, and what that tells."""

    type: EntityType
    shown: str
    words: tuple[str, ...]
    """Lower case, without titles in front and a possessive or a legal form behind."""
    form: tuple[str, ...]
    """The words of the legal form."""
    only: str
    """The gender of a title, or the legal form in short: nothing of another one is the same. Empty
    where the name says neither.
    """


def spelling_of(text: str, start: int, end: int, kind: EntityType) -> Spelling:
    """What the name ``text[start:end]`` says by itself, and by the title in front of it."""
    shown = re.sub(r"\s+", " ", text[start:end]).strip()
    words = [re.sub(r"['’]s$", "", word.lower()).replace(".", "") for word in _WORD.findall(shown)]
    form: list[str] = []
    only = ""
    if kind == "organisation":
        while len(words) > 1 and words[-1] in LEGAL_FORMS:
            form.insert(0, words.pop())
        only = LEGAL_FORMS[form[-1]] if form else ""
    elif kind == "person":
        # A title that is all of a name is none: "King".
        only = gender_of_title(text, start, end if len(words) > 1 else start) or ""
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return Spelling(kind, shown, tuple(words), tuple(form), only)


@dataclass
class _Group:
    """Names that are one's."""

    offered: list[tuple[int, _Key]]
    """Its keys, each with how many words a name has at least that asks for it; by that."""
    names: list[tuple[int, int]] = field(default_factory=list)
    """Where each begins, and of how many words it is."""
    only: str = ""
    """What :attr:`Spelling.only` says in the first of them that says it."""

    def keys(self, words: int) -> Iterator[_Key]:
        """Those under which a name of so many words is listed."""
        for fewest, key in self.offered:
            if fewest > words:
                break
            yield key


class Groups:
    """The names that are one's, by number, and where those that a name may fit are named.

    A group of names is listed under each key that a shorter name of the same one asks for: a story
    of a thousand names has a thousand short lists.
    """

    def __init__(self) -> None:
        self._groups: list[_Group] = []
        self._places: dict[tuple[_Key, str], list[tuple[int, int]]] = {}
        """Where a group under a key is named, and its negative number: of two the first counts.
        Each is listed twice, under what it is only and under :data:`_WHATEVER`.
        """
        self._chains: dict[tuple[int, str], int] = {}

    def take(self, start: int, own: Spelling) -> int:
        """The number of the group that a name belongs to: its own where it fits none.

        None of more words may be taken after it.
        """
        fitting = (own.only, "") if own.only else (_WHATEVER,)
        found = next((at for only in fitting if (at := self._nearest(start, own, only))), None)
        number = found[2] if found else len(self._groups)
        if found is None:
            keys = {(most, (own.type, *key)) for most, key in self._offered(own)}
            self._groups.append(_Group(sorted(keys)))
        if own.only and not self._groups[number].only:
            self._tell(number, own.only)
        group = self._groups[number]
        group.names.append((start, len(own.words)))
        for key in group.keys(len(own.words)):
            for only in (group.only, _WHATEVER):
                insort(self._places.setdefault((key, only), []), (start, -number))
        return number

    def introduce(self, titled: Sequence[tuple[int, Spelling]]) -> None:
        """Tell who is the man and who the woman where a story has both of one last name.

        "Mr Ruiz" is who was introduced last in front of the first of them; who is named by a title
        more often is told first. Where every title went to the nearest name, "Mrs Ruiz" would be
        her husband as soon as he is named.

        Args:
            titled: Last names with a title and where they begin, when all full names are taken.
        """
        by_name: dict[str, dict[str, list[tuple[int, Spelling]]]] = {}
        for start, own in sorted(titled, key=lambda one: one[0]):
            by_name.setdefault(own.words[0], {}).setdefault(own.only, []).append((start, own))
        for of_gender in by_name.values():
            if len(of_gender) < 2:
                continue
            for only, named in sorted(of_gender.items(), key=lambda one: -len(one[1])):
                if self._nearest(*named[0], only) is None:
                    found = self._nearest(*named[0], "")
                    if found is not None and not found[0]:
                        self._tell(found[2], only)

    def _tell(self, number: int, only: str) -> None:
        """Note what a group is only. Once in its life: it costs no more than listing it did."""
        group = self._groups[number]
        for start, words in group.names:
            for key in group.keys(words):
                places = self._places[key, ""]
                del places[bisect_left(places, (start, -number))]
                insort(self._places.setdefault((key, only), []), (start, -number))
        group.only = only

    def _nearest(self, start: int, short: Spelling, only: str) -> tuple[bool, int, int] | None:
        """Of the groups that are only this, the one that was named last in front of a name that
        fits it, else first behind: whether it is behind, how far, and its number.
        """
        found = []
        for key in self._asked(short):
            if places := self._places.get(((short.type, *key), only)):
                at = bisect_right(places, (start, 0))
                behind = at == 0
                if behind:
                    at = bisect_right(places, (places[0][0], 0))
                begins, number = places[at - 1]
                found.append((behind, abs(start - begins), -number))
        return min(found, default=None)

    def _offered(self, own: Spelling) -> Iterator[tuple[int, _Asked]]:
        """The keys of a group, each with how many words a name has at least that asks for it."""
        full = own.words
        if not full:
            return
        if own.type == "person":
            for word in (full[0], full[-1]):
                yield 1, ("a name", word, "")
            yield 2, ("both names", full[0], full[-1])
            yield 2, ("initial", full[0][0], full[-1])
            return
        *_, whole = self._chain(full)
        yield len(full), ("whole", whole, "")
        # "BBC" has the letter of its "Corporation", "GE" none of its "Co".
        for words in {full, full + own.form}:
            if len(words) > 1:
                yield 1, ("acronym", "".join(word[0] for word in words if word not in _LINKS), "")
        if own.type == "organisation":
            for side, words in (("front", full), ("back", full[::-1])):
                for many, chain in enumerate(self._chain(words), 1):
                    yield many, (side, chain, "")
            with_form = self._chain((*full, *own.form)[::-1])
            for many, chain in enumerate(with_form, 1 - len(own.form)):
                if many > 0:
                    yield many, ("back", chain, "")

    def _asked(self, own: Spelling) -> Iterator[_Asked]:
        """The keys of the groups that a name may stand for, which have as many words or more."""
        short = own.words
        if not short:
            return
        if own.type == "person":
            # A last name, a first name alone, or the same last name with no other first name.
            first, last = short[0], short[-1]
            if len(short) == 1 or (first in PARTICLES and short != ("van", last)):
                # "Von der Leyen" is no first name; "Van Morrison" has one.
                yield "a name", last, ""
            elif len(first) == 1:
                # "A. Ruiz" is "Ann Ruiz", in whichever order they come.
                yield "initial", first, last
            else:
                yield "both names", first, last
                yield "both names", first[0], last
            return
        *_, whole = self._chain(short)
        yield "whole", whole, ""
        if len(short) == 1 and len(short[0]) > 1 and own.shown.replace(".", "").isupper():
            yield "acronym", short[0], ""
        elif own.type == "organisation" and own.form:
            # It is said to the end: "Ford Motor Co." is no "Ford Motor Credit Co.".
            *_, backward = self._chain((*short, *own.form)[::-1])
            yield "back", backward, ""
        elif own.type == "organisation" and len(short) > 1:
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
