"""Embargoes as wire copy and press releases write them, and the moment at which they end.

An embargo is a formal line: it stands by itself and begins with the agency's words for it
("EMBARGOED UNTIL", "Not for publication before", "HOLD FOR RELEASE", "ADVANCE for Sunday"). A story
about an embargo has none of those lines. Every doubt is decided for the embargo: of several times
the latest counts, of a zone's several meanings the westernmost, and one whose end can't be told
to the minute has no end here. What has none is withheld.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LONGEST = 300

# --- the line ----------------------------------------------------------------------------------

_BEFORE = (
    r"(?:(?:press|news|media) (?:release|statement|notice)\W+)?(?:all )?(?:strictly |strict )?"
)
_FORMAL = re.compile(
    _BEFORE + r"(?:under (?:a )?(?:strict )?embargo\b"
    r"|embargoed(?: copy| material)?(?:\W*$|[\W_]+(?:until|till|til|to|for|before|news|press)\b"
    r"|[\W_]+(?=\d))"
    r"|embargo(?:ed)?\W*$"
    r"|(?:this|the) (?:\w+ ){1,3}is (?:strictly )?(?:under (?:strict )?embargo|embargoed)\b"
    r"|not (?:for|to be) (?:publication|publish|release|broadcast|use|distribution|circulation)\w*"
    r"(?: ?(?:,|/|or|and) ?(?:for |in )?\w+){0,4}"
    r"(?:\W*$|\W+(?:before|until|till|prior to|without)\b)"
    r"|not (?:to be )?(?:released|published|broadcast|used)(?: (?:or|and) \w+)? "
    r"(?:before|until|till|prior to)\b"
    r"|hold (?:for|until|till) (?:release|publication)"
    r"(?:\W*$|\W+(?:at|on|until|till|after|from|before|pending|\d))"
    r"|(?:achtung\W+)?sperrfrist\b"
    r"|nicht vor\b.{1,80}\b(?:ver(?:ö|oe)ffentlich\w*|freigeben|verwenden|senden)\b"
    r"|frei (?:für|ab)\b.{1,80}\buhr\b"
    r"|sous embargo\b|ne pas (?:publier|diffuser)\b"
    r"|embarg(?:o|ado|ato) (?:bis|tot|til|fino|hasta|até|jusqu)\w*)",
    re.IGNORECASE,
)
"""What begins so is an embargo, unless it goes on as a sentence of a story does."""
_COLON = re.compile(r"embargo(?:ed)?(?: (?:time|date|until|notice|details))? ?[:=]", re.IGNORECASE)
_TIMED = re.compile(
    rf"{_BEFORE}(?:embargo(?: (?:until|till|to|for))?"
    r"|for (?:release|publication|use|broadcast)(?: (?:at|on|from|after|in|not before|until))?"
    r"|release (?:time|date)|hold (?:for|until|till)"
    r"|(?:ap |for )?adv(?:ance)?(?: for| to)?(?: release| use)?(?: at| on| after)?)\b",
    re.IGNORECASE,
)
"""What begins so is an embargo where nothing but a time follows."""
_NONE = re.compile(
    r"for immediate (?:release|use|publication)|(?:no|not under) embargo|embargo (?:now )?"
    r"(?:lifted|expired|released|none|removed)|embargo: ?(?:none|no|nil)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"(?:\b(?:until|till|til|before|for|at|on|after|from|to)|:)\W*$", re.IGNORECASE)
_SAID = re.compile(r"[\"“”«»]")

# --- its end -----------------------------------------------------------------------------------

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(rf"(?<![\d.:/-]){form}(?![\d/-])", re.IGNORECASE)
    for form in (
        rf"{_DAY}[ -](?:of )?{_MONTH},?[ -](?P<year>\d{{4}})",
        rf"\b{_MONTH} {_DAY},? (?P<year>\d{{4}})",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?=T|\b)",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})",
    )
)
_WEEKDAY = re.compile(
    r"\b(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?", re.IGNORECASE
)
_ZONES = {
    # Minutes east of UTC. Of several meanings the westernmost: the embargo ends with the last.
    "gmt": 0, "utc": 0, "z": 0, "bst": 60, "ist": 60, "wet": 0, "west": 60,
    "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "eet": 120, "eest": 180, "msk": 180,
    "est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360,
    "mst": -420, "mdt": -360, "mt": -420, "pst": -480, "pdt": -420, "pt": -480,
    "akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
    "sast": 120, "aest": 600, "aedt": 660, "awst": 480, "nzst": 720, "nzdt": 780,
}  # fmt: skip
_ZONE = rf"(?P<zone>(?:{'|'.join(sorted(_ZONES, key=len, reverse=True))})\b|[+-]\d{{2}}:?\d{{2}}\b)"
_CLOCK = re.compile(
    r"(?<![\d.:/,-])(?:"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)? ?(?P<half>[ap])\.? ?m\b\.?"
    r"|(?P<h24>\d{1,2})[:.h](?P<m24>\d{2})(?::\d{2}(?:\.\d+)?)?(?: ?(?:hrs?|hours|uhr|noon)\b\.?)?"
    r"|(?P<plain>[012]\d[0-5]\d)(?: ?(?:hrs?|hours)\b\.?|h\b)?"
    r"|(?:12 ?)?(?P<word>midnight|noon|midday))"
    rf",? ?\(?(?:{_ZONE})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL = re.compile(
    r"\b(?:until|till|til|to|for|from|before|after|at|on|of|the|a|in|and|or|not|strictly|local|time|"
    r"release|publication|use|broadcast|today|tomorrow|tonight|morning|afternoon|evening|night|"
    r"hours?|hrs?|day|date|only|print|online|editions?|papers?|newspapers?|embargo(?:ed)?|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)s?|london|uk|new york|eastern|central|pacific|standard|"
    r"daylight|summer|british)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Embargo:
    """An embargo that a line states."""

    until: datetime | None
    """Its end in UTC; ``None``: the line doesn't say it so that it can be read."""


def read_embargo(line: str, following: str = "", *, head: bool = True) -> Embargo | None:
    """The embargo that a line states.

    Args:
        line: one line, white space normalised.
        following: the line under it, where a long one may go on: it counts only if it is nothing
            but a time.
        head: the line stands above the story's body; below, only lines in capitals count, and those
            that name their time.

    Returns:
        ``None``: the line is part of a story, or lifts an embargo.
    """
    text = line.strip(" *#=_-–—[]()<>|•·.!")
    if not text or len(text) > _LONGEST:
        return None
    # How it begins is looked at first: hardly any line goes on from there.
    formal, colon, timed = _FORMAL.match(text), _COLON.match(text), _TIMED.match(text)
    if not (formal or colon or timed) or lifts(line) or _SAID.match(text):
        return None
    until = end_of(text)
    if until is None and goes_on_below(text, following):
        until = end_of(f"{text} {following}")
    capitals = text[:8].isupper()
    if formal and (until is not None or capitals or (head and not _goes_on(text, line))):
        # In a body a word in capitals alone is a crosshead.
        return Embargo(until) if head or until or " " in text else None
    if colon and (capitals or _has_time(text[colon.end() :])):
        return Embargo(until)
    if timed and (is_time(text[timed.end() :]) or goes_on_below(text, following)):
        return Embargo(until)
    return None


def goes_on_below(line: str, following: str) -> bool:
    """Whether an embargo ends in the line under it: "Embargoed until", and then a time alone.

    A time under a line that is complete is that of the story.
    """
    return _OPEN.search(line) is not None and is_time(following)


def lifts(line: str) -> bool:
    """Whether a line says that there is no embargo (any more)."""
    text = line.strip(" *#=_-–—[]()<>|•·.!")
    return len(text) <= 80 and _NONE.match(text) is not None


def is_time(text: str) -> bool:
    """Whether a text is a time and nothing else: a clock, a date, a weekday, in any order."""
    if len(text) > _LONGEST or not _has_time(text):
        return False
    return not re.search(r"\w", _without_times(text))


def _has_time(text: str) -> bool:
    return any(form.search(text) for form in (*_DATES, _CLOCK, _WEEKDAY, _PARTIAL))


_PARTIAL = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}"
    rf"|\b{_MONTH.replace('month', 'named')} \d{{1,2}}\b",
    re.IGNORECASE,
)
"""A day of a month without its year."""


def _without_times(text: str) -> str:
    for form in (*_DATES, _PARTIAL, _CLOCK, _WEEKDAY, _YEAR, _SMALL):
        text = form.sub(" ", text)
    return re.sub(rf"\b(?:{_ZONE})", " ", text, flags=re.IGNORECASE)


def _goes_on(text: str, line: str) -> bool:
    """Whether what begins as an embargo is a sentence: it ends as one, and says more."""
    return line.rstrip().endswith(".") and len(_without_times(text).split()) > 6


def end_of(text: str) -> datetime | None:
    """The moment that a text names, in UTC; the latest, where it names several.

    Returns:
        ``None``: a date with its year, a clock or a zone is missing, the weekday isn't that of the
        date, or no calendar has it.
    """
    days: list[datetime] = []
    rest = text
    for form in _DATES:
        for found in form.finditer(rest):
            day = _day(found)
            if day is None:
                return None
            days.append(day)
        rest = form.sub(" ", rest)
    clocks = [_clock(found) for found in _CLOCK.finditer(rest)]
    known = [clock for clock in clocks if clock is not None]
    if not days or not known or len(known) < len(clocks):
        return None
    stated = {_DAYS.index(found[1].lower()[:3]) for found in _WEEKDAY.finditer(rest)}
    if stated and not any(day.weekday() in stated for day in days):
        return None
    return max(day + clock for day in days for clock in known)


def _day(found: re.Match[str]) -> datetime | None:
    month = found["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    day = int(found["day"])
    if "/" in found[0] and day <= 12 and day != number:
        return None  # 3/5/2027 is in March or in May
    if "/" in found[0] and number > 12:
        day, number = number, day
    year = int(found["year"])
    if not 1900 <= year < 9999:  # so that clock and zone stay within the calendar
        return None
    try:
        return datetime(year, number, day, tzinfo=UTC)
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> timedelta | None:
    """The time of day in UTC; ``None``: no clock shows it, or no zone is stated."""
    if found["zone"] is None:
        return None
    word = (found["word"] or "").lower()
    if word:
        # Midnight of a day may be its beginning or its end.
        hour, minute = (24, 0) if word == "midnight" else (12, 0)
    elif found["hour"]:
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    elif found["plain"]:
        hour, minute = int(found["plain"][:2]), int(found["plain"][2:])
    else:
        hour, minute = int(found["h24"]), int(found["m24"])
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return timedelta(hours=hour, minutes=minute) - _offset(found["zone"])


def _offset(zone: str) -> timedelta:
    if zone[0] in "+-":
        sign = -1 if zone[0] == "-" else 1
        return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timedelta(minutes=_ZONES[zone.lower()])
