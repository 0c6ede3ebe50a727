"""ANPA 1312, the text wire of American and some Asian agencies: AP, Kyodo, CP.

    SYN SYN SOH z6715 US -----                      service and number, selector
    r s DC3 DC1 BC-BKN--Slug 1stLd   02-20 0500     priority, category, keyword, day, words
    STX ^BC-BKN--Slug, 1st Ld-Writethru,416<        keyword line: keyword, version, words
        ^Headline<
        ^Eds: Updates.<                             note to editors
        ^By SOMEBODY=                               byline, and the writer's title
        TAB ATLANTA (AP) _ Text                     a tab begins a paragraph
        BS New DLE York;16;21;.432 DLE              a row of a table
    ETX AP-WF-02-20-16 0337GMT                      the only date with a year

A line ends in ``<`` (set flush left) or ``=`` (centred); ``^`` begins one. ``_`` is a dash, `` and
'' are quotation marks, ``{`` is a half.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from newswire.errors import MalformedInput, NoArticle
from newswire.formats.base.clean import one_line
from newswire.formats.base.document import Document, Entries
from newswire.formats.desk import embargo, signals
from newswire.formats.desk.embargo import Embargo
from newswire.formats.lines import wirecopy
from newswire.formats.lines.dates import without_zone
from newswire.formats.lines.line import Line
from newswire.formats.wire.anpa import Copy, CopyLine
from newswire.formats.wire.openings import ANPA_1312_HEADER
from newswire.formats.wire.text import (
    ETX,
    controlled_text,
    frames,
    headline_of_alert,
    lineage,
    moment,
    read_dateline,
    read_each,
    take_signature,
)
from newswire.stories.draft import Draft
from newswire.stories.model import PubStatus, Subject

_HEADER = re.compile(rf"^{ANPA_1312_HEADER}", re.MULTILINE)
_URGENCIES = {"f": 1, "b": 2, "u": 3, "r": 4, "d": 5}
"""Flash, bulletin, urgent, regular, deferred. Other letters are advances and standing features,
sent when there is room (ANPA 84-2)."""
_OTHER_URGENCY = 6
_CATEGORIES = {
    "a": "domestic news", "e": "entertainment", "f": "business", "i": "international news",
    "k": "commentary", "l": "lifestyle", "n": "state and regional news", "o": "weather",
    "p": "politics", "q": "results", "s": "sports", "t": "travel", "v": "advisories",
    "w": "Washington news",
}  # fmt: skip
_STAMP = re.compile(
    r"(?P<agency>[A-Z]{2,6})(?:-[A-Z]{2,3}){0,2}-(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>\d\d) +"
    r"(?P<clock>\d{4})(?P<zone>[A-Z]{3,4})?"
)
_STAMP_OF_DAY_FIRST = re.compile(
    r"(?P<agency>[A-Z]{2,6})-(?P<hour>\d\d):(?P<minute>\d\d)-"
    r"(?P<day>\d\d)-(?P<month>\d\d)-(?P<year>\d\d)"
)
_VERSION = re.compile(
    r"(?:\d+(?:st|nd|rd|th)|first|second|third)? ?-?(?:lds?|leads?|write-?thru|update|adds?|pickup|"
    r"sub|insert|take|correction|corrective|kill|withhold|elimination|adv(?:isory|ance)?\d*)\b.*",
    re.IGNORECASE,
)
_PART = re.compile(r"\b(?:adds?|takes?|insert|sub|pickup)\b", re.IGNORECASE)
_KILL = re.compile(r"\b(?:kill|elimination|mandatory kill)\b", re.IGNORECASE)
_KILL_AS_HEADLINE = re.compile(r"(?:(?:BULLETIN|MANDATORY|URGENT|[A-Z]{2,4}) )?KILL\b")
_WITHHOLD = re.compile(r"\bwithhold\b", re.IGNORECASE)
_ADVANCE = re.compile(r"\badv(?:ance)?\s?\d{0,2}\b", re.IGNORECASE)
_ADVANCE_IN_SLUG = re.compile(r"[- ](adv(?:ance)?\.?\s?\d{1,2})$", re.IGNORECASE)
_RELEASE = re.compile(
    r"for (?:release|use)\b.*\bthereafter\b|for \w{3,6}day'?s? (?:use|release|papers)\b"
    r"|adv\.?\s?\d{1,2}\b",
    re.IGNORECASE,
)
"""AP's words for an advance: ``Adv19``, ``For release Sunday, Nov. 19, and thereafter``."""
_HOLD = re.compile(r"(?:eds:? )?hold\b", re.IGNORECASE)
_NOTE = re.compile(r"(?:eds|editors|editor's note):? ", re.IGNORECASE)
_LONGEST_RELEASE = 100
_CYCLE_HOURS = 12
"""A day has two cycles, for morning and for evening papers; what is killed is of the last one."""
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)", re.IGNORECASE)
_BYLINE = re.compile(r"by\s+\S", re.IGNORECASE)
_PHOTOS = re.compile(
    r"(?:AP )?(?:Photos?|Graphics?|Videos?|Audio)\b(?: [A-Z]{2,}\d|:|s? )", re.IGNORECASE
)


def parse(document: Document) -> Entries:
    """Read every transmission of a file.

    Raises:
        MalformedInput, NoArticle: there is one only, and no story in it.
        InputTooLarge: more transmissions than any file has.
    """
    entries = read_each(frames(controlled_text(document), _HEADER), _read)
    entries.drafts.extend([again for one in entries.drafts if (again := _killed_yesterday(one))])
    return entries


def _killed_yesterday(kill: Draft) -> Draft | None:
    """The same kill for what was sent before midnight; ``None`` where that is too long ago.

    A kill names a keyword and no day, and midnight GMT is in the middle of America's evening.
    """
    sent = kill.version_created
    if kill.pub_status is not PubStatus.CANCELED or sent is None or sent.hour >= _CYCLE_HOURS:
        return None
    day, before = (f":{moment:%Y-%m-%d}:" for moment in (sent, sent - timedelta(days=1)))
    return replace(kill, lineage=(kill.lineage or "").replace(day, before, 1))


def _read(frame: str) -> Draft:
    header = _HEADER.match(frame)
    if header is None:
        raise MalformedInput(
            f"no ANPA 1312 header: {one_line(frame[:60])!r}",
            "it reads like 'a0123' and, below, 'r i BC-Slug 02-20 0500'",
        )
    copy, _, trailer = frame[header.end() :].partition(ETX)
    lines = Copy.of(copy)
    draft = Draft(
        id=f"{header['service']}{header['number']}",
        urgency=_URGENCIES.get(header["priority"], _OTHER_URGENCY),
        subjects=[Subject(qcode=header["category"], name=_CATEGORIES.get(header["category"]))],
        extra={"priority": header["priority"], "selector": header["selector"].strip("-") or None},
    )
    draft.extra = {name: value for name, value in draft.extra.items() if value}
    if header["words"]:
        draft.extra["words"] = int(header["words"])
    agency = _set_date(draft, trailer or lines.take_last(_STAMP, _STAMP_OF_DAY_FIRST))
    draft.provider = agency or header["agency"] or None
    keyword = lines.take_keyword(one_line(header["keyword"]))
    tabular = "\x12" in header["format"] or any(one.row for one in lines.found)
    _read_top(draft, lines, tabular)
    draft.body = lines.blocks()
    if not draft.body:
        raise NoArticle("a transmission without text under its keyword line")
    _identify(draft, keyword, agency or header["agency"] or "anpa")
    take_signature(draft)
    signals.apply(draft)
    read_dateline(draft)
    wirecopy.apply(draft, keep=True)
    headline_of_alert(draft)
    return draft


def _read_top(draft: Draft, lines: Copy, tabular: bool) -> None:
    """Read headline, notes and byline, which stand above the first paragraph or row."""
    end = next(
        (i for i, line in enumerate(lines.found) if line.paragraph or line.row), len(lines.found)
    )
    top, lines.found = lines.found[:end], lines.found[end:]
    advance = any(_is_advance(line.text) for line in top + lines.found[:1])
    found = signals.sift([Line(line.text, apart=True) for line in top])
    found.mark(draft)
    if draft.embargoed_until is None and (advance or any(_HOLD.match(one.text) for one in top)):
        _withhold(draft)
    rest: list[CopyLine] = []
    for line in (top[index] for index in found.kept):
        if _RELEASE.match(line.text) or _HOLD.match(line.text):
            continue
        if _PHOTOS.match(line.text):
            draft.extra.setdefault("media", line.text)
        elif draft.byline is None and _BYLINE.match(line.text):
            draft.byline = line.text
        elif draft.headline is None and draft.byline is None:
            draft.headline = line.text
        elif tabular:
            rest.append(line)
        elif draft.byline is not None:
            draft.extra.setdefault("byline_title", line.text)
        else:
            draft.extra.setdefault("abstract", line.text)
    lines.found[:0] = rest


def _is_advance(line: str) -> bool:
    """Whether a line says that what stands below is for later, in AP's words or in a note's."""
    if len(line) > _LONGEST_RELEASE:
        return False
    noted = _NOTE.sub("", line, count=1)
    return _RELEASE.match(line) is not None or (
        noted != line and embargo.read_embargo(noted) == Embargo(None)
    )


def _set_date(draft: Draft, trailer: str) -> str | None:
    """Read the stamp of the end; returns the agency in it."""
    text = one_line(trailer)
    found = _STAMP.search(text)
    if found:
        clock, zone = found["clock"], found["zone"]
    else:
        found = _STAMP_OF_DAY_FIRST.search(text)
        if found is None:
            return None
        clock, zone = found["hour"] + found["minute"], None
    stated = moment(found["year"], int(found["month"]), found["day"], clock, zone)
    if stated is not None:
        draft.version_created = stated[0]
        if not stated[1]:
            without_zone(draft, "version_created")
    return found["agency"]


def _identify(draft: Draft, keyword: str, agency: str) -> None:
    """Keyword and version: all leads of a day under one keyword are versions of one story.

    Alerts and parts (adds, inserts) share their keyword with others and replace none: they go by
    their number. What withdraws has no headline either, and withdraws what goes by the keyword.
    """
    *slug, last = [part.strip() for part in keyword.split(",")] or [keyword]
    if last.isdecimal():
        *slug, last = slug or [""]
    version = ""
    advance = _ADVANCE_IN_SLUG.search(last)
    if slug and _VERSION.fullmatch(last):
        version = last
    elif advance:
        version = advance[1]
        slug.append(last[: advance.start()])
    else:
        slug.append(last)
    name = ", ".join(filter(None, slug))
    draft.slugline = name or None
    if version:
        draft.extra["version"] = version
    killed = _KILL.search(version) or _KILL_AS_HEADLINE.match(draft.headline or "")
    withdrawn = killed or _WITHHOLD.search(version)
    alone = not withdrawn and (draft.headline is None or _PART.search(version) is not None)
    called = (draft.id or "") if alone else name.casefold()
    draft.lineage = lineage(agency, called, draft.version_created, draft.body)
    if draft.version_created is not None:
        draft.version = _numbered(draft.version_created, version)
    if killed:
        draft.pub_status = PubStatus.CANCELED
    elif withdrawn or (_ADVANCE.search(version) and draft.embargoed_until is None):
        _withhold(draft)


def _withhold(draft: Draft) -> None:
    """What is sent in advance of a day that can't be read is in no view."""
    if draft.pub_status is PubStatus.USABLE:
        draft.pub_status, draft.ednote = PubStatus.WITHHELD, signals.WITHHELD_NOTE


def _numbered(sent: datetime, version: str) -> int:
    """The time in milliseconds; within its minute the number of the lead."""
    ordinal = _ORDINAL.match(version)
    number = min(int(ordinal[1]), 999) if ordinal else bool(version)
    return max(0, int(sent.timestamp()) * 1000 + number)
