"""RSS 0.9x to 2.0, RDF and Atom, through feedparser: one draft for each entry.

An entry that Atom says is deleted is withdrawn. An entry that is no story is named in the failures,
and its neighbours go on.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import TypeAlias
from urllib.parse import urljoin
from xml.sax import SAXException

import feedparser

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline, ParseError
from newswire.formats.base import bounds
from newswire.formats.base.clean import language_tag, one_line, unique
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.base.room import Room
from newswire.formats.desk import signals
from newswire.formats.fields import iptc, stated
from newswire.formats.lines import aggregator, wirecopy
from newswire.formats.lines.dates import read_date, without_zone
from newswire.formats.web import markup, media, tombstones
from newswire.formats.web.markup import Content
from newswire.formats.xml import safe as xmlsafe
from newswire.stories.draft import Draft
from newswire.stories.model import Contributor, Link

_Dict: TypeAlias = feedparser.FeedParserDict

_ENTRY = re.compile(r"<(?:item|entry)\b")
_OPENED = re.compile(r"<(item|entry)\b[^<>]*>")
_MOST_ENTRIES = 20_000
"""Nobody's feed has as many; each would be a story or a dead letter."""
_MOST_CHARS = 8_000_000
"""The largest of 300 real ones has 3 million. feedparser takes up to 1.5 s for a million."""
_MOST_SIGNS = 600_000
"""Of "<": elements and their ends. feedparser takes up to 20 µs for each."""
_QCODE = re.compile(r"(?:medtop|subj):\d{8}")
_WEB = ("http://", "https://")
_TEASER_BLOCKS = 2
"""A description of so many blocks at most is a summary, not the story."""
_MORE = re.compile(
    r"(?:the post .{1,300} (?:appeared first on|first appeared on) .{1,100}|"
    r"(?:continue reading|read (?:the )?(?:more|full (?:story|article)|rest)|more)\b.{0,120})",
    re.IGNORECASE,
)
_READERS_ERRORS = (
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What feedparser's lenient reader raises where broken markup confuses it."""
_ZONES = re.compile(
    r"(?:\b(?:UT|UTC|GMT|Z|[ECMP][SD]T|MES?T)|[0-9]Z|[+-]\d{2}:?\d{2})\s*$", re.IGNORECASE
)
"""Ends of a date whose zone feedparser reads; it takes any other as UTC without saying so."""


_NUMERIC = re.compile(r"[\d\s:/.TWZ+-]+(?:UTC|GMT)?", re.ASCII)
"""Dates of which feedparser makes something whatever they are: of seconds since 1970 a day in the
wrong year, of ``2025/01/02`` one in the month in which it is read."""


def parse(document: Document) -> Entries:
    """Read every entry of a feed.

    Raises:
        MalformedInput: not even feedparser's lenient reader finds a feed in it.
        NoArticle: a feed without entries.
        InputTooLarge: more entries, or more of something in one, than any feed has.
    """
    safe = xmlsafe.without_doctype(document.text)
    for what, found, limit in (
        ("characters", len(safe), _MOST_CHARS),
        ("elements and their ends", safe.count("<"), _MOST_SIGNS),
        ("entries", len(_ENTRY.findall(safe)), _MOST_ENTRIES),
    ):
        if found > limit:
            raise InputTooLarge(
                f"a feed of {found:,} {what}, over the limit of {limit:,}",
                "ask for fewer entries at a time, or split it",
            )
    bounds.refuse_attributes(safe, bounds.MOST_ATTRIBUTES_OF_XML, xml=True)
    bounds.refuse_crowded_feed(safe)
    feed = _read(safe)
    failures: list[Failure] = []
    try:
        deleted = tombstones.read(safe)
    except ParseError as error:
        deleted = []
        failures.append(Failure("deleted entries", error))
    if not (feed.entries or deleted):
        if feed.get("bozo") or not (feed.get("version") or feed.feed):
            raise MalformedInput(f"a feed that isn't well-formed XML{_cause(feed)}")
        raise NoArticle("a feed without entries")
    pictures = media.captions(safe)
    drafts: list[Draft] = []
    room = Room()
    cut = len(feed.entries) - 1 if _is_cut(feed, safe) else None
    for number, entry in enumerate(feed.entries):
        try:
            if number == cut:
                raise MalformedInput(
                    "an entry without an end", "the document seems to be cut off within it"
                )
            draft = _draft(entry, feed.feed, document.uri)
            draft.captions = list(dict.fromkeys(draft.captions + pictures.get(number, [])))
        except ParseError as error:
            failures.append(_failure(entry, number, error))
        else:
            room.take(draft)
            drafts.append(draft)
    if not drafts and isinstance(feed.get("bozo_exception"), SAXException):
        # What is wrong with the entries that were made out follows from that.
        raise MalformedInput(f"a feed that isn't well-formed XML{_cause(feed)}")
    return Entries([*drafts, *deleted], failures)


def _read(text: str) -> _Dict:
    # The bytes are UTF-8 now, whatever they were: the declaration has to say so.
    # feedparser fails over the whole feed for one reference to what is no character.
    declared = xmlsafe.with_real_characters(re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", text))
    data = b"<?xml version='1.0' encoding='utf-8'?>\n" + declared.encode("utf-8")
    # A stream, since feedparser would fetch a string that looks like an address.
    try:
        return feedparser.parse(
            BytesIO(data),
            # No address of the feed: feedparser would make it part of a guid that is no address.
            response_headers={"content-type": "application/xml; charset=utf-8"},
            # No markup leaves formats.web.markup, and no address in it is kept: feedparser's
            # own cleaning would take most of the time.
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _READERS_ERRORS as error:
        raise MalformedInput(f"a feed that can't be read: {type(error).__name__}") from error


def _is_cut(feed: _Dict, text: str) -> bool:
    """Whether a feed ends within its last entry, of which the rest is to be had by nobody."""
    if not isinstance(feed.get("bozo_exception"), SAXException):
        return False
    last = deque(_OPENED.finditer(text), maxlen=1)
    return bool(last) and f"</{last[0][1]}" not in text[last[0].end() :]


def _cause(feed: _Dict) -> str:
    error = feed.get("bozo_exception")
    return f": {error}" if error else ""


def _failure(entry: _Dict, number: int, error: ParseError) -> Failure:
    name = one_line(entry.get("id") or entry.get("link"))
    return Failure(name, error) if name else Failure(f"entry {number + 1}", error, _digest(entry))


def _digest(entry: _Dict) -> str:
    said = f"{entry.get('title')}\n{entry.get('summary')}\n{entry.get('content')}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _draft(entry: _Dict, feed: _Dict, uri: str) -> Draft:
    draft = Draft(
        id=one_line(entry.get("id")) or None,
        headline=_title(entry) or None,
        byline=_authors(entry) or None,
        provider=_provider(entry, feed) or None,
        url=_url(entry, uri) or None,
        rights=one_line(entry.get("rights") or feed.get("rights")) or None,
        links=_related(entry, uri),
        contributors=_contributors(entry),
    )
    _set_categories(draft, entry)
    _set_dates(draft, entry)
    content, language = _content(draft, entry)
    draft.language = language or language_tag(entry.get("language") or feed.get("language"))
    draft.body, draft.captions = content.blocks, content.captions
    draft.body = [block for block in draft.body if not aggregator.is_button(block.text)]
    while draft.body and _MORE.fullmatch(draft.body[-1].text):
        draft.body.pop()
    if not draft.body:
        if draft.headline is None:
            raise NoHeadline("an entry without a title and a text", "RSS 2.0 asks for either")
        raise NoArticle(f"an entry without text under the title {draft.headline[:60]!r}")
    signals.apply(draft)
    wirecopy.apply(draft)
    # RSS 2.0: "at least one of title or description must be present".
    iptc.fill_headline(draft)
    return draft


def _title(entry: _Dict) -> str:
    detail = entry.get("title_detail") or {}
    title = entry.get("title") or ""
    return markup.plain(title) if "html" in (detail.get("type") or "") else one_line(title)


def _authors(entry: _Dict) -> str:
    names = unique([author.get("name") or "" for author in entry.get("authors", [])])
    return ", ".join(names) or one_line(entry.get("author"))


def _contributors(entry: _Dict) -> list[Contributor]:
    names = unique([one.get("name") or "" for one in entry.get("contributors", [])])
    return [Contributor(role="other", name=name) for name in names]


def _set_categories(draft: Draft, entry: _Dict) -> None:
    """Keywords, and subjects where a category is of one of IPTC's vocabularies."""
    words: list[str] = []
    for tag in entry.get("tags", []):
        term, label = one_line(tag.get("term")), one_line(tag.get("label"))
        code = stated.qcode(term, one_line(tag.get("scheme")))
        if code != term or _QCODE.fullmatch(term):
            iptc.add_subject(draft, code, label)
        else:
            words.append(label or term)
    draft.keywords = unique(words)


def _provider(entry: _Dict, feed: _Dict) -> str:
    source = entry.get("source") or {}
    candidates = (
        source.get("title"),
        entry.get("publisher"),
        feed.get("publisher"),
        feed.get("title"),
    )
    return next((name for stated in candidates if (name := markup.plain(stated or ""))), "")


def _url(entry: _Dict, uri: str) -> str:
    link = entry.get("link")
    # Without a link feedparser answers with the guid, which need not be an address.
    if link == entry.get("id") and not str(link).startswith(_WEB):
        return ""
    return _address(link, uri)


def _address(link: str | None, uri: str) -> str:
    try:
        address = urljoin(uri, one_line(link)) if link else ""
    except ValueError:
        return ""
    return address if address.startswith(_WEB) else ""


def _related(entry: _Dict, uri: str) -> list[Link]:
    found = [
        Link(rel="related", href=href)
        for link in entry.get("links", [])
        if link.get("rel") in {"related", "via"} and (href := _address(link.get("href"), uri))
    ]
    return list(dict.fromkeys(found))


def _set_dates(draft: Draft, entry: _Dict) -> None:
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated")
    for field, found in (("first_created", published), ("version_created", updated or published)):
        if found is None:
            continue
        setattr(draft, field, found[0])
        if not found[1]:
            without_zone(draft, field)
    expires = _date(entry, "expired") or _date(entry, "validity_end")
    if expires is not None:
        draft.expires = expires[0]
    if updated is None and published is None:
        names = ("published", "created", "updated")
        for unreadable in filter(None, (one_line(dict.get(entry, name)) for name in names)):
            draft.extra.setdefault("date_unreadable", unreadable)


def _date(entry: _Dict, name: str) -> tuple[datetime, bool] | None:
    # feedparser answers "updated" with "published" where there is none, and warns of it.
    stated = one_line(dict.get(entry, name))
    if not stated:
        return None
    if _NUMERIC.fullmatch(stated):
        return read_date(stated)
    parsed = dict.get(entry, f"{name}_parsed")
    if parsed is not None:
        try:
            year, month, day, hour, minute, second = parsed[:6]
            moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
            return moment, _ZONES.search(stated) is not None
        except ValueError:
            return None
    return read_date(stated)


def _content(draft: Draft, entry: _Dict) -> tuple[Content, str | None]:
    """The longest of the contents, else the summary; and the language that it states."""
    contents = [_blocks(detail) for detail in entry.get("content", [])]
    best = max(contents, key=lambda found: _length(found[0]), default=(Content(), None))
    summary = _blocks(entry.get("summary_detail") or {})
    if _length(best[0]) >= max(1, _length(summary[0])):
        return best
    if summary[0].blocks and len(summary[0].blocks) <= _TEASER_BLOCKS:
        draft.extra["body_from"] = "summary"
    return summary


def _blocks(detail: _Dict) -> tuple[Content, str | None]:
    value, kind = detail.get("value") or "", detail.get("type") or ""
    language = language_tag(detail.get("language"))
    if "html" in kind or re.search(r"<[a-zA-Z/][^<>]*>|&(?:#\d+|\w+);", value):
        return markup.fragment(value), language
    lines: Iterable[str] = re.split(r"\n\s*\n", value)
    return markup.lines(lines), language


def _length(content: Content) -> int:
    return sum(len(block.text) for block in content.blocks)
