"""What stands in front of a name or at its end and doesn't tell whose it is: titles, legal forms.

A title tells a man from a woman where it does, and a legal form one company of a name from another:
that bars a merge and never makes one.
"""

from __future__ import annotations

import re
from typing import Literal

Gender = Literal["male", "female"]

TITLES = frozenset(
    "mr mrs ms miss dr sir dame lord lady president prime minister secretary senator sen rep gov "
    "governor king queen prince princess pope judge justice general gen col lt sgt capt professor "
    "prof chancellor ambassador mayor rev the".split()
)

PARTICLES = frozenset("von van de du di da dos del della".split())
"""At the beginning of a last name: "Von der Leyen"."""

_ABBREVIATED = {"limited": "ltd", "incorporated": "inc", "corporation": "corp"}

LEGAL_FORMS = _ABBREVIATED | {
    own: own
    for own in "ltd inc corp plc co llc llp ag gmbh kg kgaa se sa nv bv ab asa oyj pty".split()
}
"""At the end of a company's name, and how each is written in short."""

_GENDERED: dict[Gender, re.Pattern[str]] = {
    "female": re.compile(
        r"\b(?:(?:mrs|ms)\.?|(?-i:Miss|MISS)|lady|dame|queen|princess|sister|actress)\s+$",
        re.IGNORECASE,
    ),
    "male": re.compile(r"\b(?:mr\.?|sir|lord|king|prince|father|brother)\s+$", re.IGNORECASE),
}

_RELATIVES: dict[Gender, re.Pattern[str]] = {
    "female": re.compile(
        r"\b(?:mother|wife|daughter|widow|sister|aunt|niece|girlfriend|grandmother|chairwoman"
        r"|spokeswoman|businesswoman|congresswoman),?\s+$",
        re.IGNORECASE,
    ),
    "male": re.compile(
        r"\b(?:father|husband|son|widower|brother|uncle|nephew|boyfriend|grandfather"
        r"|businessman|congressman),?\s+$",
        re.IGNORECASE,
    ),
}
"""In front of a name too; with a comma where another stands behind it: "his mother, Ann Lee,"."""

_LONGEST = 16
"""Characters of a title and the space behind it."""


def gender_of_title(text: str, start: int, end: int) -> Gender | None:
    """The gender that a title in front of ``text[start:end]`` tells, or one that begins it."""
    before = text[max(0, start - _LONGEST) : start]
    first = (text[start:end].split() or [""])[0] + " "
    for gender, title in _GENDERED.items():
        relative = _RELATIVES[gender].search(before)
        if relative and relative.group().rstrip().endswith(",") and text[end : end + 1] != ",":
            relative = None
        if title.search(before) or title.match(first) or relative:
            return gender
    return None
