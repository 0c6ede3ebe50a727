"""Sentences of wire copy, as offsets into the text they stand in.

A full stop ends a sentence when what follows looks like a beginning and what stands before it is
not an abbreviation. Wire copy is full of ones that a general splitter trips over: "Sept. 21",
"Order No. 227", "Sen. John Doe (R-Ala.)", "the U.S. Army", initials, datelines, and quotations
whose closing mark stands after the full stop.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 1200
"""Characters. A "sentence" longer than this is a list or a lost full stop, and is cut at a space:
the encoder reads its first 192 tokens, and who reads quotes and names all of it."""

_CLOSING = "\"'”’»)]"
_OPENING = "\"'“‘«(["

# Never the end of a sentence: a name or a number follows.
_TITLES = frozenset(
    "adm. asst. atty. brig. capt. cmdr. col. cpl. dr. gen. gov. hon. lt. maj. messrs. mlle. mme. "
    "mr. mrs. ms. msgr. mx. pfc. pres. prof. pvt. rep. reps. rev. sec. sen. sens. sgt. spc. st. "
    "ste. supt. v. vs. approx. e.g. i.e. cf. al. ca. op. ft. mt.".split()
)

# The end of a sentence unless a number follows: "Sept. 21", "Order No. 227".
_NUMBERED = frozenset(
    "no. nos. art. vol. pp. fig. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. "
    "mon. tue. tues. wed. thu. thurs. fri. sat. sun. rs. ch. para. paras. tel. ext.".split()
)

# Either: the end only where the next word commonly begins a sentence.
_OPEN = frozenset(
    "inc. corp. co. ltd. plc. bros. jr. sr. a.m. p.m. u.s. u.k. u.n. e.u. u.s.a. u.s.s.r. d.c. "
    "n.y. l.a. ph.d. m.d. b.c. a.d. etc. dept. univ. assn. ave. blvd. rd. sq. "
    "ala. ariz. ark. calif. colo. conn. del. fla. ga. ill. ind. kan. ky. la. md. mass. mich. minn. "
    "miss. mo. mont. neb. nev. okla. ore. pa. tenn. tex. va. vt. wash. wis. wyo. "
    "n.c. n.d. n.h. n.j. n.m. r.i. s.c. s.d. w.va.".split()
)

# "Yahoo! Inc." goes on.
_COMPANY = frozenset("inc corp co ltd plc llc group".split())

_BEGINNERS = frozenset(
    "a after all also although an and another as asked at because before but by despite during "
    "each earlier even for from he her here his how however i if in instead it its just last "
    "later many meanwhile more most my neither nevertheless no nor not now of on once one only or "
    "other our over she since so some still such that the their then there these they this those "
    "though through to under until we what when where whether which while who why with yet "
    "you your".split()
)

# Possessive, and never begun inside a run of stops: linear in whatever is thrown at it.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)|\n[ \t]*+\n")
_WORD_BEFORE = re.compile(r"\S+$")
_WORD_AFTER = re.compile(r"\s*[\"'“‘«(\[]*([^\s\"'”’»)\]]+)")
_INITIAL = re.compile(r"[A-Z]\.$")
_ACRONYM = re.compile(r"(?:[A-Za-z]\.){2,}$")


@dataclass(frozen=True)
class Extent:
    """A stretch of a text: code points, end exclusive."""

    start: int
    end: int


def _ends(before: str, after: str) -> bool:
    """Whether a stop after the word ``before`` and ahead of ``after`` ends a sentence.

    ``before`` carries its stop and no closing marks; ``after`` is what follows the white space.
    """
    follows = _WORD_AFTER.match(after)
    if follows is None:
        return True
    word = follows.group(1)
    if word[0].islower():
        # "eBay" begins a sentence, "and" doesn't.
        return word[1:2].isupper()
    if before.endswith("!") and word.lower().rstrip(".,") in _COMPANY:
        return False
    if not before.endswith(".") or before.endswith(".."):
        return True
    name = before.lstrip(_OPENING).lower()
    name = name.rpartition("-")[2] if name.count("-") == 1 and len(name) < 9 else name
    if name in _TITLES:
        return False
    if name in _NUMBERED:
        return not word[0].isdigit()
    begins = word.lower().rstrip(",.:;’'") in _BEGINNERS
    if _INITIAL.search(before) and len(name) == 2:
        return before == "I." or begins
    if name in _OPEN or _ACRONYM.search(before):
        return begins or after.lstrip()[:1] in '"“‘«'
    return True


def _cut(text: str, start: int, end: int) -> list[Extent]:
    """Trim white space, and cut what is longer than :data:`LONGEST`."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    parts = []
    while end - start > LONGEST:
        space = max(
            text.rfind(" ", start, start + LONGEST), text.rfind("\n", start, start + LONGEST)
        )
        cut = space if space > start else start + LONGEST
        parts.append(Extent(start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        parts.append(Extent(start, end))
    return parts


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Extent]:
    """The sentences of ``text[start:end]``, in order, without the white space around them.

    Args:
        text: What the offsets refer to.
        start: Where to begin.
        end: Where to stop; None: at the end of ``text``.

    Returns:
        Offsets into ``text``. Nothing but white space is left out.
    """
    end = len(text) if end is None else end
    out: list[Extent] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        mark = stop.group().strip()
        if mark:
            # Only the word itself is looked at: the line before it may be the whole body.
            word = _WORD_BEFORE.search(text, max(begin, stop.start() - 40), stop.start())
            before = (word.group() if word else "") + mark.rstrip(_CLOSING)
            closed = mark[-1] in _CLOSING
            after = text[stop.end() : min(end, stop.end() + 80)]
            if not _ends(before, after) and not (closed and mark[-1] in '"”»' and _new(after)):
                continue
        out += _cut(text, begin, stop.end())
        begin = stop.end()
    return out + _cut(text, begin, end)


def _new(after: str) -> bool:
    """Whether a new sentence begins after a closed quotation: an upper-case word, no "he said"."""
    follows = _WORD_AFTER.match(after)
    return follows is not None and follows.group(1)[0].isupper()
