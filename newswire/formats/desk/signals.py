"""The lines by which a desk speaks to other desks: embargoes, notes, contacts, the end of the copy.

They reach no body. An embargo becomes the story's, or withholds it; a note is kept where it may be
published; the rest is dropped.

    lines -> head | body | what stands below the end -> lines of the story, and what the desk said
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from newswire.errors import NoArticle
from newswire.formats.desk import ednotes, embargo
from newswire.formats.desk.embargo import Embargo
from newswire.formats.lines.line import Line
from newswire.stories.draft import Draft
from newswire.stories.model import PubStatus

_FIRST_WORD = re.compile(r"[\W_]*([^\W_]+)")
_FIRST_WORDS = frozenset(
    "press news media pictures picture sports sport investor pr general all strict strictly "
    "embargo embargoed embargado embargato sperrfrist sous ap attn attention eds editor editors "
    "note notes dpa notizblock redaktionelle hinweis hinweise contact contacts enquiries "
    "inquiries relations office not hold release adv advance end ends ende 30".split()
)
"""With which a line of the desk begins, unless it is somebody's number."""
_FIRST_OF_MANY = {
    "a": ("note", "notizblock", "hinweis"),
    "achtung": ("sperrfrist",),
    "for": ("release", "publication", "use", "broadcast", "information", "adv"),
    "frei": ("uhr",),
    "ne": ("pas ",),
    "nicht": ("vor ",),
    "no": ("embargo",),
    "the": ("embargo", "following"),
    "this": ("embargo", "following"),
    "under": ("embargo",),
}
"""Those with which other lines begin as well, and what is said near the beginning of the desk's."""
_EMBARGO = re.compile(r"\bembargo")
_LONGEST_WORD = 40
_LONG = 200
"""Characters. A longer line is nobody's number."""
_DIGIT_OR_AT = re.compile(r"[\d@]")
WITHHELD_NOTE = "Withheld: under an embargo whose end can't be read."


@dataclass
class Sifted:
    """What is the story's, and what the desk said."""

    kept: list[int] = field(default_factory=list)
    """The indices of the lines that are the story's."""
    embargoes: list[Embargo] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Those that may be published."""

    def mark(self, draft: Draft) -> None:
        """Write embargo and notes into a draft. The latest end counts, and none withholds."""
        notes = [*filter(None, [draft.ednote]), *self.notes]
        draft.ednote = "\n".join(dict.fromkeys(notes)) or None
        ends: list[datetime | None] = [one.until for one in self.embargoes]
        known = [end for end in (*ends, draft.embargoed_until) if end is not None]
        draft.embargoed_until = max(known, default=None)
        if None in ends and draft.pub_status is PubStatus.USABLE:
            draft.pub_status, draft.ednote = PubStatus.WITHHELD, WITHHELD_NOTE


def sift(lines: Sequence[Line]) -> Sifted:
    """Tell the story's lines from the desk's. Looks at each line a fixed number of times."""
    blocks = _Blocks(lines)
    found = Sifted()
    passed: list[Line] = []
    head, contacts, over, index = True, False, False, 0
    while index < len(lines):
        line, following = lines[index], lines[index + 1].text if index + 1 < len(lines) else ""
        if not (contacts or over or _may_speak(line.text)):
            passed.append(line)
            found.kept.append(index)
            index += 1
            continue
        # Only now: it takes time to tell what is prose, and hardly any copy has a line of the desk.
        head = head and not any(one.is_prose for one in passed)
        passed.clear()
        under = embargo.read_embargo(line.text, following, head=head)
        said = ednotes.note(line.text)
        if under is not None:
            found.embargoes.append(under)
            open_line = embargo.end_of(line.text) is None
            index += 1 + (open_line and embargo.goes_on_below(line.text, following))
            continue
        if said is not None and not over:
            stop = _end_of_note(blocks, index, head)
            note = " ".join([said, *(one.text for one in lines[index + 1 : stop])])
            found.embargoes += _embargo_in(" ".join(one.text for one in lines[index:stop]))
            if said and not ednotes.is_private(note):
                found.notes.append(note.strip(" ()[]<>*"))
            index = stop
            continue
        if over or embargo.lifts(line.text):
            pass
        elif not head and ednotes.end_mark(line.text):
            over = True
        elif ednotes.begins_contacts(line.text) and (not head or ednotes.is_private(line.text)):
            contacts = not head
        elif contacts and not (line.is_prose and not ednotes.is_private(line.text)):
            pass
        else:
            contacts = False
            head = head and not line.is_prose
            found.kept.append(index)
        index += 1
    return found


def apply(draft: Draft) -> None:
    """Take the desk's lines out of a draft's body.

    Raises:
        NoArticle: nothing else is in it, and it withdraws nothing. The message quotes nothing: it
            may be under embargo.
    """
    if any(_may_speak(block.text) for block in draft.body):
        found = sift([Line(block.text, apart=True) for block in draft.body])
    else:
        found = Sifted(kept=list(range(len(draft.body))))
    under = embargo.read_embargo(draft.headline or "")
    if under is not None:
        found.embargoes.append(under)
    if draft.body and not found.kept and draft.pub_status is PubStatus.USABLE:
        raise NoArticle("nothing but notes to editors", "a story needs a body")
    draft.body = [draft.body[index] for index in found.kept]
    found.mark(draft)


def _may_speak(text: str) -> bool:
    """Whether it is worth a look if a line is the desk's: hardly any paragraph of a story is."""
    # A slice: partition would copy the whole paragraph, and no word that is known is as long.
    word = _known_word(text[:_LONGEST_WORD].partition(" ")[0]) or _word(text)
    if not word or text[0] in "*#=_–—-":
        return True
    if word in _FIRST_WORDS:
        return True
    if word in _FIRST_OF_MANY:
        beginning = text[:_LONG].lower()
        if any(sign in beginning for sign in _FIRST_OF_MANY[word]):
            return True
    if len(text) >= _LONG or _DIGIT_OR_AT.search(text) is None:
        return False
    return ednotes.is_number(text)


def _word(text: str) -> str:
    """The first, in lower case; empty where there is none."""
    first = _FIRST_WORD.match(text)
    return first[1].lower() if first else ""


_known_word = lru_cache(maxsize=4096)(_word)
"""The same words begin most paragraphs."""


@dataclass
class _Blocks:
    """Where blocks of notes may end: found out once, and where there is such a block only."""

    lines: Sequence[Line]

    @cached_property
    def ends(self) -> list[int]:
        """For each line the index of the next, itself included, at which one may end; -1: none."""
        ends, after = [-1] * len(self.lines), -1
        for index in range(len(self.lines) - 1, -1, -1):
            text = self.lines[index].text
            if ednotes.end_mark(text) or ednotes.closes(text):
                after = index
            ends[index] = after
        return ends

    @cached_property
    def last_prose(self) -> int:
        """The index of the last line that is prose; -1: none."""
        lines = self.lines
        return next((i for i in range(len(lines) - 1, -1, -1) if lines[i].is_prose), -1)


def _end_of_note(blocks: _Blocks, index: int, head: bool) -> int:
    """The index behind a note that begins at a line."""
    lines = blocks.lines
    text = lines[index].text
    opened = text.lstrip("* ")[:1]
    if opened in ("(", "["):
        closing = ")" if opened == "(" else "]"
        stop = index
        while closing not in lines[stop].text and stop + 1 < len(lines):
            if lines[stop + 1].apart:
                break
            stop += 1
        return stop + 1
    if not ednotes.begins_block(text):
        return index + 1
    end = blocks.ends[index]
    if end != -1 and end < blocks.last_prose:
        return end + 1  # the story goes on below
    if not head:
        return end + 1 if end != -1 else len(lines)
    stop = index + 1
    if stop < len(lines) and re.search(r"\w\W*$", text) and text.rstrip().endswith(":"):
        stop += 1  # a heading, and its text under a blank line
    while stop < len(lines) and not lines[stop].apart:
        stop += 1
    return stop


def _embargo_in(note: str) -> list[Embargo]:
    """The embargo that a note speaks of, in whatever words, unless it says that it is over."""
    if _EMBARGO.search(note.lower()) is None:
        return []
    over = re.search(r"embargo\W+(?:\w+\W+){0,3}(?:lifted|over|expired|removed)", note, re.I)
    return [] if over else [Embargo(embargo.end_of(note))]
