"""Text: as copied from an aggregator's page, or plain.

Such a copy has three parts. The *top*: offers of the page, the outlet (often twice), a section, a
byline, a date, the headline, the caption of the picture, in any order. The *body*. The *bottom*:
the sign-off of the agency, then more offers and other stories. Nothing marks where one ends but the
lines themselves: the body begins with the first sentence under the headline, and ends with the
sign-off, or else where the page begins to speak of something else.

    text -> lines -> without the desk's lines -> top | body | dropped
"""

from __future__ import annotations

from newswire.errors import InputTooLarge, NoArticle
from newswire.formats.base.document import Document, Entries
from newswire.formats.desk import signals
from newswire.formats.lines import agencies, stock, wirecopy
from newswire.formats.lines.line import read_lines
from newswire.formats.pasted.body import read_body, trim
from newswire.formats.pasted.top import find_headline, first_prose, read_top
from newswire.stories.draft import Draft

_PAGE_CHARS = 100_000
"""Room for what a page adds around a story."""
_MOST_LINES = 50_000
"""A story of a million characters, broken at 60, has 17,000. A line takes up to 0.1 ms."""


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
    lines = read_lines(document.text)
    if len(lines) > _MOST_LINES:
        raise InputTooLarge(
            f"a text of {len(lines):,} lines, over the limit of {_MOST_LINES:,} for one story",
            "no story has as many: a list or a table is no article",
        )
    sifted = signals.sift(lines)
    lines = [lines[index] for index in sifted.kept]
    prose = first_prose(lines)
    if prose is None:
        raise NoArticle("a text without a sentence in it", "a story needs a headline and a body")
    draft = Draft()
    sifted.mark(draft)
    headline = find_headline(lines, prose)
    draft.headline = lines[headline].text
    pasted = read_top(draft, lines, headline, prose)
    body = next(
        (i for i in range(headline + 1, prose) if lines[i].is_sentence),
        max(prose, headline + 1),
    )
    pasted = read_body(draft, lines, body) or pasted
    if pasted:
        trim(draft)
    wirecopy.apply(draft)
    below = (line.text for line in lines[body:] if stock.is_notice(line.text))
    agencies.attribute(draft, notices=below)
    if not draft.body:
        raise NoArticle("nothing under the headline is a sentence")
    return Entries([draft])
