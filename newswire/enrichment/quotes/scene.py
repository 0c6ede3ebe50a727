"""What is known of each entity of a story at one of its mentions: features, for :mod:`resolver`."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import islice

from newswire.enrichment.quotes.affixes import gender_of_title
from newswire.enrichment.quotes.called import BESIDE, MOST_NAMES, PLAIN, Called
from newswire.enrichment.quotes.decoding import Bounds
from newswire.enrichment.quotes.entities import TYPES, NamedEntity
from newswire.enrichment.quotes.mentions import Lexicon, Mention, head_of, kind_of
from newswire.enrichment.sentences import split_sentences

Features = dict[str, float]

CANDIDATES = 40
"""Entities that are weighed for one mention: those that were named last."""

SURE = 0.97
"""Of the gender that a title or a pronoun tells."""

DISAGREES = 0.15
"""Agreement from which a pronoun of the other gender can't be meant."""

AGREES = 0.35
"""From which somebody may be meant where a rule points to him: more than of most first names that
are the other gender's."""

_WORD = re.compile(r"\w+")
_PAUSE = re.compile(r"[,.;:!?]")
_STOP = re.compile(r"[.;:!?]")


class Scene:
    """A story while its mentions are being resolved.

    What was said up to a mention is kept and goes on with the next one: a story may have thousands
    of names and as many mentions. Mentions out of the text's order are right too, and slower.
    """

    def __init__(self, text: str, entities: Sequence[NamedEntity], lexicon: Lexicon) -> None:
        self._text = text
        self._entities = entities
        self._lexicon = lexicon
        self._sentences = [own.start for own in split_sentences(text)]
        self._beginnings = set(self._sentences)
        self._starts = [[own.start for own in entity.mentions] for entity in entities]
        self._female = [self._gender(entity) for entity in entities]
        self._names = sorted((own.start, own.end) for one in entities for own in one.mentions)
        self._around = [self._words_around(entity) for entity in entities]
        self._called = Called(text, entities)
        # Of two that are named at one place the one of the lower number counts as the later.
        self._named = sorted(
            (own.start, -number) for number, one in enumerate(entities) for own in one.mentions
        )
        self.people = sorted(
            (own.start, number)
            for number, one in enumerate(entities)
            if one.type == "person"
            for own in one.mentions
        )
        """Where somebody is named and who, in order."""
        self._firsts = sorted((starts[0], number) for number, starts in enumerate(self._starts))
        self.rewind()

    def rewind(self) -> None:
        """Begin anew at the text's beginning; who turned out to be a man or a woman stays one."""
        self._passed = 0
        self._recent: dict[str, dict[int, int]] = {kind: {} for kind in TYPES}
        """Of each type: who is named in front of the mention and where at last; the latest last."""
        self._last: dict[str, tuple[int, int]] = {}
        self._meant: dict[int, int] = {}
        """Where a mention was last resolved to each entity."""
        self._meant_last: list[tuple[int, int]] = []
        """The two latest of them, the latest first, as place and entity."""

    def options(self, mention: Mention) -> list[tuple[int | None, Features]]:
        """Every entity that is weighed, and "none" at last, each with its features."""
        kind = kind_of(self._text[mention.start : mention.end])
        recent = self._named_last(mention.start)
        out: list[tuple[int | None, Features]] = []
        rank: dict[str, int] = {}
        fits = 0.0
        for number in recent:
            entity = self._entities[number]
            agreement = self._agreement(number, kind, mention)
            fits = max(fits, agreement)
            place = rank.get(entity.type, 0)
            rank[entity.type] = place + 1
            out.append((number, self._features(number, kind, mention, agreement, place)))
        phrase = self._text[mention.start : mention.end].lower().split()
        none: Features = {
            "none": 1.0,
            f"none {kind}": 1.0,
            f"none {kind} nobody fits": 1.0 - fits,
            f"none {kind} nobody": float(not out),
            f"none {kind} words": math.log(max(1, len(phrase))),
        }
        if kind.startswith("phrase"):
            none[f"none first {phrase[0] if phrase else ''}"] = 1.0
            none["none person"] = self._person(phrase)
        return [*out, (None, none)]

    def called(self, mention: Mention) -> int | None:
        """The only entity beside whose name a definite noun stands, "the group"; None: none or
        several.
        """
        phrase = self._text[mention.start : mention.end].lower().split()
        if phrase[0] != "the":
            return None
        head = head_of(phrase)
        if head.endswith("s"):
            return None
        found = self._called.beside(head)
        return min(found) if len(found) == 1 and head in self._lexicon.person else None

    def surely(self, mention: Mention) -> int | None:
        """The only entity that a definite noun is said of: :meth:`Called.only`."""
        return self._called.only(self._text[mention.start : mention.end])

    def named(self, number: int | None, said: Sequence[Bounds]) -> bool:
        """Whether somebody's name stands in what is said."""
        if number is None or self._entities[number].type != "person":
            return False
        starts = self._starts[number]
        return any(bisect_left(starts, start) < bisect_left(starts, end) for start, end in said)

    def is_he_or_she(self, mention: Mention) -> bool:
        """Whether a mention is a pronoun of one person, in any of its forms."""
        return kind_of(self._text[mention.start : mention.end]) in ("he", "she")

    def may_be(self, number: int, mention: Mention) -> bool:
        """Whether a person's gender, as far as it is known, goes with "he" or "she"."""
        kind = kind_of(self._text[mention.start : mention.end])
        return self._agreement(number, kind, mention) >= AGREES

    def note(self, mention: Mention, entity: int | None, tells: bool = True) -> None:
        """Remember what a mention was resolved to, and whether that tells a man from a woman."""
        kind = kind_of(self._text[mention.start : mention.end])
        if entity is not None:
            if tells and kind in ("he", "she"):
                # Who is "he" once is not "she" further down.
                self._female[entity] = SURE if kind == "she" else 1 - SURE
            self._last[kind] = (entity, mention.start)
            self._meant[entity] = max(mention.start, self._meant.get(entity, mention.start))
            latest = {entity, *(own for _, own in self._meant_last)}
            self._meant_last = sorted(((self._meant[own], own) for own in latest), reverse=True)[:2]

    def _named_last(self, at: int) -> list[int]:
        """Those that are weighed for a mention: the smallest gaps first."""
        self._pass(at)
        behind = bisect_left(self._firsts, (at, 0))
        near = [number for _, number in self._firsts[behind : behind + CANDIDATES]]
        for recent in self._recent.values():
            near += islice(reversed(recent), CANDIDATES)
        return sorted(near, key=lambda n: (self._gap(n, at), n))[:CANDIDATES]

    def _pass(self, at: int) -> None:
        """Take note of the names in front of a mention."""
        if self._passed and self._named[self._passed - 1][0] >= at:
            self._passed = 0
            self._recent = {kind: {} for kind in TYPES}
        while self._passed < len(self._named) and self._named[self._passed][0] < at:
            start, number = self._named[self._passed]
            recent = self._recent[self._entities[-number].type]
            # Taken out first: what is set anew in a dictionary keeps its place otherwise.
            recent.pop(-number, None)
            recent[-number] = start
            self._passed += 1

    def _gap(self, number: int, at: int) -> int:
        """Characters since the entity was named; those that come later are far."""
        before = bisect_left(self._starts[number], at)
        if before:
            return at - self._starts[number][before - 1]
        return 100_000 + self._starts[number][0] - at

    def _sentence(self, at: int) -> int:
        return bisect_right(self._sentences, at)

    def _features(
        self, number: int, kind: str, mention: Mention, agreement: float, rank: int
    ) -> Features:
        if kind in ("he", "she") and agreement < DISAGREES:
            return {f"{kind} disagrees": 1.0}
        entity, starts = self._entities[number], self._starts[number]
        before = bisect_left(starts, mention.start)
        named = entity.mentions[before - 1] if before else entity.mentions[0]
        sentences = self._sentence(mention.start) - self._sentence(named.start)
        last = self._last.get(kind)
        another = next((at for at, own in self._meant_last if own != number), -1)
        facts: Features = {
            "it": 1.0,
            f"type {entity.type}": 1.0,
            "agrees": agreement,
            "later": float(not before),
            "gap": math.log1p(self._gap(number, mention.start)) if before else 0.0,
            "same sentence": float(before and sentences == 0),
            "sentence before": float(before and sentences == 1),
            "far": float(before and sentences > 5),
            "nearest": float(rank == 0),
            "second": float(rank == 1),
            "times": math.log1p(before),
            "begins its sentence": float(before and named.start in self._beginnings),
            "first": float(number == 0),
            "the last": float(last is not None and last[0] == number),
            "the last, none named since": float(
                last is not None
                and last[0] == number
                and not self._named_since(last[1], number, entity.type)
            ),
            "another since": float(another > named.start),
            "itself since": float(self._meant.get(number, -1) > named.start),
            "inside": float(named.start < mention.end and mention.start < named.end),
        }
        if kind.startswith("phrase"):
            words = set(_WORD.findall(self._text[mention.start : mention.end].lower()))
            words -= PLAIN
            facts["shares"] = float(bool(words & self._around[number]))
            head = head_of(self._text[mention.start : mention.end].lower().split())
            called = self._called.beside(head)
            facts["is called so"] = float(number in called)
            facts["alone is called so"] = float(called == {number})
            facts["in its name"] = float(bool(words & set(_WORD.findall(entity.name.lower()))))
        return {f"{kind} {name}": value for name, value in facts.items() if value}

    def _named_since(self, start: int, number: int, kind: str) -> bool:
        """Whether another of its type is named from there to the mention."""
        recent = self._recent[kind]
        other = next((own for own in reversed(recent) if own != number), None)
        return other is not None and recent[other] >= start

    def _agreement(self, number: int, kind: str, mention: Mention) -> float:
        """From 0 to 1: how well the entity's type and gender go with the mention."""
        entity, female = self._entities[number], self._female[number]
        if kind == "he":
            return (1 - female) if entity.type == "person" else 0.0
        if kind == "she":
            return female if entity.type == "person" else 0.0
        if kind == "it":
            return float(entity.type != "person")
        if kind == "they":
            return {"organisation": 0.8, "person": 0.3, "place": 0.2}[entity.type]
        person = self._person(self._text[mention.start : mention.end].lower().split())
        return {"person": person, "organisation": 1 - person, "place": 0.3 * (1 - person)}[
            entity.type
        ]

    def _person(self, phrase: Sequence[str]) -> float:
        """How likely a noun phrase is a person, by its head."""
        return self._lexicon.person.get(head_of(phrase), 0.5)

    def _gender(self, entity: NamedEntity) -> float:
        """How likely a woman, 0 to 1; 0.5 where nothing is known."""
        if entity.type != "person":
            return 0.5
        for own in entity.mentions:
            if gender := gender_of_title(self._text, own.start, own.end):
                return SURE if gender == "female" else 1 - SURE
        for word in _WORD.findall(entity.name.lower()):
            if word in self._lexicon.female:
                return self._lexicon.female[word]
        return 0.4

    def _words_around(self, entity: NamedEntity) -> set[str]:
        """Content words beside the entity's names and no other's: "Ann Ruiz, founder of …"."""
        words: set[str] = set()
        for own in entity.mentions[:MOST_NAMES]:
            at = bisect_left(self._names, (own.start, own.end))
            before = self._names[at - 1][1] if at else 0
            after = self._names[at + 1][0] if at + 1 < len(self._names) else len(self._text)
            front = self._text[max(before, own.start - BESIDE) : own.start]
            behind = self._text[own.end : max(own.end, min(after, own.end + BESIDE))]
            # What stands beyond a comma in front, or a stop behind, is said of somebody else.
            words |= set(_WORD.findall(_PAUSE.split(front)[-1].lower()))
            words |= set(_WORD.findall(_STOP.split(behind)[0].lower()))
        return words - PLAIN
