"""Agency text without any frame, of the kinds that begin in a way of their own.

- Press releases (AsiaNet): ``Source:``, ``MEDIA RELEASE`` and a number, the headline, a dateline.
- Warnings of the Australian Bureau of Meteorology: a product's number, routing, the title.
- Racing results: fields between unit separators, or columns between bars, under a line with the
  meeting.
- A ticker: headlines between asterisks.
- Whatever else its agency signs in its last line: the headline above the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from newswire.errors import NoArticle, NoHeadline
from newswire.formats.base.clean import SENTENCE_END, one_line
from newswire.formats.base.document import Document, Entries
from newswire.formats.desk import signals
from newswire.formats.lines import wirecopy
from newswire.formats.lines.dates import without_zone
from newswire.formats.wire import openings
from newswire.formats.wire.text import (
    controlled_text,
    lineage,
    moment,
    month,
    paragraphs,
    read_dateline,
    take_service_line,
)
from newswire.stories.draft import Draft
from newswire.stories.model import Block

_NUMBER_OF_RELEASE = re.compile(r"MEDIA RELEASE (\w+)", re.IGNORECASE)
_ISSUED = re.compile(
    r"at (?P<clock>\d{4}) ?(?P<zone>UTC|GMT) (?P<day>\d{1,2}) (?P<month>[A-Za-z]{3,9}) "
    r"(?P<year>\d{4})",
    re.IGNORECASE,
)
_ROUTING = re.compile(r"[\d:.A-Z]+|SECURITE|PAN-?PAN")
_FLAG = re.compile(r"[YN]?")
_LABEL = re.compile(r"[A-Z]{2,10}: ")
_LONGEST_HEADLINE = 200
_SEPARATED = re.compile(r"\s\*\*+\s?")


def parse(document: Document) -> Entries:
    """Read the one story of a text.

    Raises:
        NoArticle, NoHeadline: nothing in it is one.
    """
    text = controlled_text(document)
    read = next((read for opening, read in _KINDS if opening.match(text)), _signed)
    draft = Draft()
    lines = text.strip("\n").split("\n")
    take_service_line(draft, lines)
    read(draft, lines)
    if not draft.headline:
        raise NoHeadline("agency text without a headline", "its first line must be one")
    if not draft.body:
        raise NoArticle("nothing under the headline")
    signals.apply(draft)
    read_dateline(draft)
    wirecopy.apply(draft, keep=True)
    return Entries([draft])


def _release(draft: Draft, lines: list[str]) -> None:
    """``Source: Somebody``, ``MEDIA RELEASE PR123``, the headline down to a blank line."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    source, number, rest = lines[filled[0]], lines[filled[1]], lines[filled[1] + 1 :]
    draft.provider = one_line(source.partition(":")[2]) or None
    found = _NUMBER_OF_RELEASE.search(number)
    draft.id = found[1] if found else None
    end = next((i for i, line in enumerate(rest) if i and not line.strip()), len(rest))
    draft.headline = one_line(" ".join(rest[:end])) or None
    draft.body = paragraphs(rest[end:])
    draft.extra["genre"] = "press release"


def _warning(draft: Draft, lines: list[str]) -> None:
    """The product's number, routing, title, and when it was issued; each is issued many times."""
    product, *rest = [line.rstrip() for line in lines]
    while rest and (not rest[0] or _ROUTING.fullmatch(rest[0])):
        rest.pop(0)
    draft.id = product.strip()
    draft.headline = one_line(rest.pop(0)) if rest else None
    issued = next(filter(None, map(_ISSUED.match, rest[:6])), None)
    number = month(issued["month"]) if issued else None
    if issued and number:
        stated = moment(issued["year"], number, issued["day"], issued["clock"], issued["zone"])
        draft.version_created = stated[0] if stated else None
    draft.body = paragraphs(rest)
    sent = draft.version_created
    name = f"{draft.id}-{sent:%H%M}" if sent else product
    draft.lineage = lineage("bom", name, sent, draft.body)


def _results(draft: Draft, lines: list[str]) -> None:
    """Meeting, race, flags, state and weekday between unit separators; the text below."""
    fields = [one_line(field) for field in lines[0].strip("\x01\x02 ").split("\x1f")]
    named = [field for field in fields if not _FLAG.fullmatch(field)]
    draft.headline = _LABEL.sub("", " ".join(named)) or None
    draft.body = paragraphs(lines[1:])


def _columns(draft: Draft, lines: list[str]) -> None:
    """A line with meeting and day; columns between bars."""
    draft.headline = one_line(lines[0])
    rows = ["\t".join(map(one_line, line.split("|"))).rstrip("\t") for line in lines[1:]]
    rows = [row for row in rows if row.strip()]
    draft.body = [Block(kind="table", text="\n".join(rows))] if rows else []
    day = re.search(r"(\d{1,2}) ([A-Z][a-z]{2,8}) (\d{4})", draft.headline)
    number = month(day[2]) if day else None
    stated = moment(day[3], number, day[1], "0000", None) if day and number else None
    if stated is not None:
        draft.version_created = stated[0]
        without_zone(draft, "version_created")


def _ticker(draft: Draft, lines: list[str]) -> None:
    """The first headline is the story's, as on the screen; each is a paragraph."""
    items = [item for part in _SEPARATED.split(" ".join(lines)) if (item := one_line(part))]
    draft.headline = items[0]
    draft.body = [Block(text=item) for item in items]
    draft.extra["genre"] = "ticker"


def _signed(draft: Draft, lines: list[str]) -> None:
    """The first line is the headline, unless it is a sentence of the text."""
    first = next((i for i, line in enumerate(lines) if line.strip("\x01\x02 \t")), 0)
    headline = one_line(lines[first])
    if len(headline) <= _LONGEST_HEADLINE and not SENTENCE_END.search(headline):
        draft.headline = headline or None
        draft.body = paragraphs(lines[first + 1 :])


_Reader = Callable[[Draft, list[str]], None]
_KINDS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (openings.PRESS_RELEASE, _release),
    (openings.WEATHER_WARNING, _warning),
    (openings.RACE_RESULTS, _results),
    (openings.RACE_COLUMNS, _columns),
    (openings.TICKER, _ticker),
)
