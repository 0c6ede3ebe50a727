"""A page with one story: trafilatura finds its body, schema.org and OpenGraph its facts."""

from __future__ import annotations

import logging
import re

import trafilatura
from lxml import etree
from lxml import html as lxml_html
from trafilatura.settings import Document as Metadata

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline
from newswire.formats import aggregator, desk, furniture, markup, wirecopy
from newswire.formats.clean import one_line
from newswire.formats.dates import read_date, without_zone
from newswire.formats.document import Document, Entries
from newswire.formats.nostory import why_no_story
from newswire.formats.page import Page, read_page
from newswire.stories.draft import Draft
from newswire.stories.model import Block, Caption

# Their warnings tell of every page without an article; an error says it once, with its cause.
for _name in ("trafilatura", "htmldate", "courlan", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

_EXTRACTORS_ERRORS = (
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
_MOST_CHARS = 8_000_000
"""Of a page for an article. The largest of 300 real ones has 3 million, most of it scripts."""
_MOST_ELEMENTS = 50_000
"""Of a page for an article; those 300 have 6,000 at most. trafilatura takes 0.1 ms for each."""
_MOST_ELEMENTS_COMPARED = 10_000
"""Up to here trafilatura compares what it finds with what two other extractors do; one of them,
justext, looks from each paragraph at all around it."""
_NOT_OF_THE_STORY = frozenset(("aside", "nav", "footer", "header"))


def parse(document: Document) -> Entries:
    """Read the story of a page.

    Raises:
        MalformedInput: no HTML can be made of it.
        NoArticle: a login, a list of links, an error page.
        NoHeadline: an article without a headline or a title.
        InputTooLarge: larger than any page with one article.
    """
    if len(document.text) > _MOST_CHARS:
        raise _too_large(f"{len(document.text):,} characters", _MOST_CHARS)
    root = markup.document(document.text)
    if root is None:
        raise MalformedInput("a page without an HTML element in it")
    elements = sum(1 for _ in root.iter())
    if elements > _MOST_ELEMENTS:
        raise _too_large(f"{elements:,} elements", _MOST_ELEMENTS)
    page = read_page(root, document.uri)
    meta = _guessed(root, page, document.uri)
    captions = _take_captions(root)
    body = _body(root, page, document.uri, fast=elements > _MOST_ELEMENTS_COMPARED)
    draft = Draft(
        headline=page.headline or None,
        byline=", ".join(page.authors) or one_line((meta.author or "").replace(";", ",")) or None,
        language=page.language,
        provider=page.publisher or None,
        section=page.section or None,
        keywords=page.keywords,
        url=page.url or None,
        rights=page.rights or None,
        captions=captions,
    )
    draft.body = _story_blocks(draft, body)
    reason = why_no_story(root, page, draft.body, document.uri)
    if reason is not None:
        raise NoArticle(reason, "a login, an error and a list of links have none")
    if not draft.headline:
        raise NoHeadline("a page without a headline or a title")
    _set_dates(draft, page, meta)
    desk.apply(draft)
    wirecopy.apply(draft)
    if page.description and page.description != draft.headline:
        draft.extra["description"] = page.description
    return Entries([draft])


def _too_large(size: str, limit: int) -> InputTooLarge:
    return InputTooLarge(
        f"a page of {size}, over the limit of {limit:,} for one article",
        "a page of so much is a list or a table; its stories have pages of their own",
    )


def _guessed(root: lxml_html.HtmlElement, page: Page, uri: str) -> Metadata:
    """What trafilatura reads out of the page's looks, for what the page doesn't state."""
    try:
        return trafilatura.extract_metadata(
            root,
            default_url=page.url or uri,
            date_config={"original_date": True, "extensive_search": False},
        )
    except _EXTRACTORS_ERRORS:
        return Metadata()


def _body(root: lxml_html.HtmlElement, page: Page, uri: str, *, fast: bool) -> list[Block]:
    try:
        extracted = trafilatura.bare_extraction(
            root,
            url=page.url or uri,
            include_comments=False,
            include_formatting=True,
            include_tables=True,
            fast=fast,
        )
    except _EXTRACTORS_ERRORS as error:
        raise MalformedInput(f"no article can be extracted: {type(error).__name__}") from error
    tree = getattr(extracted, "body", None)
    blocks = markup.read(tree).blocks if tree is not None else []
    stated = markup.fragment("".join(f"<p>{line}</p>" for line in page.body.split("\n")))
    shown, whole = _length(blocks), _length(stated.blocks)
    if whole > _ARTICLE_BODY_RATIO * max(shown, 100):
        return stated.blocks
    # Where the page shows nothing, the extractor takes the same text, its paragraphs run together.
    run_together = len(blocks) == 1 < len(stated.blocks) and whole > 0.9 * shown
    return stated.blocks if run_together else blocks


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _take_captions(root: lxml_html.HtmlElement) -> list[Caption]:
    """The captions of the story's pictures; taken out, so that none ends up in the body."""
    found: dict[Caption, None] = {}  # in order, each once
    for element in list(root.iter("figcaption")):
        parent = element.getparent()
        around = {ancestor.tag for ancestor in element.iterancestors()}
        # A picture inside a link leads to another story.
        if around.isdisjoint(_NOT_OF_THE_STORY) and "a" not in around:
            caption = markup.read_caption(element)
            if caption is not None:
                found[caption] = None
        if parent is not None:
            element.drop_tree()
    return list(found)


def _story_blocks(draft: Draft, blocks: list[Block]) -> list[Block]:
    """The body without what stands around it: headline, byline, date, buttons, captions."""
    kept: list[Block] = []
    seen = {_key(draft.headline or ""), *(_key(caption.text) for caption in draft.captions)}
    for block in blocks:
        text = block.text
        if _key(text) in seen or aggregator.is_chrome(text) or furniture.is_age(text):
            continue
        if not kept and (furniture.is_byline(text) or text == draft.byline):
            draft.byline = draft.byline or text
            continue
        if not kept and furniture.stamp(text):
            continue
        if block.kind == "paragraph":
            caption = wirecopy.caption(text)
            if caption is not None:
                draft.captions.append(caption)
                continue
            if wirecopy.lone_credit(text):
                continue
        kept.append(block)
    while kept and kept[-1].kind == "crosshead":
        kept.pop()
    return kept


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _set_dates(draft: Draft, page: Page, meta: Metadata) -> None:
    for field, stated in (("first_created", page.published), ("version_created", page.modified)):
        found = read_date(stated)
        if found is None:
            continue
        setattr(draft, field, found[0])
        if not found[1]:
            without_zone(draft, field)
    if draft.first_created is None and draft.version_created is None:
        # The extractor's guess, from the address and the text: a day, never an hour.
        guessed = read_date(meta.date or "")
        if guessed is not None:
            draft.first_created = guessed[0]
            without_zone(draft, "first_created")
    if draft.first_created is not None:
        # Some pages state a change before their publication.
        draft.version_created = max(
            draft.first_created, draft.version_created or draft.first_created
        )
