"""The small lines between a page's name and its story: outlet, section, byline, date.

Each function looks at one line. Outlets and sections are the usual ones; others are recognised by
where they stand, in :mod:`newswire.formats.text`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from newswire.formats.base.clean import one_line

_OUTLETS = re.compile(
    r"(?:the )?(?:reuters|thomson reuters foundation|associated press|ap|ap news|afp|"
    r"agence france[- ]presse|dpa|efe|tass|xinhua|kyodo(?: news)?|pa(?: media)?|press association|"
    r"upi|aap|bbc(?: news| sport)?|cnn|sky news|itv news|nbc news|abc news|cbs news|fox news|"
    r"npr|pbs|al jazeera(?: english)?|"
    r"deutsche welle|dw|france 24|euronews|guardian|observer|independent|"
    r"times|sunday times|telegraph|daily mail|mirror|sun|evening standard|financial times|"
    r"economist|new york times|washington post|wall street journal|"
    r"los angeles times|usa today|bloomberg|"
    r"politico|axios|vox|time|newsweek|forbes|fortune|atlantic|conversation|verge|wired|"
    r"globe and mail|toronto star|cbc(?: news)?|sydney morning herald|age|straits times|hindu|"
    r"times of india|japan times|south china morning post|irish times|scotsman|le monde|el país|"
    r"der spiegel|the star|kyiv independent|moscow times)"
    r"(?: ?[-–|] ?\w+(?: \w+){0,2}| (?:uk|us|usa|australia|international))?",
    re.IGNORECASE,
)
_SECTIONS = re.compile(
    r"(?:(?:top |latest |breaking |uk |us |world |local |national |international )?news|politics|"
    r"(?:uk |us )?(?:world|business|economy|markets?|finance|money|tech(?:nology)?|science|health|"
    r"sports?|football|entertainment|culture|arts?|lifestyle|life|environment|climate|energy|"
    r"education|travel|opinion|comment|analysis|society|law|crime|media|food|style|fashion|music|"
    r"film|books|tv|"
    r"weather|defen[cs]e|security|religion|royals?|elections?)|"
    r"(?:uk|us|eu|australia|europe|middle east|asia(?:[- ]pacific)?|africa|americas?|latin america|"
    r"russia|ukraine|china|india|canada|united (?:states|kingdom)|global)(?: (?:news|politics))?)"
    r"(?: ?[/|›»>] ?[\w &'-]{2,30}| (?:&|and) \w+)*",
    re.IGNORECASE,
)


def is_outlet(line: str) -> bool:
    """The name of a well-known agency or publisher, and nothing else."""
    return len(line) <= 60 and _OUTLETS.fullmatch(line) is not None


def is_section(line: str) -> bool:
    """The name of a usual section, and nothing else."""
    return len(line) <= 60 and _SECTIONS.fullmatch(line) is not None


_NAME_WORD = r"(?:[A-ZÀ-ÖØ-Þ][\w.'’-]*|de|del|della|di|da|van|von|der|den|bin|al|el|la|le)"
_NAME = rf"[A-ZÀ-ÖØ-Þ][\w.'’-]*(?: {_NAME_WORD}){{0,4}}"
_NAMES = rf"{_NAME}(?:(?:, and | and |, | & |; ){_NAME})*"
_TITLE = (
    r"(?:[\w-]+ ){0,4}(?:correspondent|editor|reporter|writer|staff|bureau|agencies|analyst|"
    r"columnist|producer|journalist|chief)"
)
_TAIL = (
    rf"(?: (?:in|for|at|from) (?:the )?{_NAME}(?:(?:, | and ){_NAME})*)?"
    rf"(?: {_TITLE}|(?:,| [|/–—-]| and) (?:{_TITLE}|{_NAME})){{0,3}}"
)
_BYLINE = re.compile(rf"(?:By|BY|by|Von|Por|Par|Di)[: ] ?{_NAMES}{_TAIL}", re.UNICODE)
_PERSON = re.compile(rf"{_NAME_WORD}(?: {_NAME_WORD}){{1,3}}(?:(?:, | and ){_NAME})*{_TAIL}")
_JOB = re.compile(rf"(?:the )?{_TITLE}(?:,? (?:in )?{_NAME})?|@\w+", re.IGNORECASE)


def is_byline(line: str) -> bool:
    """A line that begins with "By" and goes on with names only."""
    return len(line) <= 160 and _BYLINE.fullmatch(line) is not None


def is_person(line: str) -> bool:
    """A line that may be a byline without its "By": where it stands has to decide."""
    return len(line) <= 100 and line[:1].isupper() and _PERSON.fullmatch(line) is not None


def is_job(line: str) -> bool:
    """What an author is ("Political correspondent"), or the author's handle."""
    return len(line) <= 60 and _JOB.fullmatch(line) is not None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE_BEFORE = (
    r"(?:(?:first |last )?(?:published|updated|posted|modified|issued|created)(?: (?:on|at))?:? ?)?"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? ?)?"
)
_MONTH_NAME = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_TIME = (
    r"(?:,? ?(?:at |- |[|·•] ?)?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::\d{2})? ?"
    r"(?P<half>[ap]\.?m\.?)? ?(?P<zone>gmt|utc|z|bst|est|edt|et|cet|cest|msk|[+-]\d{2}:?\d{2})?)?"
)
_STAMPS = tuple(
    re.compile(_DATE_BEFORE + day + _TIME + r"(?: ?[|·•(].{0,60})?", re.IGNORECASE)
    for day in (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH_NAME},? (?P<year>\d{{4}})",
        rf"{_MONTH_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})T?",
    )
)
_OFFSETS = {"bst": 60, "est": -300, "edt": -240, "cet": 60, "cest": 120, "msk": 180}
_RELATIVE = re.compile(
    _DATE_BEFORE
    + r"(?:\d+|an?|one|two|three|few) ?(?:s|m|min|mins|minutes?|h|hr|hrs|hours?|d|days?|weeks?|"
    r"months?|years?) (?:ago|read)(?: ?[|·•].{0,40})?|(?:yesterday|today|just now)(?: at .{1,12})?|"
    r"\d+[ -]min(?:ute)?s?[ -]read",
    re.IGNORECASE,
)


def is_age(line: str) -> bool:
    """A date that can't be known later ("2 hours ago"), or a reading time."""
    return len(line) <= 60 and _RELATIVE.fullmatch(line) is not None


def stamp(line: str) -> tuple[datetime, bool] | None:
    """The date in a line that is nothing but a date, in UTC, and whether its zone was stated."""
    text = one_line(line)
    found = next(filter(None, (form.fullmatch(text) for form in _STAMPS)), None)
    if found is None or len(text) > 100:
        return None
    month = found["month"].lower()[:3]
    hour = int(found["hour"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
    try:
        moment = datetime(
            int(found["year"]),
            int(month) if month.isdigit() else _MONTHS.index(month) + 1,
            int(found["day"]),
            hour,
            int(found["minute"] or 0),
            tzinfo=UTC,
        )
        zone = (found["zone"] or "").lower()
        offset = _offset(zone)
        return moment - (offset or timedelta()), offset is not None
    except (ValueError, OverflowError):
        return None


def _offset(zone: str) -> timedelta | None:
    """What a zone is ahead of UTC; ``None``: not stated, or its summer time is open ("ET")."""
    if zone in {"gmt", "utc", "z"}:
        return timedelta()
    if zone[:1] in {"+", "-"}:
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        return (1 if zone[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes)
    return timedelta(minutes=_OFFSETS[zone]) if zone in _OFFSETS else None
