"""How the text wires begin: the patterns by which they are told from each other, and from text.

Control characters count. They get lost in mail and in editors, so the header line alone is enough.
"""

from __future__ import annotations

import re

_FILLING = r"[\x00\x16\x7f\s]*"

IPTC_7901_HEADER = (
    r"(?P<source>[A-Za-z]{2,4})(?P<number>\d{2,6})[ ]+(?P<priority>[1-9])[ ]+"
    r"(?P<category>[A-Za-z]{1,4})[ ]+(?P<words>\d{1,5})(?![\w.,:])"
    r"(?![^\r\n]{0,80}[.!?] *[\r\n])(?P<routing>[^\r\n\x01-\x04]{0,80})"
)
"""``eca062 4 i 211  dpa 061``; what ends as a sentence is one."""
IPTC_7901 = re.compile(rf"{_FILLING}\x01?\s*{IPTC_7901_HEADER}[\r\n]")

ANPA_1312_HEADER = (
    r"(?P<service>[A-Za-z])(?P<number>\d{3,4})(?P<agency>[A-Z]{0,10})\x1f?(?P<selector>[\w-]{0,12})"
    r"[ ]*\r?\n(?P<priority>[a-z])[ ]+(?P<category>[a-z])[ ]*(?P<format>[\x11-\x14]{0,2})[ ]*"
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
AGENCY_TEXT = re.compile(
    "|".join(
        form.pattern
        for form in (PRESS_RELEASE, WEATHER_WARNING, RACE_RESULTS, RACE_COLUMNS, TICKER)
    )
)

_FIELD = r"[A-Za-z][A-Za-z0-9-]{0,40}:[^\n]*\n(?:[ \t][^\n]*\n)*"
_OF_MAIL = (
    r"(?:From|Date|Subject|Received|Delivered-To|Return-Path|Message-ID|MIME-Version|To|"
    r"Content-Type|X-Received):"
)
MAIL = re.compile(
    rf"\s*(?:From [^\n]+\n)?(?=(?:{_FIELD}){{0,40}}(?i:Message-ID|MIME-Version|Received|Date):)"
    rf"(?=(?:{_FIELD}){{0,60}}(?i:From|Return-Path):)(?i:{_OF_MAIL})[^\n]*\n(?:[ \t][^\n]*\n)*"
    rf"{_FIELD}",
)
