"""How the text wires begin: the patterns by which they are told from each other, and from text.

Control characters count. They get lost in mail and in editors, so the header line alone is enough.
"""

from __future__ import annotations

import re

from newswire.formats.base.sniff import LOOKED_AT, Opening

_FILLING = r"[\x00\x16\x7f\s]*"

IPTC_7901_HEADER = (
    r"(?P<source>[A-Za-z]{2,4})(?P<number>\d{2,6})[ ]+(?P<priority>[1-9])[ ]+"
    r"(?P<category>[A-Za-z]{1,4})[ ]+(?P<words>\d{1,5})(?![\w.,:])"
    r"(?![^\r\n]{0,80}[.!?] *[\r\n])(?P<routing>[^\r\n\x01-\x04]{0,80})"
)
"""``eca062 4 i 211  dpa 061``; what ends as a sentence is one."""
IPTC_7901 = re.compile(rf"{_FILLING}\x01?\s*{IPTC_7901_HEADER}[\r\n]")

ANPA_1312_HEADER = (
    r"(?P<service>[A-Za-z])(?P<number>\d{3,4})(?P<agency>[A-Z]{0,10})\x1f?(?P<selector>[\w+*-]{0,12})"
    r"[ ]*\r?\n(?P<priority>[a-z])[ ]*(?P<category>[a-z])[ ]*(?P<format>[\x11-\x14]{0,2})[ ]*"
    r"(?P<keyword>[^\r\n\x01-\x04]{1,60}?)[ ]*"
    r"(?P<date>\d\d-\d\d)[ ]*(?P<words>\d{4})?[ ]*(?=[\r\n])"
)
"""``W2870 US asian``, and on the next line ``f l DC3 DC1 BC-LT--Slug 1stLd   11-13 1049``."""
ANPA_1312 = re.compile(rf"{_FILLING}\x01?\s*{ANPA_1312_HEADER}")

ZCZC = re.compile(rf"{_FILLING}\x01?\s*ZCZC(?![A-Za-z])", re.IGNORECASE)

_NL = r"\r?\n"
PRESS_RELEASE = re.compile(
    rf"\s*(?i:Source: [^\r\n]{{2,120}}{_NL}\s*MEDIA RELEASE [A-Z]{{1,4}}\d+)"
)
WEATHER_WARNING = re.compile(rf"\s*ID[A-Z]\d{{5}}[ ]*{_NL}")
RACE_RESULTS = re.compile(rf"\s*\x01[^\x1f\r\n]{{2,80}}(?:\x1f[^\x1f\r\n]{{0,40}}){{3,8}}{_NL}")
RACE_COLUMNS = re.compile(
    rf"[^\r\n|]{{5,80}}{_NL}[A-Z0-9/]{{1,6}}(?:\|[A-Z0-9/]{{1,6}}){{3,20}}{_NL}"
)
TICKER = re.compile(r"\s*(?:[^\r\n*]{10,150}[ ]\*\*+[ ]){2}[^\r\n*]{10,150}[ ]\*\*+\s")
_KINDS = (PRESS_RELEASE, WEATHER_WARNING, RACE_RESULTS, RACE_COLUMNS, TICKER)
_SIGNED = re.compile(
    r"\n[ \t]*(?:AAP|AFP|ANP|ANSA|AP|APA|CP|DPA|EFE|MTI|NTB|NZN|NZPA|PA|STT|TT|UPI)"
    r"(?: [A-Z]{2,12})?[\s\x00-\x1f]*(?:N{4}\s*)?$"
)
_LONGEST_SIGNATURE = 100


def is_agency_text(beginning: Opening) -> str | None:
    """A matcher of unframed copy: it begins as one of the kinds does, or its agency signs it."""
    begins = any(kind.match(beginning.wire) for kind in _KINDS)
    whole = len(beginning.wire) < LOOKED_AT
    signed = whole and _SIGNED.search(beginning.wire[-_LONGEST_SIGNATURE:])
    return "text/plain" if begins or (signed and beginning.root is None) else None


_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60}):[^\n]*\n(?:[ \t][^\n]*\n)*")
_SENT_BY = frozenset(("from", "return-path", "sender"))
_SENT_AS = frozenset(("message-id", "mime-version", "received", "date", "content-type"))
_MOST_FIELDS = 80


def begins_as_mail(text: str) -> bool:
    """Whether a text begins with the header of a mail: who sent it, and how or when.

    Trace fields may fill more than what is looked at.
    """
    start = re.match(r"\s*(?:From [^\n]*\n)?", text)
    place = start.end() if start else 0
    names: set[str] = set()
    for _ in range(_MOST_FIELDS):
        found = _FIELD.match(text, place)
        if found is None:
            break
        names.add(found[1].lower())
        place = found.end()
    return len(names) >= 3 and not (names.isdisjoint(_SENT_BY) or names.isdisjoint(_SENT_AS))


def is_mail(beginning: Opening) -> str | None:
    """A matcher of e-mail as it is transmitted and kept (RFC 5322)."""
    return "message/rfc822" if begins_as_mail(beginning.wire) else None
