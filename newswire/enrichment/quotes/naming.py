"""What the tagger of names leaves to rules: where a name ends, and that one name is of one type.

The tagger sees a word at a time. It splits "Soldiers' Widows of Russia" before the country that it
knows, takes an article or a possessive in, and calls "the Kremlin" a place here and an organisation
there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from newswire.enrichment.quotes.affixes import TITLES
from newswire.enrichment.quotes.entities import Name
from newswire.stories.enriched import EntityType

_ARTICLE = re.compile(r"(?:the|an?)(?:\s+|$)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_DANGLING = re.compile(r"(?:\s+(?:of|in|for|at|on|and|the|to)|\s*[-–—(\[,;:/&])+$")
"""At the end of a name: what would join another word to it."""
_JOINS = re.compile(r"\s+of$")
_CAPITALISED_OF = re.compile(
    r"(?P<name>(?:[A-Z][\w-]+['’]?s?['’]?\s+){1,5})of\s+(?:the\s+)?$",
)
"""Before a place: what is named after it. "Bank of England", "Soldiers' Widows of Russia"."""

REACH = 80
"""Characters before a place in which such a name may begin."""

_SPACE = r"[^\S\n]+"
_KIND = (
    "City|County|Borough|District|Town|State|Metropolitan|Regional|General|Memorial|Children['’]s|"
    "Community|Technical|Housing|Transit|Airport|Port|Fire|Medical"
)
"""Words between a place and the noun that makes an organisation of it."""
_INSTITUTION = (
    rf"Police(?:{_SPACE}(?:Department|Service|Force|Federation))?|Council|University|College|"
    rf"Hospital|Authority|Chamber{_SPACE}of{_SPACE}Commerce|Fire{_SPACE}(?:Department|Brigade)|"
    rf"(?:High|Grammar|Primary|Secondary|Medical|Law|Business){_SPACE}School|"
    rf"(?:Crown|Magistrates['’]?){_SPACE}Court|Stock{_SPACE}Exchange|"
    rf"Symphony{_SPACE}Orchestra|Philharmonic"
)
_NAMED_FOR_IT = re.compile(
    rf"(?:{_SPACE}(?:{_KIND}|{_INSTITUTION})\b){{0,3}}{_SPACE}(?:{_INSTITUTION})(?![\w-])"
    rf"(?!{_SPACE}(?:Street|Road|Avenue|Drive|City|Park|Station|Square|Hill|Heights)\b)"
)
"""Behind a place, in mixed case: what makes the whole an organisation. "West Yorkshire Police"."""
_INSTITUTION_AT_END = re.compile(rf"{_SPACE}(?:{_INSTITUTION})$")
_PARTY = re.compile(rf"(?:Liberal|Lib|Social|Christian){_SPACE}(?:Democrat|Dem)s?\b")
"""Parties that the tagger knows by their first word alone."""
_AIRPORT = re.compile(rf"(?:{_SPACE}International)?{_SPACE}Airport(?![\w-])")

_AGENCIES = frozenset(
    "aap afp anadolu ansa ap bernama dpa efe ians kyodo pti reuters tass upi xinhua".split()
)
_DASH = re.compile(r"[)/\]]?[^\S\n]*(?:--?|[–—])")
"""Behind an agency's name that ends a dateline."""
_DATE = re.compile(r"[A-Z]{3}.*\d[^\S\n]*\($")
"""In front of one in brackets."""

_NO_NAMES = TITLES | frozenset(
    "government parliament people citizens residents most many some all one part parts kingdom "
    "republic state city town head minister ministers ministry chief speaker republicans "
    "democrats north south east west director chairman chairwoman chairperson manager officer "
    "commander leader coach captain".split()
)
"""Words that say something of a place and are no name of another thing."""


def mended(text: str, names: Sequence[Name]) -> list[Name]:
    """The names without article and possessive, whole, and each spelling of one type.

    Args:
        text: What the names' offsets refer to.
        names: As tagged, in the text's order.
    """
    joined = _joined(text, names)
    trimmed = [own for name in joined if (own := _trimmed(text, name)) is not None]
    trimmed = _with_noun(text, [_agency(text, own) for own in trimmed])
    ends = sorted(own.end for own in trimmed if own.type == "person")
    missed = _missed(text, trimmed, ends)
    trimmed = sorted({*trimmed, *missed}, key=lambda own: (own.start, own.end))
    kept = _apart([_whole(text, own, ends) for own in trimmed])
    types = _types((text[own.start : own.end], own.type) for own in kept)
    # Who is called by his last name is no organisation there.
    people = [own.rpartition(" ") for own, kind in types.items() if kind == "person"]
    types |= {last: "person" for first, _, last in people if first and last in types}
    return [replace(own, type=types[text[own.start : own.end].lower()]) for own in kept]


def _joined(text: str, names: Sequence[Name]) -> list[Name]:
    """A name that ends in "of", and the one right behind it: "Lord Browne of Madingley"."""
    out: list[Name] = []
    for own in names:
        if out and not text[out[-1].end : own.start].strip():
            before = out[-1]
            if before.type == "person" and _JOINS.search(text, before.start, before.end):
                out[-1] = Name(before.start, own.end, "person")
                continue
        out.append(own)
    return out


def _trimmed(text: str, name: Name) -> Name | None:
    """Without article, possessive and what would join another word; None where nothing is left
    that is written like a name.
    """
    start, end = name.start, name.end
    if article := _ARTICLE.match(text, start, end):
        start = article.end()
    if possessive := _POSSESSIVE.search(text[start:end]):
        end = start + possessive.start()
    if dangling := _DANGLING.search(text[start:end]):
        end = start + dangling.start()
    if not any(sign.isupper() or sign.isdigit() for sign in text[start:end]):
        return None
    return Name(start, end, name.type)


def _agency(text: str, name: Name) -> Name:
    """An agency's name that ends a dateline is no second place: "SAITAMA, Dec. 9 Kyodo -"."""
    if name.type != "place" or not (dash := _DASH.match(text, name.end)):
        return name
    known = text[name.start : name.end].lower() in _AGENCIES
    dated = _DATE.search(text, max(0, name.start - REACH), name.start)
    bracketed = dated is not None and dash.group().startswith(")")
    return replace(name, type="organisation") if known or bracketed else name


def _with_noun(text: str, names: Sequence[Name]) -> list[Name]:
    """The names in order, a place with the noun behind it that makes it another thing's name.

    The tagger leaves the noun out, has it as a name of its own or takes the whole for a place.
    """
    people = [own.start for own in names if own.type == "person"]
    out: list[Name] = []
    for own in names:
        if out and own.start < out[-1].end:
            # It is a part of the one in front, or goes on from there.
            out[-1] = replace(out[-1], end=max(own.end, out[-1].end))
            continue
        at = bisect_right(people, own.start)
        out.append(_named_for(text, own, people[at] if at < len(people) else len(text)))
    return out


def _named_for(text: str, name: Name, ends: int) -> Name:
    """What is named for a place, which ends where somebody is named, or a party; else the name as
    it is.
    """
    if party := _PARTY.match(text, name.start, ends):
        return Name(name.start, max(name.end, party.end()), "organisation")
    if name.type != "place":
        return name
    if found := _NAMED_FOR_IT.match(text, name.end, ends):
        return Name(name.start, found.end(), "organisation")
    if _INSTITUTION_AT_END.search(text, name.start, name.end):
        return replace(name, type="organisation")
    if found := _AIRPORT.match(text, name.end, ends):
        return replace(name, end=found.end())
    return name


def _apart(names: Sequence[Name]) -> list[Name]:
    """Without those that became a part of a longer one behind them: they are none by themselves."""
    kept: list[Name] = []
    for own in reversed(names):
        if not kept or own.end <= kept[-1].start:
            kept.append(own)
    return kept[::-1]


def _whole(text: str, name: Name, ends: Sequence[int]) -> Name:
    """A place with what is named after it in front.

    Args:
        text: What the offsets refer to.
        name: The place; a name of another type is returned as it is.
        ends: Of the people in the text, in order: somebody who is named in front is no part of it.
    """
    if name.type != "place":
        return name
    people = bisect_right(ends, name.start)
    begins = max(0, name.start - REACH, ends[people - 1] if people else 0)
    found = _CAPITALISED_OF.search(text, begins, name.start)
    if found is None:
        return name
    words = found.group("name").split()
    begins = found.start()
    # The first word of a sentence is capitalised whatever it is.
    if text[:begins].rstrip()[-1:] in ("", ".", "!", "?", '"', "“", "\n") and len(words) == 1:
        return name
    if words[0].lower() in ("the", "a", "an"):
        begins += len(words.pop(0)) + 1
    if not words or any(word.lower().rstrip("'’") in _NO_NAMES for word in words):
        return name
    return Name(begins, name.end, "organisation")


def _missed(text: str, names: Sequence[Name], ends: Sequence[int]) -> list[Name]:
    """Places of the story that the tagger overlooks at the end of another's name."""
    places = {text[own.start : own.end] for own in names if own.type == "place"}
    if not places:
        return []
    spelled = "|".join(re.escape(own) for own in sorted(places, key=len, reverse=True))
    known = re.compile(rf"(?<=[a-z’'] of )(?:{spelled})\b|(?<= of the )(?:{spelled})\b")
    taken = {own.start for own in names}
    found = (Name(*own.span(), "place") for own in known.finditer(text))
    return [own for own in found if own.start not in taken and _whole(text, own, ends) != own]


def _types(named: Iterable[tuple[str, EntityType]]) -> dict[str, EntityType]:
    """The type that each spelling has most often; of equals the first."""
    counts: dict[str, Counter[EntityType]] = {}
    for spelling, kind in named:
        counts.setdefault(spelling.lower(), Counter())[kind] += 1
    return {spelling: own.most_common(1)[0][0] for spelling, own in counts.items()}
