"""The body of a page's story.

    page -> its captions apart -> regions that are none of the story out -> trafilatura
         -> standfirst back in -> what is printed in every story out -> blocks

trafilatura runs in its fast mode. What its slow mode gains by comparing with two other extractors,
taking the named regions out first gains in less time.
"""

from __future__ import annotations

import logging
import re
from html import unescape
from itertools import islice

import trafilatura
from lxml import etree, html

from newswire.errors import MalformedInput
from newswire.formats.lines import aggregator, furniture, stock, wirecopy
from newswire.formats.page import outline, regions
from newswire.formats.page import shown as pageshown
from newswire.formats.page.facts import Page
from newswire.formats.web import markup
from newswire.stories.draft import Draft
from newswire.stories.model import Block

# Their warnings tell of every page without an article; an error says it once, with its cause.
for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

EXTRACTORS_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
"""What trafilatura's heuristics raise on pages that they don't expect: the page is at fault."""

_ARTICLE_BODY_RATIO = 3
"""schema.org's articleBody is taken where it is so many times longer than what was extracted."""
_ESCAPED = re.compile(r"&lt;/?(?:p|br|div|span|strong|em|b|i|a|h\d)\b", re.IGNORECASE)
_LEAST_STATED, _LEAST_SHARED = 500, 0.2
"""A stated text so long is also taken where so few of its shingles, four words in a row, were
extracted: then something else was."""
_WORDS = re.compile(r"\w+")
_LEAST_SHARE = 0.3
"""Of the prose in the page's paragraphs; where less was extracted, the slow mode tries too."""
_LEAST_GAIN = 2
"""Times more text that the slow mode has to find, to be believed."""
_MOST_COMPARED = 10_000
"""Elements of a page up to which the slow mode runs: one of the extractors that it compares with,
justext, looks from each paragraph at all around it."""
_SHORT, _LABEL, _MOST_LABELS = 4_000, 40, 0.4
"""Below so many characters trafilatura retries with the whole page. Where so large a share of what
it takes then is shorter than a label may be, its strict mode tries too ..."""
_LEAST_KEPT = 0.5
"""... and counts where it keeps so much of the prose."""


def read(root: html.HtmlElement, page: Page, uri: str, draft: Draft) -> list[str]:
    """Read the story's blocks into a draft. The page has lost its captions, and loses more here.

    Args:
        root: the page.
        page: what it states.
        uri: where it was fetched.
        draft: its headline and captions are known; it gets a byline that stands above the body.

    Returns:
        Notices of rights and the like that stood in the body; they may name an agency.

    Raises:
        MalformedInput: trafilatura fails on the page.
    """
    prose = regions.drop(root)
    blocks = _extracted(root, page.url or uri, prose)
    blocks = outline.completed(root, page.headline, page.description, blocks)
    return _set_body(draft, _or_stated(blocks, page))


def _extracted(root: html.HtmlElement, url: str, prose: int) -> list[Block]:
    """What trafilatura finds; in another of its modes, where it finds too little or too much."""
    blocks = _extract(root, url, fast=True)
    shown = _length(blocks)
    # The second measure is the better one, and takes longer.
    if shown < _LEAST_SHARE * prose and shown < _LEAST_SHARE * outline.prose(root):
        slower = _extract(root, url, fast=False) if _is_small(root) else []
        return slower if _length(slower) > _LEAST_GAIN * shown else blocks
    if _is_dump(blocks):
        stricter = _extract(root, url, fast=True, favor_precision=True)
        if _prose(stricter) > _LEAST_KEPT * _prose(blocks):
            return stricter
    return blocks


def _extract(
    root: html.HtmlElement, url: str, *, fast: bool, favor_precision: bool = False
) -> list[Block]:
    try:
        extracted = trafilatura.bare_extraction(
            root,
            url=url,
            include_comments=False,
            include_formatting=True,
            include_tables=True,
            fast=fast,
            favor_precision=favor_precision,
        )
    except EXTRACTORS_ERRORS as error:
        raise MalformedInput(f"no article can be extracted: {type(error).__name__}") from error
    tree = getattr(extracted, "body", None)
    return markup.read(tree).blocks if tree is not None else []


def _is_small(root: html.HtmlElement) -> bool:
    return sum(1 for _ in islice(root.iter(), _MOST_COMPARED + 1)) <= _MOST_COMPARED


def _is_dump(blocks: list[Block]) -> bool:
    """Whether a short text is mostly buttons and labels: then the whole page was taken."""
    labels = sum(block.kind != "crosshead" and len(block.text) < _LABEL for block in blocks)
    return labels > _MOST_LABELS * len(blocks) and _length(blocks) < _SHORT


def _prose(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks if len(block.text) >= outline.LEAST_PROSE)


def _or_stated(blocks: list[Block], page: Page) -> list[Block]:
    """What the page shows, or schema.org's articleBody where the page hides the text."""
    if not page.body:
        return blocks
    # The markup that some put into it is escaped once or twice.
    body = unescape(page.body) if _ESCAPED.search(page.body) else page.body
    stated = markup.fragment("".join(f"<p>{line}</p>" for line in body.split("\n"))).blocks
    shown, whole = _length(blocks), _length(stated)
    if whole > _ARTICLE_BODY_RATIO * max(shown, 100):
        return stated
    if whole >= _LEAST_STATED and not _is_shown(stated, blocks):
        return stated
    # Where the page shows nothing, the extractor takes the same text, its paragraphs run together.
    run_together = len(blocks) == 1 < len(stated) and whole > 0.9 * shown
    return stated if run_together else blocks


def _is_shown(stated: list[Block], blocks: list[Block]) -> bool:
    """Whether some of a stated text is in what was extracted: the same words in a row."""
    wanted, shown = _shingles(stated), _shingles(blocks)
    return len(wanted & shown) >= _LEAST_SHARED * len(wanted)


def _shingles(blocks: list[Block]) -> set[tuple[str, ...]]:
    words = [word for block in blocks for word in _WORDS.findall(block.text)]
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _set_body(draft: Draft, blocks: list[Block]) -> list[str]:
    """Keep the blocks without what stands around them: headline, byline, date, buttons, captions.

    Returns:
        The notices among what was left out.
    """
    notices: list[str] = []
    kept: list[Block] = []
    seen = {pageshown.key(text) for text in (draft.headline or "", *_captions(draft))}
    for block in blocks:
        text = block.text
        if aggregator.is_chrome(text) or stock.is_stock(text):
            notices.append(text)
            continue
        if pageshown.key(text) in seen or furniture.is_age(text):
            continue
        if not kept and (furniture.is_byline(text) or text == draft.byline):
            draft.byline = draft.byline or text
            continue
        if not kept and furniture.stamp(text):
            continue
        if block.kind in {"paragraph", "list-item"}:
            caption = wirecopy.caption(text)
            if caption is not None:
                draft.captions.append(caption)
                continue
            if wirecopy.lone_credit(text):
                continue
        kept.append(block)
    while kept and kept[-1].kind == "crosshead":
        kept.pop()
    draft.body = kept
    return notices


def _captions(draft: Draft) -> list[str]:
    return [caption.text for caption in draft.captions]
