"""What stands above the body of a text: offers, outlet, section, byline, date, headline, caption.

They stand in any order. The headline is the line among them that looks most like one; what the
others are is said by their form, or by what stands before them.
"""

from __future__ import annotations

import re
from datetime import datetime

from newswire.errors import NoHeadline
from newswire.formats.base.clean import SENTENCE_END
from newswire.formats.lines import aggregator, furniture
from newswire.formats.lines.dates import without_zone
from newswire.formats.lines.line import Line
from newswire.formats.pasted.captions import Pictures
from newswire.stories.draft import Draft


def first_prose(lines: list[Line]) -> int | None:
    """The index of the first prose of the story, or of its first sentence; ``None``: neither."""
    prose = next((index for index, line in enumerate(lines) if line.is_prose), None)
    if prose is None:
        prose = next((i for i, line in enumerate(lines) if i and line.is_sentence), None)
    return None if prose is None else _behind_standfirst(lines, prose)


def _behind_standfirst(lines: list[Line], prose: int) -> int:
    """The next prose, where what was found stands above the byline or the date of its story."""
    for index in range(prose + 1, min(prose + 8, len(lines))):
        text = lines[index].text
        if lines[index].is_prose:
            return prose
        if furniture.is_byline(text) or furniture.stamp(text) or _is_outlet(lines, index):
            following = range(index + 1, len(lines))
            return next((i for i in following if lines[i].is_prose), prose)
    return prose


def _is_outlet(lines: list[Line], index: int) -> bool:
    """A known outlet, or a short line that stands twice, one under the other."""
    text = lines[index].text
    if furniture.is_outlet(text):
        return True
    around = [lines[i].text for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return text in around and len(text.split()) <= 6 and not SENTENCE_END.search(text)


def find_headline(lines: list[Line], prose: int) -> int:
    """The index of the headline.

    Args:
        lines: the text.
        prose: the index of its first prose.

    Raises:
        NoHeadline: the text begins with its body.
    """
    outlets = [i for i in range(prose) if _is_outlet(lines, i)]
    candidates = [i for i in range(prose) if _may_be_headline(lines, i)]
    under = [i for i in candidates if outlets and i > outlets[-1]]
    scored = [(_score(lines, i), -i) for i in under or candidates]
    if scored:
        return -max(scored)[1]
    first = lines[prose].text
    # A headline may be a question or an outcry, never a statement with its full stop.
    if first[-1] in "?!" and len(first) <= 150 and prose + 1 < len(lines):
        return prose
    raise NoHeadline("a text without a headline", "its first line must be one")


def _may_be_headline(lines: list[Line], index: int) -> bool:
    line = lines[index]
    return (
        len(line.text) <= 250
        and (len(line.text.split()) >= 3 or len(line.text) >= 15)
        and not line.text.endswith((".", ":", ","))
        and not line.is_furniture
        and not _is_outlet(lines, index)
        and not furniture.is_section(line.text)
        and not furniture.is_job(line.text)
    )


def _score(lines: list[Line], index: int) -> int:
    """How much a line looks like a headline: its length, and that it stands apart."""
    words = len(lines[index].text.split())
    apart = lines[index].apart or index == 0
    followed = index + 1 >= len(lines) or lines[index + 1].apart
    return 2 * (5 <= words <= 30) + apart * followed - 2 * furniture.is_person(lines[index].text)


def read_top(draft: Draft, lines: list[Line], headline: int, prose: int) -> bool:
    """Outlet, section, byline, date, caption; whether this is a copied page."""
    pasted = False
    previous = ""
    pictures = Pictures(draft)
    for index, line in enumerate(lines[:prose]):
        text = line.text
        if index == headline:
            previous = "headline"
            continue
        if aggregator.is_chrome(text):
            pasted, previous = True, "chrome"
        elif _is_outlet(lines, index):
            draft.provider = draft.provider or text
            pasted, previous = True, "outlet"
        elif furniture.is_byline(text):
            draft.byline, previous = draft.byline or text, "byline"
        elif found := furniture.stamp(text):
            _set_date(draft, text, *found)
            previous = "date"
        elif furniture.is_age(text) or (previous == "byline" and furniture.is_job(text)):
            continue
        elif pictures.take(text):
            previous = "caption"
        elif draft.section is None and _is_section(text, previous):
            draft.section, previous = text, "section"
        elif (
            draft.byline is None
            and previous in {"outlet", "section", "headline"}
            and furniture.is_person(text)
        ):
            draft.byline, previous = text, "byline"
        elif index > headline and len(text.split()) >= 5 and not line.is_sentence:
            draft.extra.setdefault("standfirst", text)
    return pasted


def _is_section(text: str, previous: str) -> bool:
    if furniture.is_section(text):
        return True
    # Right under the outlet one capitalised word is a section, known or not.
    return previous == "outlet" and re.fullmatch(r"[A-ZÀ-ÖØ-Þ][\w-]+", text) is not None


def _set_date(draft: Draft, line: str, moment: datetime, zoned: bool) -> None:
    field = "version_created"
    if re.match(r"(?:first )?(?:published|posted|issued|created)", line, re.IGNORECASE):
        field = "first_created"
    if getattr(draft, field) is None:
        setattr(draft, field, moment)
        if not zoned:
            without_zone(draft, field)
