"""What the IPTC's XML formats have in common beyond :mod:`stated`: subject codes, notes, alerts.

Sources: NewsML-G2 Guidelines, NewsML 1.2 and NITF 3.6 specifications, and the NewsCodes at
https://cv.iptc.org/newscodes/.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pydantic import JsonValue

from newswire.formats.base.clean import one_line
from newswire.formats.desk import signals
from newswire.formats.fields import stated
from newswire.formats.lines.line import Line
from newswire.stories.draft import Draft
from newswire.stories.model import Subject

_MOST_SUBJECTS = 300
"""Of one story; real ones have some thirty. Each is compared with those before it."""
_LONGEST_KNOWN = 200
_LONGEST_HEADLINE = 250
_SENTENCE = re.compile(r".{20,}?[.!?…。！？؟](?=\s)")


def qcode(code: str) -> str:
    """A code with its scheme's alias: Media Topics as ``medtop:…``, subject codes as ``subj:…``.

    Anything else stays as it is stated. Eight bare digits are a subject code: the formats that
    write codes without a scheme have no other.
    """
    return (_known_qcode if len(code) < _LONGEST_KNOWN else _qcode)(code)


def _qcode(code: str) -> str:
    plain = one_line(code)
    if len(plain) == 8 and plain.isdecimal():
        return f"subj:{plain}"
    return stated.qcode(plain) if plain.startswith("http") else plain


_known_qcode = lru_cache(maxsize=4096)(_qcode)
"""The same codes come in every story of a wire."""


def add_subject(draft: Draft, code: str, name: str = "") -> None:
    """Add a subject, each once; one that has a name only is that name."""
    if not (code or name):
        return
    if len(draft.subjects) >= _MOST_SUBJECTS:
        draft.extra["subjects_left_out"] = True
        return
    make = _known_subject if len(code) + len(name) < _LONGEST_KNOWN else _subject
    subject = make(code, name)
    if subject.qcode not in [known.qcode for known in draft.subjects]:
        draft.subjects.append(subject)


def _subject(code: str, name: str) -> Subject:
    return Subject(qcode=qcode(code or name), name=name or None)


_known_subject = lru_cache(maxsize=4096)(_subject)


def set_urgency(draft: Draft, urgency: str) -> None:
    """Set the urgency, 1 to 9; anything else is kept in ``extra``."""
    if urgency.isdecimal() and len(urgency) < 9:
        stated.set_urgency(draft, int(urgency))
    elif urgency:
        draft.extra["urgency"] = urgency[:64]


def set_ednote(draft: Draft, notes: list[str]) -> None:
    """Keep what may be published of notes to editors, and heed an embargo that they speak of.

    The embargo in a field made for it counts more: the note repeats it for people.
    """
    lines = [Line(f"Editors: {note}", apart=True) for note in notes if note]
    if not lines:
        return
    said = signals.sift(lines)
    if draft.embargoed_until is not None:
        said.embargoes = []
    said.mark(draft)


def fill_headline(draft: Draft) -> None:
    """Give a text without a headline its first paragraph as one, as alerts are meant to be read.

    Where the paragraph is long, it is its first sentence.
    """
    if draft.headline or not draft.body:
        return
    first = draft.body[0].text.partition("\n")[0]
    sentence = _SENTENCE.match(first) if len(first) > _LONGEST_HEADLINE else None
    draft.headline = sentence[0] if sentence else first
    draft.extra["headline_from"] = "body"


def keep(draft: Draft, key: str, values: list[str]) -> None:
    """Keep in ``extra`` what no field is for."""
    if any(values):
        found: list[JsonValue] = [value for value in dict.fromkeys(values) if value]
        draft.extra[key] = found
