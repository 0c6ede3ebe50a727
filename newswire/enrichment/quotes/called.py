"""What a story calls those whom it names: "the group", "the minister", "the company"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newswire.enrichment.quotes.affixes import LEGAL_FORMS, TITLES
from newswire.enrichment.quotes.entities import NamedEntity
from newswire.enrichment.quotes.mentions import head_of, kind_of

BESIDE = 60
"""Characters on each side of a name that may say who it is."""

MOST_NAMES = 20
"""Of one entity, as often as a story may name it: what it is is said at the first of them."""

PLAIN = frozenset(
    "a an the this that these those his her its their our my your of in on at to for from by with "
    "and or but as is was are were be been has have had he it she they who which s said says "
    "not new first one two other many some all".split()
)
"""Words that say nothing of anybody."""

_NOUN_BEFORE = re.compile(r"([a-z][\w-]+),?\s+$")
_NOUN_BEHIND = re.compile(r"\s+([a-z][\w-]+)")
_APPOSITION = re.compile(r",\s+(?:an?|the)\s+([^.;:,]+)", re.IGNORECASE)

_IS = re.compile(r"(?:,\s+(?:aged\s+)?\d{1,3})?,\s+(?:(?:an?|the)\s+)?(?P<phrase>[^.;:,]+)")
"""Behind a name: what somebody is. "Ann Ruiz, 45, mayor of Porto"."""

_BREAK = re.compile(r"[,;:!?()\"“”]|\n\s*\n")
"""In front of a name: what stands before it is said of another."""

_SHORT = {
    "gov.": "governor", "sen.": "senator", "rep.": "representative", "gen.": "general",
    "prof.": "professor", "col.": "colonel", "capt.": "captain", "sgt.": "sergeant",
}  # fmt: skip

_LESS = frozenset("former ex vice deputy assistant late shadow".split())
"""Who is this and something is not that something: "the president" is no vice president."""

_BEHIND_HEAD = frozenset("of for on in at to de du".split())
"""In the name of an organisation, behind the noun that says what it is: "Bank of Porto"."""

_COMPANY = ("company", "firm")

_WORD = re.compile(r"[\w’'-]+")


class Called:
    """The nouns that a story has for each of its entities."""

    def __init__(self, text: str, entities: Sequence[NamedEntity]) -> None:
        self._text = text
        self._beside: dict[str, set[int]] = {}
        self._are: dict[str, dict[int, set[str]]] = {}
        """Of each noun that says what somebody is: of whom, with every word that says more."""
        for number, entity in enumerate(entities):
            for noun in self._nouns_beside(entity):
                self._beside.setdefault(noun, set()).add(number)
            for noun, words in self._nouns_of(entity):
                self._are.setdefault(noun, {}).setdefault(number, set()).update(words)

    def beside(self, noun: str) -> set[int]:
        """Those beside whose names a noun stands, whatever it says of them."""
        return self._beside.get(noun, set())

    def only(self, phrase: str) -> int | None:
        """The only one that a definite noun phrase is said of; None: none or several.

        A title in front of a name ("Energy Minister Ann Ruiz") or what is said right behind it
        ("Ann Ruiz, mayor of Porto") tells what somebody is; an organisation's own name does, and
        its form. Each word of the phrase must have been said: "the trade minister" is another.
        """
        first, *words = phrase.lower().split(",")[0].split() or [""]
        if first != "the" or not words or kind_of(phrase) != "phrase":
            return None
        head = head_of(words)
        more = {own for word in words if (own := word.strip("'’\"“”")) != head} - PLAIN
        found = [
            number
            for number, said in self._are.get(head, {}).items()
            if more <= said and said & _LESS <= more
        ]
        return found[0] if len(found) == 1 else None

    def _nouns_beside(self, entity: NamedEntity) -> set[str]:
        """Nouns beside its names: "the Porto Dockers group", "Ann Ruiz, the founder of …"."""
        out: set[str] = set()
        for own in entity.mentions[:MOST_NAMES]:
            before = _NOUN_BEFORE.search(self._text, max(0, own.start - 30), own.start)
            behind = _NOUN_BEHIND.match(self._text, own.end)
            apposition = _APPOSITION.match(self._text, own.end, own.end + BESIDE)
            out |= {found.group(1).lower() for found in (before, behind) if found}
            if apposition:
                out.add(head_of(apposition.group(1).lower().split()))
        return out - PLAIN

    def _nouns_of(self, entity: NamedEntity) -> Iterator[tuple[str, set[str]]]:
        """Nouns that say what it is, each with the words that say more of it."""
        if entity.type == "place":
            return
        for own in entity.mentions[:MOST_NAMES]:
            name = self._text[own.start : own.end]
            if entity.type == "organisation":
                yield from _of_name(name)
                continue
            if title := _title(self._text[max(0, own.start - BESIDE) : own.start], name):
                yield title[-1], set(title[:-1])
            if found := _IS.match(self._text, own.end, own.end + BESIDE):
                words = [word.strip("'’\"“”)") for word in found["phrase"].lower().split()]
                yield (head := head_of(words)), {*words} - {head} - PLAIN


def _title(before: str, name: str) -> list[str]:
    """The words of a title, its noun last: "French President" in front of a name or in it."""
    words = _BREAK.split(before)[-1].split()
    for word in name.split()[:-1]:
        if word.lower().rstrip(".") not in TITLES:
            break
        words.append(word)
    if not words:
        return []
    noun = words[-1].lower()
    noun = _SHORT.get(noun, noun)
    if not noun.replace("-", "").isalpha() or noun in PLAIN:
        return []
    out = [noun]
    for word in reversed([own.lower() for own in words[:-1]][-4:]):
        if word in PLAIN:
            break
        out.append(word)
    return out[::-1]


def _of_name(name: str) -> Iterator[tuple[str, set[str]]]:
    """What an organisation's name says that it is: "Foreign Ministry", "Coastal Rail Ltd."."""
    words = [word.lower() for word in _WORD.findall(name)]
    if len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
        for noun in _COMPANY:
            yield noun, set(words)
    behind = next((at for at, word in enumerate(words) if at and word in _BEHIND_HEAD), len(words))
    if len(words) > 1:
        yield words[behind - 1], {*words} - {words[behind - 1]} - PLAIN
