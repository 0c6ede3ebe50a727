"""IPTC 7901, the text wire of dpa, AFP, ATS, Ritzau, Belga and others.

    SOH eca062 4 i 211  dpa 061        source and number, priority, category, words, routing
        Germany-politics/              slugline
    STX 2ND LEAD                       take keys
        Headline, on one or two lines
        By Somebody =                  byline; "=" ends this block
        Text, paragraphs between blank lines
    ETX 131137 GMT Nov 13 EOT          day, hour and minute; month; year

The control characters get lost where a transmission has passed through mail; the header line is
what it is known by then.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from newswire.errors import MalformedInput, NoArticle
from newswire.formats.base.clean import one_line
from newswire.formats.base.document import Document, Entries
from newswire.formats.desk import signals
from newswire.formats.lines import wirecopy
from newswire.formats.lines.dates import without_zone
from newswire.formats.lines.line import Line
from newswire.formats.wire.openings import IPTC_7901_HEADER
from newswire.formats.wire.text import (
    ETX,
    STX,
    controlled_text,
    frames,
    headline_of_alert,
    is_full,
    lineage,
    moment,
    month,
    paragraphs,
    read_dateline,
    read_each,
    take_signature,
)
from newswire.stories.draft import Draft
from newswire.stories.model import PubStatus, Subject

_HEADER = re.compile(rf"^{IPTC_7901_HEADER}$", re.MULTILINE)
_TRAILER = re.compile(
    r"(?P<day>\d{2})(?P<clock>\d{4})(?: (?P<zone>GMT|UTC|Z|MEZ|MESZ|CET|CEST))?"
    r" (?P<month>[^\W\d_]{3,9})\.? (?P<year>\d{4}|\d{2})",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|von|par|por|di)\s+\S", re.IGNORECASE)
_KILL = re.compile(
    r"\b(?:kill|withdrawal|withdrawn|storno|annulation|annul(?:[ée]e?|er)"
    r"|zurück(?:ge|zu)?z(?:og|ieh)en)\b",
    re.IGNORECASE,
)
_KILL_AS_HEADLINE = re.compile(r"(?:(?:BULLETIN|MANDATORY|URGENT) )?KILL\b")
_REPLACES = re.compile(
    r"\bannule et remplace\b|\bannulla e sostituisce\b|\banula y (?:sustituye|reemplaza)\b"
    r"|\bersetzt\b|\bkill and replace\b",
    re.IGNORECASE,
)
"""A kill that has the copy that is to stand instead."""
_SLUG = re.compile(r"/?[^\s/][^/\n]*(?:/[^/\n]+)*/|/[^\n]+")
_MOST_LINES = 12
"""Lines of slug, take keys, headline and byline."""


def parse(document: Document) -> Entries:
    """Read every transmission of a file.

    Raises:
        MalformedInput, NoArticle: there is one only, and no story in it.
        InputTooLarge: more transmissions than any file has.
    """
    entries = read_each(frames(controlled_text(document), _HEADER), _read)
    entries.drafts.extend([old for one in entries.drafts if (old := _replaced(one))])
    return entries


def _replaced(draft: Draft) -> Draft | None:
    """The kill of the transmission that a story replaces, if it does."""
    number, own = draft.extra.get("replaces"), draft.id
    if not isinstance(number, str) or own is None or draft.lineage is None:
        return None
    name = draft.lineage.removesuffix(own) + number
    return replace(draft, id=number, lineage=name, pub_status=PubStatus.CANCELED, body=[], extra={})


def _read(frame: str) -> Draft:
    header = _HEADER.match(frame)
    if header is None:
        raise MalformedInput(
            f"no IPTC 7901 header: {one_line(frame[:60])!r}", "it reads like 'abc012 4 i 211'"
        )
    draft = Draft(
        id=f"{header['source']}{header['number']}",
        urgency=int(header["priority"]),
        subjects=[Subject(qcode=header["category"])],
        extra={"priority": header["priority"], "words": int(header["words"])},
    )
    routing = one_line(header["routing"])
    if routing:
        draft.extra["routing"] = routing
    copy, _, trailer = frame[header.end() :].partition(ETX)
    lines = copy.split("\n")
    if not trailer:
        trailer = _take_trailer(lines)
    body = _read_top(draft, lines)
    draft.body = paragraphs(line.replace(STX, "") for line in lines[body:])
    if not draft.body:
        raise NoArticle("a transmission without text under its headline")
    _set_date(draft, trailer)
    agency = _service(routing) or "iptc7901"
    killed = _killed(header["source"], header["number"], draft)
    day = draft.version_created
    headline, take = draft.headline or "", str(draft.extra.get("take", ""))
    # Of a headline's words only what is said of a number is the desk's.
    told = headline if killed and _names(headline, killed) else ""
    if _REPLACES.search(f"{take}\n{told}"):
        if killed:
            draft.extra["replaces"] = killed
    elif _KILL.search(f"{take}\n{told}") or (killed and _KILL_AS_HEADLINE.match(headline)):
        draft.pub_status = PubStatus.CANCELED
        if killed:
            draft.id = killed
            if day and int(killed[len(header["source"]) :]) > int(header["number"]):
                # Numbers begin anew each day: a higher one is of the day before.
                day -= timedelta(days=1)
    draft.lineage = lineage(agency, draft.id or "", day, draft.body)
    take_signature(draft)
    signals.apply(draft)
    read_dateline(draft)
    wirecopy.apply(draft, keep=True)
    take_signature(draft)
    draft.provider = draft.provider or _service(routing)
    headline_of_alert(draft)
    return draft


def _killed(source: str, number: str, draft: Draft) -> str | None:
    """The transmission that a kill withdraws: the first other number in it."""
    said = "\n".join([draft.headline or "", *(block.text for block in draft.body)])
    named = re.finditer(rf"\b{source}[ -]?(\d{{{len(number)}}})\b", said, re.IGNORECASE)
    return next((f"{source}{found[1]}" for found in named if found[1] != number), None)


def _names(headline: str, number: str) -> bool:
    return number.casefold() in re.sub(r"[ -]", "", headline).casefold()


def _take_trailer(lines: list[str]) -> str:
    """The trailer where its ETX is lost: the last line, taken off."""
    last = max((i for i, line in enumerate(lines) if line.strip("\x7f \t")), default=-1)
    if last >= 0 and _TRAILER.fullmatch(lines[last].strip("\x7f \t")):
        return lines.pop(last)
    return ""


def _read_top(draft: Draft, lines: list[str]) -> int:
    """Read slug, take keys, headline and byline; returns the index of the first line below."""
    start = next((i for i, line in enumerate(lines[:_MOST_LINES]) if STX in line), None)
    above = [one_line(line) for line in lines[: start or 0]]
    block: list[str] = []
    end = start or 0
    for index in range(start or 0, min(len(lines), (start or 0) + _MOST_LINES)):
        line = one_line(lines[index])
        if line:
            block.append(line.rstrip("=+ "))
            end = index + 1
        if line.endswith(("=", "+")):
            break
        if not line and block and not (start is None and len(block) == 1):
            # No "=": the block ends with the blank line, unless it was but the slug's.
            break
    if start is None and block and len(block) > 1 and _SLUG.fullmatch(block[0]):
        above.append(block.pop(0))
    slug = " ".join(filter(None, above)).strip("/ ")
    draft.slugline = slug or None
    _read_block(draft, [line for line in block if line])
    return end


def _read_block(draft: Draft, block: list[str]) -> None:
    found = signals.sift([Line(line, apart=False) for line in block])
    found.mark(draft)
    block = [block[index] for index in found.kept]
    if len(block) > 1 and _BYLINE.match(block[-1]):
        draft.byline = block.pop()
    if not block:
        return
    # A headline goes on where its last word had no room; shorter lines above are keys of the take.
    first = len(block) - 1
    while first and is_full(block[first - 1], block[first]):
        first -= 1
    draft.headline = " ".join(block[first:])
    if first:
        draft.extra["take"] = " ".join(block[:first])


def _set_date(draft: Draft, trailer: str) -> None:
    stated = _TRAILER.search(one_line(trailer))
    number = month(stated["month"]) if stated else None
    if stated is None or number is None:
        return
    found = moment(stated["year"], number, stated["day"], stated["clock"], stated["zone"])
    if found is None:
        return
    draft.version_created = found[0]
    if not found[1]:
        without_zone(draft, "version_created")


def _service(routing: str) -> str | None:
    """The agency's service before the running number, as in ``ccccb dpa 061``."""
    found = re.search(r"([^\W\d_][\w-]*) \d+$", routing)
    return found[1] if found else None
