"""What a wire states in fields of its own: status, embargo, dates, version, codes, notes.

The same in every format that has such fields. Every doubt about whether a story may be published
is decided against it: a status that IPTC doesn't know and an embargo whose end can't be told
withhold the story.
"""

from __future__ import annotations

import re

from pydantic import JsonValue

from newswire.errors import NoArticle, NoHeadline
from newswire.formats.base.clean import one_line
from newswire.formats.desk import ednotes, embargo, signals
from newswire.formats.lines import wirecopy
from newswire.formats.lines.dates import read_date, without_zone
from newswire.stories.draft import Draft
from newswire.stories.model import ItemType, PubStatus

_STATUS = {
    "usable": PubStatus.USABLE,
    "withheld": PubStatus.WITHHELD,
    "embargoed": PubStatus.WITHHELD,
    "canceled": PubStatus.CANCELED,
    "cancelled": PubStatus.CANCELED,
    "killed": PubStatus.CANCELED,
    "recalled": PubStatus.CANCELED,
    "replaced": PubStatus.CANCELED,
}
"""IPTC's three, and what agencies write for them. An embargo holds a story by its time; the word
alone, without one, withholds it."""
_TYPES = {
    **{kind.value: kind for kind in ItemType},
    "image": ItemType.PICTURE,
    "photo": ItemType.PICTURE,
    "package": ItemType.COMPOSITE,
}
_SCHEMES = {
    "mediatopic": "medtop",
    "subjectcode": "subj",
    "genre": "genre",
    "newscodes": "medtop",
}
"""The aliases by which IPTC's own catalogue calls the schemes under cv.iptc.org."""
_IPTC = re.compile(r"https?://cv\.iptc\.org/newscodes/(\w+)/?(\w*)")
_REACHED = ("@", "contact", "enquir", "inquir", "relations", "office", "information")
"""One of these, or a digit, is in a line by which somebody can be reached."""
_DIGIT = re.compile(r"\d")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+\.\w")
_NUMBER = re.compile(r"\d{1,13}", re.ASCII)
_MAX_VERSION = 2**43


def set_status(draft: Draft, status: JsonValue) -> None:
    """Set the publishing status: a word, a qcode or IPTC's address of one. None is "usable"."""
    if not status or (isinstance(status, str) and status.isspace()):
        return
    word = _last_part(status.strip().rstrip("/")) if isinstance(status, str) else ""
    draft.pub_status = _STATUS.get(word, PubStatus.WITHHELD)


def _last_part(code: str) -> str:
    """What a qcode or an address ends with, in lower case."""
    return code.rpartition(":")[2].rpartition("/")[2].strip().lower()


def withhold(draft: Draft) -> None:
    """Withhold a story that is under an embargo whose end can't be told."""
    if draft.pub_status is PubStatus.USABLE:
        draft.pub_status, draft.ednote = PubStatus.WITHHELD, signals.WITHHELD_NOTE


def set_embargo(draft: Draft, stated: JsonValue) -> None:
    """Hold a story until a moment; one without a zone, or that can't be read, withholds it.

    Args:
        draft: the story.
        stated: the moment. What is empty or ``False`` states none; what is no string can't be read.
    """
    if not stated or (isinstance(stated, str) and stated.isspace()):
        return
    found = read_date(stated) if isinstance(stated, str) else None
    if found is None or not found[1]:
        withhold(draft)
    else:
        draft.embargoed_until = max(found[0], draft.embargoed_until or found[0])


def set_date(draft: Draft, field: str, stated: str) -> None:
    """Set a date; ``extra`` says where it has no zone, and what can't be read."""
    if not stated.strip():
        return
    found = read_date(stated)
    if found is None:
        draft.extra.setdefault("date_unreadable", one_line(stated)[:64])
        return
    setattr(draft, field, found[0])
    if not found[1]:
        without_zone(draft, field)


def set_version(draft: Draft, stated: str) -> None:
    """Set the version, if it is a number that a story can have; else ``extra`` has it."""
    plain = stated.strip()
    if _NUMBER.fullmatch(plain) and int(plain) < _MAX_VERSION:
        draft.version = int(plain)
    elif plain:
        draft.extra["version"] = plain[:64]


def set_urgency(draft: Draft, stated: int | None) -> None:
    """Set the urgency, if it is one of IPTC's nine; else ``extra`` has it."""
    if stated is None:
        return
    if 1 <= stated <= 9:
        draft.urgency = stated
    else:
        draft.extra["urgency"] = stated


def set_type(draft: Draft, stated: str) -> None:
    """Set the kind of item; a word that IPTC doesn't know is a text, and ``extra`` has it."""
    word = _last_part(stated)
    if word in _TYPES:
        draft.type = _TYPES[word]
    elif word:
        draft.extra["type"] = word


def set_note(draft: Draft, note: str) -> None:
    """Set the note to editors, without what is private in it; an embargo in it holds the story."""
    kept = []
    for line in filter(None, map(one_line, note.split("\n"))):
        under = embargo.read_embargo(line)
        if under is not None and draft.embargoed_until is None:
            if under.until is None:
                withhold(draft)
            else:
                draft.embargoed_until = under.until
        elif not (_may_reach(line) and _is_private(line)):
            kept.append(line)
    if draft.pub_status is not PubStatus.WITHHELD and kept:
        draft.ednote = "\n".join(kept)


def _may_reach(line: str) -> bool:
    plain = line.lower()
    return any(sign in plain for sign in _REACHED) or _DIGIT.search(line) is not None


def _is_private(line: str) -> bool:
    return (
        ednotes.is_private(line) or ednotes.begins_contacts(line) or _MAIL.search(line) is not None
    )


def qcode(code: str, scheme: str = "") -> str:
    """The qcode of a subject, where it is one of IPTC's schemes; else the code as it is."""
    if "cv.iptc.org" not in code and "cv.iptc.org" not in scheme:
        return code
    address = _IPTC.fullmatch(code) or _IPTC.fullmatch(scheme)
    if address is None:
        return code
    bare = address[2] or code
    alias = _SCHEMES.get(address[1].lower(), address[1].lower())
    return bare if ":" in bare else f"{alias}:{bare}"


def complete(draft: Draft) -> Draft:
    """The last steps of a structured item: the conventions of wire copy in its body.

    Raises:
        NoHeadline, NoArticle: a text that is usable, and has no headline or no body.
    """
    if draft.pub_status is PubStatus.USABLE and draft.type is ItemType.TEXT:
        if not draft.headline:
            raise NoHeadline("an item without a headline")
        if not draft.body:
            raise NoArticle(f"an item without text under the headline {draft.headline[:60]!r}")
    if draft.body:
        signals.apply(draft)
        wirecopy.apply(draft, keep=True)
    return draft
