"""Copy between ZCZC and NNNN, the telegraph's frame, as AAP and press release services send it.

What stands between the frame and the text differs by service, and each is told by its own signs:

    ZCZC AAP                ZCZC                ZCZC FMG000                     zczc
    $S  :Keyword  =Take     #Meeting            YY TDR                          TI#Headline
    ^Headline               :Headline           :KEYWORD :Headline              BY#Byline  PD#Date
    *X  &A  +15084000       text                text                            TX#
    text                                                                        text

A last line such as ``AAP RESULTS`` signs the text. Most of it has neither number nor date: it goes
by what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newswire.errors import NoArticle, NoHeadline
from newswire.formats.base.clean import one_line, unique
from newswire.formats.base.document import Document, Entries
from newswire.formats.desk import signals
from newswire.formats.lines import wirecopy
from newswire.formats.lines.dates import read_date, without_zone
from newswire.formats.wire.text import (
    controlled_text,
    paragraphs,
    read_dateline,
    read_each,
    take_service_line,
)
from newswire.stories.draft import Draft
from newswire.stories.model import Subject

_BEGIN = re.compile(r"^[\x00-\x08\x0b-\x1f ]*ZCZC(?![A-Za-z])", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"^[\x00-\x1f ]*N{4}[ \x00-\x1f]*$", re.IGNORECASE | re.MULTILINE)
_SIGN = re.compile(r"[%#$:&*@=^+~!](?![%#$:&*@=^+~!])")
_FIELD = re.compile(r"(?P<name>[A-Z]{2})#(?P<value>.*)")
_ROUTING = re.compile(r"[A-Z]{2} [A-Za-z]{2,6}(?: [A-Z]{2,6})*")
_TWO_PARTS = re.compile(r":?(?P<keyword>[^:\s][^:]{0,40}?) ?:(?P<headline>[^\s:].*| \S.*)")
_COMPOSITION = re.compile(r"[<=.-]*[<=]!+$|[\x00-\x08\x0b-\x1f]+|(?<=\.)-$")
_SUBJECT = re.compile(r"\d{8}")
_MOST_LINES = 20
"""Lines above the text."""


@dataclass
class _Top:
    """What stands above the text."""

    signs: dict[str, list[str]] = field(default_factory=dict)
    keyword: str = ""
    headline: str = ""

    def first(self, sign: str) -> str:
        """What the sign's first line says that says anything."""
        return next(filter(None, self.signs.get(sign, [])), "")


def parse(document: Document) -> Entries:
    """Read everything between ZCZC and NNNN.

    Raises:
        NoArticle, NoHeadline: there is one transmission only, and no story in it.
        InputTooLarge: more transmissions than any file has.
    """
    found = [part for part in _BEGIN.split(controlled_text(document))[1:] if part.strip()]
    return read_each([_END.split(part, maxsplit=1)[0] for part in found], _read)


def _read(frame: str) -> Draft:
    origin, *lines = frame.split("\n")
    lines = [_COMPOSITION.sub("", line).rstrip() for line in lines]
    draft = Draft()
    origin = one_line(origin)
    if origin:
        draft.extra["origin"] = origin
    place = next((i for i, line in enumerate(lines) if line), len(lines))
    if place < len(lines) and _FIELD.fullmatch(lines[place]):
        text = _read_fields(draft, lines[place:])
    else:
        text = _read_signs(draft, lines[place:], numbered=any(map(str.isdigit, origin)))
    take_service_line(draft, text)
    draft.body = paragraphs(text)
    if draft.headline is None:
        _headline_above_text(draft)
    elif draft.body and draft.body[0].text.casefold() == draft.headline.casefold():
        del draft.body[0]
    if not draft.body:
        raise NoArticle("a transmission without text", "a story needs a headline and a body")
    signals.apply(draft)
    read_dateline(draft)
    wirecopy.apply(draft, keep=True)
    if draft.provider is None and origin.isalpha():
        draft.provider = origin
    return draft


def _headline_above_text(draft: Draft) -> None:
    """The first line, where no sign marks a headline and it stands by itself above the text."""
    first = draft.body[0] if draft.body else None
    if first is None or first.kind != "paragraph" or len(draft.body) < 2 or len(first.text) > 250:
        raise NoHeadline("a transmission without a headline", "its first line must be one")
    draft.headline, *rest = first.text.split("\n")
    draft.body[0:1] = paragraphs(rest)


# --- by signs ----------------------------------------------------------------------------------


def _read_signs(draft: Draft, lines: list[str], *, numbered: bool) -> list[str]:
    """Read the lines that begin with a sign; returns those of the text."""
    top = _Top()
    index = 0
    if numbered and lines and _ROUTING.fullmatch(lines[0].strip()):
        # A number is followed by a routing line, and that by keyword and headline in one.
        draft.extra["routing"] = lines[0].strip()
        index = 1
        title = lines[index] if index < len(lines) else ""
        if title and (_SIGN.match(title) is None or _TWO_PARTS.fullmatch(title)):
            _read_title(top, title)
            index += 1
    end = min(len(lines), _MOST_LINES)
    while index < end and (not lines[index].strip() or _SIGN.match(lines[index])):
        line = lines[index].strip()
        if line:
            top.signs.setdefault(line[0], []).append(one_line(line[1:]))
        elif index + 1 < end and not _SIGN.match(lines[index + 1]):
            break
        index += 1
    _fill(draft, top)
    return lines[index:]


def _read_title(top: _Top, line: str) -> None:
    """``KEYWORD :Headline``, or a headline alone."""
    parts = _TWO_PARTS.fullmatch(line.strip())
    if parts:
        top.keyword, top.headline = one_line(parts["keyword"]), one_line(parts["headline"])
    else:
        top.headline = one_line(line)


def _fill(draft: Draft, top: _Top) -> None:
    """What each sign says: ``$`` a category or a headline, ``:`` a keyword, headline or place."""
    dollar, colon, hash_ = top.first("$"), top.first(":"), top.first("#")
    category = dollar if len(dollar) <= 3 else ""
    headline = top.headline or top.first("^") or (dollar if not category else "")
    place = re.fullmatch(r"\((?P<place>[^()]+)\)", colon)
    if place:
        draft.located, colon = one_line(place["place"]), ""
    if not headline and hash_ and colon:
        headline = colon if hash_.casefold() in colon.casefold() else f"{hash_} {colon}"
    elif not headline and top.signs.get(":", [""])[0] and not top.first("*"):
        headline = colon
    draft.headline = headline or None
    draft.slugline = top.keyword or hash_ or (colon if colon != headline else "") or None
    codes = unique([*top.signs.get("*", []), *top.signs.get("+", [])])
    draft.subjects = [Subject(qcode=code) for code in codes if _SUBJECT.fullmatch(code)]
    said = {
        "category": category,
        "take": top.first("="),
        "destinations": top.first("%"),
        "place": top.first("@"),
        "service_level" if len(top.first("&")) <= 2 else "sender": top.first("&"),
        "format": next((code for code in codes if not _SUBJECT.fullmatch(code)), ""),
    }
    draft.extra |= {name: value for name, value in said.items() if value}


# --- by fields ---------------------------------------------------------------------------------


def _read_fields(draft: Draft, lines: list[str]) -> list[str]:
    """Read the lines of two letters and ``#``, up to the text; returns those of the text."""
    said: dict[str, str] = {}
    text: list[str] = []
    for index, line in enumerate(lines):
        found = _FIELD.fullmatch(line)
        if found is None:
            continue
        if found["name"] == "TX":
            text = [found["value"], *lines[index + 1 :]]
            break
        said[found["name"]] = one_line(found["value"]).strip("*")
    draft.id = said.get("AN") or None
    draft.headline = said.get("TI") or None
    draft.byline = said.get("BY") or None
    draft.provider = said.get("KN") or None
    draft.slugline = said.get("KY") or None
    stated = read_date(said.get("PD") or "")
    if stated is not None:
        draft.version_created = stated[0]
        if not stated[1]:
            without_zone(draft, "version_created")
    names = {"AB": "abstract", "CO": "companies", "SO": "source"}
    draft.extra |= {names[name]: said[name] for name in names if said.get(name)}
    # Here a line is a paragraph.
    return [part for line in text for part in (line, "")]
