"""WordPress export (WXR): RSS 2.0 with what WordPress knows of each post.

An archive of a whole site: it is read item by item, and an item is forgotten once it is read.

Source: WordPress's own exporter, ``wp-admin/includes/export.php``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias

from lxml import etree
from pydantic import JsonValue

from newswire.errors import InputTooLarge, MalformedInput, NoArticle, NoHeadline, ParseError
from newswire.formats.base import bounds
from newswire.formats.base.clean import language_tag, one_line, unique
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.base.room import Room
from newswire.formats.base.xmlparser import SAFE
from newswire.formats.desk import signals
from newswire.formats.lines import wirecopy
from newswire.formats.lines.dates import read_date, without_zone
from newswire.formats.web import markup
from newswire.formats.xml import safe as xmlsafe
from newswire.formats.xml.tree import local_name
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, PubStatus, Subject

_Children: TypeAlias = dict[str, list[etree._Element]]

_NO_STORIES = frozenset(
    "attachment nav_menu_item revision page custom_css customize_changeset oembed_cache "
    "user_request feedback".split()
)
"""Post types that are the site's furniture; WordPress's own others begin with ``wp_``. Any type
that it doesn't know is a site's own, such as ``article``."""
_UNDATED = re.compile(r"0000-00-00")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>\s*")
_MOST_ITEMS = 200_000
"""Attachments, menus and revisions counted. Each post is a story or a dead letter."""
_TOO_MUCH = re.compile("too big|too long|excessive", re.IGNORECASE)
"""What libxml2 says of a text or a depth beyond its limits."""
_SLICE = 2**16
"""Characters that the parser is fed at once."""
_SHORTCODE = re.compile(
    r"\[(?P<close>/?)(?P<name>[a-z][\w-]{0,40})(?P<rest>[ /][^\[\]]{0,2000})?\]"
)
_ALONE = re.compile(
    r"^[^\S\n]*\[/?[a-z][\w-]{0,40}(?: [^\[\]\n]{0,2000})?/?\][^\S\n]*$", re.MULTILINE
)
_ATTRIBUTE = re.compile(r"""\w=["'\d]""")


def parse(document: Document) -> Entries:
    """Read every post of an export.

    Raises:
        MalformedInput: it isn't well formed, and broken before its first post.
        NoArticle: an export without posts.
        InputTooLarge: more items, or more of something in one, than any has.
    """
    export = _Export()
    drafts: list[Draft] = []
    failures: list[Failure] = []
    pictures: list[tuple[Draft, str]] = []
    room = Room()
    try:
        for number, item in enumerate(_items(document.text, export), start=1):
            post = _children(item)
            kind = _text(post, "post_type")
            if kind == "attachment":
                export.captions[_text(post, "post_id")] = _words(post, "excerpt/encoded")
            if kind in _NO_STORIES or kind.startswith("wp_"):
                continue
            try:
                draft = _draft(post, export)
            except ParseError as error:
                failures.append(Failure(_text(post, "guid") or f"item {number}", error))
                continue
            room.take(draft)
            drafts.append(draft)
            if thumbnail := _thumbnail(post):
                pictures.append((draft, thumbnail))
    except (MalformedInput, InputTooLarge) as error:
        if not drafts:
            raise
        failures.append(Failure("the rest of the export", error))
    if not drafts and not failures:
        raise NoArticle("a WordPress export without a post")
    for draft, thumbnail in pictures:
        caption = export.captions.get(thumbnail)
        if caption and draft.pub_status is PubStatus.USABLE:
            draft.captions = [wirecopy.caption(caption) or Caption(text=caption), *draft.captions]
    return Entries(drafts, failures)


@dataclass
class _Export:
    """What the export says of the site, before and beside its posts."""

    title: str = ""
    language: str | None = None
    authors: dict[str, str] = field(default_factory=dict)
    """The name that the site shows, by the login that posts have."""
    captions: dict[str, str] = field(default_factory=dict)
    """Of attachments, by the number of the post that each is."""


def _items(text: str, export: _Export) -> Iterator[etree._Element]:
    """The items, each gone once the next is asked for."""
    safe = xmlsafe.without_doctype(text)
    items = safe.count("<item")
    if items > _MOST_ITEMS:
        raise InputTooLarge(
            f"a WordPress export of {items:,} items, over the limit of {_MOST_ITEMS:,}",
            "WordPress exports by author, category and date, too",
        )
    if safe.count("=") > bounds.MOST_ATTRIBUTES:
        bounds.refuse_attributes(safe, bounds.MOST_ATTRIBUTES, xml=True)
    declared = _DECLARATION.match(safe)
    start = declared.end() if declared else len(safe) - len(safe.lstrip())
    parser = etree.XMLPullParser(
        events=("end",),
        tag=("item", "title", "language", "{*}author"),
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        **SAFE,
    )
    try:
        for place in range(start, len(safe), _SLICE):
            parser.feed(safe[place : place + _SLICE].encode("utf-8"))
            yield from _ended(parser, export)
        parser.close()
        yield from _ended(parser, export)
    except etree.XMLSyntaxError as error:
        if _TOO_MUCH.search(error.msg):
            cause = error.msg.partition(",")[0]
            raise InputTooLarge(f"a WordPress export with a post like no other: {cause}") from None
        raise MalformedInput(
            f"a WordPress export that isn't well formed: {error.msg}", "it may be cut off"
        ) from None


def _ended(parser: etree.XMLPullParser, export: _Export) -> Iterator[etree._Element]:
    for _, element in parser.read_events():
        channel = element.getparent()
        if channel is None or local_name(channel.tag) != "channel":
            continue
        name = local_name(element.tag)
        if name == "item":
            yield element
        elif name == "title":
            export.title = one_line(element.text)
        elif name == "language":
            export.language = language_tag(element.text)
        else:
            author = _children(element)
            shown = _text(author, "author_display_name")
            export.authors[_text(author, "author_login")] = shown
        while (before := element.getprevious()) is not None:
            channel.remove(before)
        element.clear()


def _children(element: etree._Element) -> _Children:
    """The children by their local names; ``encoded`` under the module that it is of."""
    found: _Children = {}
    for child in element:
        name = _name(child.tag)
        if name in found:
            found[name].append(child)
        else:
            found[name] = [child]
    return found


@lru_cache(maxsize=256)
def _name(tag: str) -> str:
    space, _, name = tag.rpartition("}")
    if name == "encoded":
        return "excerpt/encoded" if "excerpt" in space else "content/encoded"
    return name


def _raw(post: _Children, name: str) -> str:
    return (post[name][0].text or "") if name in post else ""


def _text(post: _Children, name: str) -> str:
    return one_line(_raw(post, name))


def _words(post: _Children, name: str) -> str:
    return markup.plain(_raw(post, name))


def _draft(post: _Children, export: _Export) -> Draft:
    login = _text(post, "creator")
    url = _text(post, "link")
    draft = Draft(
        id=_text(post, "guid") or None,
        headline=_words(post, "title") or None,
        byline=export.authors.get(login) or login or None,
        language=export.language,
        provider=export.title or None,
        url=url if url.startswith(("http://", "https://")) else None,
    )
    _set_dates(draft, post)
    _set_status(draft, post)
    _set_categories(draft, post)
    if draft.pub_status is not PubStatus.USABLE:
        return draft
    if excerpt := _words(post, "excerpt/encoded") or _words(post, "description"):
        draft.extra["description"] = excerpt
    content = markup.with_blank_lines(_without_shortcodes(_raw(post, "content/encoded")))
    draft.body, draft.captions = content.blocks, list(dict.fromkeys(content.captions))
    if draft.headline is None:
        raise NoHeadline("a post without a title")
    if not draft.body:
        raise NoArticle(f"a post without text under the title {draft.headline[:60]!r}")
    signals.apply(draft)
    wirecopy.apply(draft)
    return draft


def _set_dates(draft: Draft, post: _Children) -> None:
    draft.first_created = _date(post, "post_date_gmt") or _date(post, "pubDate")
    if draft.first_created is None:
        local = read_date(_text(post, "post_date"))
        if local is not None and not _UNDATED.match(_text(post, "post_date")):
            draft.first_created = local[0]
            without_zone(draft, "first_created")
    draft.version_created = _date(post, "post_modified_gmt") or draft.first_created


def _date(post: _Children, name: str) -> datetime | None:
    stated = _text(post, name)
    found = read_date(stated) if stated and not _UNDATED.match(stated) else None
    return found[0] if found else None


def _set_status(draft: Draft, post: _Children) -> None:
    """Only what is published is: drafts, private posts and those with a password are withheld.

    A scheduled post is under an embargo until its date.
    """
    status = _text(post, "status")
    if status == "future" and draft.first_created is not None:
        draft.embargoed_until = draft.first_created
    elif status not in {"publish", ""}:
        draft.pub_status = PubStatus.WITHHELD
    if _text(post, "post_password"):
        draft.pub_status = PubStatus.WITHHELD


def _set_categories(draft: Draft, post: _Children) -> None:
    """Categories are sections and subjects, tags are keywords."""
    tags: list[str] = []
    subjects: dict[str, Subject] = {}
    for element in post.get("category", []):
        # Exporters escape the names once more inside their CDATA sections.
        name, code = markup.plain(element.text or ""), one_line(element.get("nicename"))
        if element.get("domain") == "post_tag":
            tags.append(name)
        elif name and element.get("domain") in {"category", None}:
            subjects.setdefault(code or name, Subject(qcode=code or name, name=name))
    draft.keywords = unique(tags)
    draft.subjects = list(subjects.values())
    draft.section = draft.subjects[0].name if draft.subjects else None
    names: list[JsonValue] = [subject.name for subject in draft.subjects]
    if names:
        draft.extra["categories"] = names


def _thumbnail(post: _Children) -> str:
    """The number of the attachment that is the post's picture."""
    for element in post.get("postmeta", []):
        meta = _children(element)
        if _text(meta, "meta_key") == "_thumbnail_id":
            return _text(meta, "meta_value")
    return ""


def _without_shortcodes(content: str) -> str:
    """The content without WordPress's shortcodes; ``[caption]`` is what its name says.

    Words in brackets may be the author's ("[sic]"). A shortcode is one that stands alone in its
    line, has attributes, is closed, or has a name that no word has.
    """
    if "[" not in content:
        return content
    content = _ALONE.sub("", content)
    closed = {found["name"] for found in _SHORTCODE.finditer(content) if found["close"]}

    def put(found: re.Match[str]) -> str:
        name, rest = found["name"], found["rest"] or ""
        if name == "caption" and name in closed:
            return "</figcaption></figure>" if found["close"] else "<figure><figcaption>"
        known = name in closed or "_" in name or _ATTRIBUTE.search(rest)
        return "" if known else found[0]

    return _SHORTCODE.sub(put, content)
