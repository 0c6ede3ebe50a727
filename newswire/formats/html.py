"""A page with one story: trafilatura finds its body, schema.org and OpenGraph its facts."""

from __future__ import annotations

from htmldate import find_date
from lxml import html as lxml_html

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline
from newswire.formats.base.document import Document, Entries
from newswire.formats.desk import signals
from newswire.formats.lines import agencies, wirecopy
from newswire.formats.lines.dates import read_date, without_zone
from newswire.formats.page import body as pagebody
from newswire.formats.page import pictures as pagepictures
from newswire.formats.page.facts import Page, read_page
from newswire.formats.page.nostory import asks_password, why_no_story
from newswire.formats.web import markup
from newswire.stories.draft import Draft

_MOST_CHARS = 8_000_000
"""Of a page for an article. The largest of 300 real ones has 3 million, most of it scripts."""
_MOST_ELEMENTS = 50_000
"""Of a page for an article; those 300 have 6,000 at most. trafilatura takes 0.1 ms for each."""


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
    # As long as they are held, lxml makes no new object of an element for each that looks at it.
    elements = list(root.iter())
    if len(elements) > _MOST_ELEMENTS:
        raise _too_large(f"{len(elements):,} elements", _MOST_ELEMENTS)
    page = read_page(root, document.uri)
    _guess_date(page, root, document.uri)
    password = asks_password(root)
    draft = Draft(
        headline=page.headline or None,
        byline=", ".join(page.authors) or None,
        dateline=page.dateline or None,
        located=page.located or None,
        language=page.language,
        provider=page.publisher or None,
        section=page.section or None,
        keywords=page.keywords,
        url=page.url or None,
        rights=page.rights or None,
        captions=pagepictures.take(root),
        extra=dict(page.extra),
    )
    notices = pagebody.read(root, page, document.uri, draft)
    reason = why_no_story(root, page, draft.body, document.uri, password=password)
    if reason is not None:
        raise NoArticle(reason, "a login, an error and a list of links have none")
    if not draft.headline:
        raise NoHeadline("a page without a headline or a title")
    _set_dates(draft, page)
    signals.apply(draft)
    wirecopy.apply(draft)
    agencies.attribute(draft, sources=page.sources, notices=notices)
    if page.description and page.description != draft.headline:
        draft.extra["description"] = page.description
    return Entries([draft])


def _too_large(size: str, limit: int) -> InputTooLarge:
    return InputTooLarge(
        f"a page of {size}, over the limit of {limit:,} for one article",
        "a page of so much is a list or a table; its stories have pages of their own",
    )


def _guess_date(page: Page, root: lxml_html.HtmlElement, uri: str) -> None:
    """Look for a date in the address and the text, where the page states none."""
    if page.published or page.modified:
        return
    try:
        page.published = (
            find_date(root, original_date=True, extensive_search=False, url=page.url or uri) or ""
        )
    except pagebody.EXTRACTORS_ERRORS:
        return


def _set_dates(draft: Draft, page: Page) -> None:
    dates = (
        ("first_created", page.published),
        ("version_created", page.modified),
        ("expires", page.expires),
    )
    for field, stated in dates:
        found = read_date(stated)
        if found is None:
            continue
        setattr(draft, field, found[0])
        if not found[1]:
            without_zone(draft, field)
    if draft.first_created is not None:
        # Some pages state a change before their publication.
        draft.version_created = max(
            draft.first_created, draft.version_created or draft.first_created
        )
