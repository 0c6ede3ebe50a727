"""Text: as copied from an aggregator's page, or plain.

Such a copy has three parts. The *top*: offers of the page, the outlet (often twice), a section, a
byline, a date, the headline, the caption of the picture, in any order. The *body*. The *bottom*:
the sign-off of the agency, then more offers and other stories. Nothing marks where one ends but the
lines themselves: the body begins with the first sentence under the headline, and ends with the
sign-off, or else where the page begins to speak of something else.

    lines -> top | rest -> headline, outlet, ... ; rest -> body | captions | dropped
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from newswire.errors import InputTooLarge, NoArticle, NoHeadline
from newswire.formats import aggregator, furniture, wirecopy
from newswire.formats.clean import SENTENCE_END, one_line
from newswire.formats.dates import without_zone
from newswire.formats.document import Document, Entries
from newswire.stories.draft import Draft
from newswire.stories.model import Block, Caption

_PROSE_CHARS = 60
"""From this length a line that ends as a sentence is prose; headlines don't end so."""
_PAGE_CHARS = 100_000
"""Room for what a page adds around a story."""
_NEXT_LINES = 2
"""So many sentences right under an offer are the story going on."""
_DENSE_CHARS, _DENSE_LINES = 120, 3
"""So many paragraphs so long, one after the other, are the story again, not a list of others."""


@dataclass(frozen=True)
class _Line:
    text: str
    apart: bool
    """A blank line stands before it."""


def parse(document: Document) -> Entries:
    """Read one story out of a text.

    Raises:
        NoHeadline: no line stands above the text that could be its headline.
        NoArticle: no sentence in it.
        InputTooLarge: longer than any story may be.
    """
    if len(document.text) > document.max_chars + _PAGE_CHARS:
        raise InputTooLarge(
            f"a text of {len(document.text):,} characters, "
            f"over the limit of {document.max_chars:,} for one story",
            "raise NEWSWIRE_STORY_MAX_CHARS if such stories are wanted",
        )
    lines = _lines(document.text)
    prose = next((index for index, line in enumerate(lines) if _is_prose(line.text)), None)
    if prose is None:
        prose = next((i for i, line in enumerate(lines) if i and _is_sentence(line.text)), None)
    if prose is None:
        raise NoArticle("a text without a sentence in it", "a story needs a headline and a body")
    prose = _behind_standfirst(lines, prose)
    draft = Draft()
    headline = _headline(lines, prose)
    draft.headline = lines[headline].text
    pasted = _read_top(draft, lines, headline, prose)
    body = next(
        (i for i in range(headline + 1, prose) if _is_sentence(lines[i].text)),
        max(prose, headline + 1),
    )
    pasted = _read_body(draft, lines[body:]) or pasted
    if pasted:
        _trim(draft)
    wirecopy.apply(draft)
    if not draft.body:
        raise NoArticle(f"nothing under the headline {draft.headline[:60]!r} is a sentence")
    return Entries([draft])


# --- lines -------------------------------------------------------------------------------------


def _lines(text: str) -> list[_Line]:
    blocks = [
        [line for line in map(one_line, block.split("\n")) if line]
        for block in re.split(r"\n[^\S\n]*\n\s*", text)
    ]
    # Where one paragraph of three lines is broken at a fixed width, those of two lines are too.
    wrapped = any(len(lines) > 2 and _is_wrapped(lines) for lines in blocks)
    found: list[_Line] = []
    for lines in blocks:
        if len(lines) > (1 if wrapped else 2) and _is_wrapped(lines):
            lines = [" ".join(lines)]
        found.extend(_Line(line, apart=not index) for index, line in enumerate(lines))
    return found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines are one paragraph, broken at a fixed width as mail and old terminals do."""
    *full, last = lines
    if not full or len(last) > 100:
        return False
    broken = sum(not SENTENCE_END.search(line) for line in full)
    width = max(map(len, full))
    return 45 <= width <= 100 and min(map(len, full)) >= width - 20 and 2 * broken >= len(full)


def _is_sentence(line: str) -> bool:
    """A line that ends as a sentence and is nothing but running text."""
    return (
        SENTENCE_END.search(line) is not None
        # Some scripts have no spaces between words.
        and (len(line.split()) >= 3 or (" " not in line and len(line) >= 10))
        and not _is_furniture(line)
    )


def _is_prose(line: str) -> bool:
    return len(line) >= _PROSE_CHARS and _is_sentence(line)


def _is_furniture(line: str) -> bool:
    return (
        aggregator.is_chrome(line)
        or furniture.is_byline(line)
        or furniture.is_age(line)
        or furniture.stamp(line) is not None
        or wirecopy.caption(line) is not None
        or wirecopy.lone_credit(line) is not None
        or wirecopy.sign_off(line) is not None
    )


# --- the top -----------------------------------------------------------------------------------


def _behind_standfirst(lines: list[_Line], prose: int) -> int:
    """The next prose, where what was found stands above the byline or the date of its story."""
    for index in range(prose + 1, min(prose + 8, len(lines))):
        text = lines[index].text
        if _is_prose(text):
            return prose
        if furniture.is_byline(text) or furniture.stamp(text) or _is_outlet(lines, index):
            following = range(index + 1, len(lines))
            return next((i for i in following if _is_prose(lines[i].text)), prose)
    return prose


def _is_outlet(lines: list[_Line], index: int) -> bool:
    """A known outlet, or a short line that stands twice, one under the other."""
    text = lines[index].text
    if furniture.is_outlet(text):
        return True
    around = [lines[i].text for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return text in around and len(text.split()) <= 6 and not SENTENCE_END.search(text)


def _headline(lines: list[_Line], prose: int) -> int:
    """The index of the headline.

    Raises:
        NoHeadline: the text begins with its body.
    """
    top = range(prose)
    outlets = [i for i in top if _is_outlet(lines, i)]
    candidates = [i for i in top if _may_be_headline(lines, i)]
    under = [i for i in candidates if outlets and i > outlets[-1]]
    scored = [(_score(lines, i), -i) for i in under or candidates]
    if scored:
        return -max(scored)[1]
    first = lines[prose].text
    # A headline may be a question or an outcry, never a statement with its full stop.
    if first[-1] in "?!" and len(first) <= 150 and prose + 1 < len(lines):
        return prose
    raise NoHeadline("a text without a headline", "its first line must be one")


def _may_be_headline(lines: list[_Line], index: int) -> bool:
    text = lines[index].text
    return (
        len(text) <= 250
        and (len(text.split()) >= 3 or len(text) >= 15)
        and not text.endswith((".", ":", ","))
        and not _is_furniture(text)
        and not _is_outlet(lines, index)
        and not furniture.is_section(text)
        and not furniture.is_job(text)
    )


def _score(lines: list[_Line], index: int) -> int:
    """How much a line looks like a headline: its length, and that it stands apart."""
    words = len(lines[index].text.split())
    apart = lines[index].apart or index == 0
    followed = index + 1 >= len(lines) or lines[index + 1].apart
    return 2 * (5 <= words <= 30) + apart * followed - 2 * furniture.is_person(lines[index].text)


def _read_top(draft: Draft, lines: list[_Line], headline: int, prose: int) -> bool:
    """Outlet, section, byline, date, caption; whether this is a copied page."""
    pasted = False
    previous = ""
    pictures = _Pictures(draft)
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
        elif index > headline and len(text.split()) >= 5 and not _is_sentence(text):
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


# --- the body ----------------------------------------------------------------------------------


def _read_body(draft: Draft, lines: list[_Line]) -> bool:
    """Body and captions up to the sign-off or the page's bottom; whether one was found."""
    signed = {i for i, line in enumerate(lines) if i and wirecopy.sign_off(line.text) is not None}
    last_sign_off = max(signed, default=-1)
    skipping = False
    pictures = _Pictures(draft)
    for index, line in enumerate(lines):
        text = line.text
        if index in signed:
            draft.body.append(Block(text=text))
            if index == last_sign_off:
                return True
        elif draft.body and (aggregator.is_offer(text) or aggregator.is_list_heading(text)):
            if index > last_sign_off and not _resumes(lines[index + 1 :]):
                return True
            # A box of other stories is skipped up to the next long paragraph; one offer isn't.
            skipping = not any(_is_sentence(line.text) for line in lines[index + 1 : index + 2])
        elif (
            aggregator.is_chrome(text)
            or furniture.is_age(text)
            or pictures.take(text)
            or (skipping and len(text) < _DENSE_CHARS)
        ):
            continue
        else:
            skipping = False
            draft.body.append(_block(draft, text, lines[index + 1 :]))
    return False


def _resumes(lines: list[_Line]) -> bool:
    """Whether the story goes on below an offer or a box of other stories.

    It does where the next lines are sentences (an offer in the midst of the body), or where further
    down paragraphs stand as only a story has them.
    """
    following = [line.text for line in lines[:_NEXT_LINES]]
    if len(following) == _NEXT_LINES and all(map(_is_sentence, following)):
        return True
    run = 0
    for line in lines:
        dense = len(line.text) >= _DENSE_CHARS and _is_sentence(line.text)
        run = run + 1 if dense else 0
        if run == _DENSE_LINES:
            return True
    return False


def _block(draft: Draft, text: str, following: list[_Line]) -> Block:
    """A crosshead stands between two sentences; whatever else stands there is a paragraph."""
    if not wirecopy.is_crosshead(text):
        return Block(text=text)
    after = next((line.text for line in following if not _is_furniture(line.text)), "")
    between = (
        bool(draft.body)
        and SENTENCE_END.search(draft.body[-1].text) is not None
        and (len(after.split()) >= 8 or _is_sentence(after))
    )
    return Block(kind="crosshead" if between else "paragraph", text=text)


class _Pictures:
    """Brings captions and the credits that stand on lines of their own together."""

    def __init__(self, draft: Draft) -> None:
        self._captions = draft.captions
        self._credit: str | None = None

    def take(self, line: str) -> bool:
        """Whether the line is a caption or a credit; it is kept then."""
        caption = wirecopy.caption(line)
        if caption is not None:
            if caption.credit is None and self._credit is not None:
                caption = Caption(text=caption.text, credit=self._credit)
            self._credit = None
            self._captions.append(caption)
            return True
        credit = wirecopy.lone_credit(line)
        if credit is None:
            return False
        if self._captions and self._captions[-1].credit is None:
            self._captions[-1] = Caption(text=self._captions[-1].text, credit=credit)
        else:
            # BBC's pages print the credit above its caption.
            self._credit = credit
        return True


def _trim(draft: Draft) -> None:
    """Take off what a page leaves at the end of a body: short lines that are no sentences."""
    while len(draft.body) > 1:
        last = draft.body[-1].text
        if (
            SENTENCE_END.search(last)
            or len(last.split()) > 12
            or wirecopy.sign_off(last) is not None
        ):
            return
        draft.body.pop()
