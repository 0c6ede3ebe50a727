"""Agencies' own XML: Ritzau's RBNews, The Canadian Press' Jimi, Solita's press releases.

There is no public specification of any: the meaning of a field is read from its name, from the
comments that Solita writes into its files, and from what the files hold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from lxml import etree

from newswire.errors import NoArticle, ParseError
from newswire.formats.base.clean import language_tag, one_line, unique
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.fields import iptc, stated
from newswire.formats.xml import blocks as xmlblocks
from newswire.formats.xml import copy as xmlcopy
from newswire.formats.xml import inline
from newswire.formats.xml import tree as xmltree
from newswire.formats.xml.inline import Inline
from newswire.formats.xml.tree import attribute, by_name, child, children, name, text
from newswire.stories.draft import Draft
from newswire.stories.model import ItemType, Link, PubStatus

_NO_DATE = re.compile(r"0001-01-01|$")
"""How .NET writes that a date isn't set."""
_GERMANIC = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}):(\d{2})")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d+|\w+);")
_CP_LANGUAGES = {"1": "en", "2": "fr"}
_CP_TYPES = {"Text": ItemType.TEXT, "Photo": ItemType.PICTURE, "Graphic": ItemType.GRAPHIC}
_CP_TYPES |= {"Audio": ItemType.AUDIO, "Video": ItemType.VIDEO}


def parse(document: Document) -> Entries:
    """Read every story of a document.

    Raises:
        MalformedInput, InputTooLarge: see :func:`xml.tree.read`.
        NoArticle: a list without stories.
    """
    root = xmltree.read(document)
    local, reader = _READERS[name(root).lower()]
    items = [root] if name(root) == local else list(root.iterdescendants("{*}" + local))
    if not items:
        raise NoArticle(f"a document <{name(root)}> without stories")
    entries = Entries([])
    for number, item in enumerate(items, 1):
        try:
            draft = reader(item)
            if draft.type is ItemType.TEXT and not draft.body:
                raise NoArticle("an item without a text")
            xmlcopy.finish(draft)
            entries.drafts.append(draft)
        except ParseError as error:
            if len(items) == 1:
                raise
            entries.failures.append(Failure(f"item {number}", error))
    return entries


# --- Ritzau ------------------------------------------------------------------------------------


def _ritzau(item: etree._Element) -> Draft:
    fields = by_name(item)
    of = fields.text
    draft = Draft(id=of("NewsID") or None, headline=_plain(of("headline")) or None)
    stated.set_version(draft, of("version"))
    stated.set_date(draft, "version_created", of("PublishDate"))
    stated.set_status(draft, "canceled" if of("Annuleret").lower() == "true" else "")
    iptc.set_urgency(draft, of("Priority"))
    draft.byline = of("byLine") or None
    draft.located = of("town") or None
    draft.credit = of("origin") or None
    draft.provider = "Ritzau"
    draft.section = of("section") or None
    draft.slugline = of("strapline") or None
    for code in _texts(fields.first("IPTCList")):
        # Numbers: the leading zeros of a subject code are lost.
        iptc.add_subject(draft, code.zfill(8) if code.isdecimal() else code)
    draft.keywords = _texts(fields.first("SubjectKeyword"))
    for local in ("Replaces", "replacedID"):
        if of(local) and of(local) != draft.id:
            draft.links.append(Link(rel="previous", href=of(local)))
    iptc.set_ednote(draft, [block.text for block in _html(fields.first("TilRedaktionen")).blocks])
    xmlcopy.take(draft, _html(fields.first("content")))
    for local, key in (("subtitle", "subheadlines"), ("format", "format"), ("Status", "status")):
        iptc.keep(draft, key, [_plain(of(local))])
    iptc.keep(
        draft,
        "signals",
        [local for local in ("NyVersion", "Korrektion") if of(local).lower() == "true"],
    )
    return draft


# --- The Canadian Press ------------------------------------------------------------------------


def _jimi(item: etree._Element) -> Draft:
    fields = by_name(item)
    of = fields.text
    draft = Draft(id=of("NewsCompID") or None, type=_CP_TYPES.get(of("ContentType"), ItemType.TEXT))
    stated.set_version(draft, of("ContentItemID"))
    stated.set_date(draft, "version_created", of("UpdatedDateTime"))
    stated.set_date(draft, "first_created", of("CreatedDateTime"))
    if of("TrashFlag").lower() == "true":
        draft.pub_status = PubStatus.CANCELED
    if of("HoldFlag").lower() == "true":
        stated.withhold(draft)
    if not _NO_DATE.match(of("EmbargoTime")):
        stated.set_embargo(draft, of("EmbargoTime"))
    draft.headline = of("Headline") or of("Headline2") or None
    iptc.keep(
        draft, "other_headlines", [one for one in (of("Headline2"),) if one != draft.headline]
    )
    draft.byline = of("Byline") or None
    draft.credit = of("Credit") or None
    draft.provider = of("Source") or None
    draft.rights = of("Copyright") or None
    draft.section = of("Category") or None
    draft.slugline = of("SlugProper") or None
    draft.language = _CP_LANGUAGES.get(of("Language"))
    draft.located = ", ".join(filter(None, (of("City"), of("Province"), of("Country")))) or None
    draft.keywords = unique(of("Keyword").split(","))
    for word in unique(of("IndexCode").split(",")):
        iptc.add_subject(draft, word)
    iptc.set_ednote(draft, [of("EditorNote"), of("UpdateNote")])
    xmlcopy.take(draft, _html(fields.first("ContentText")))
    caption = of("EnglishCaption") or of("FrenchCaption")
    if caption:
        draft.captions.append(xmlblocks.read_caption(caption))
    iptc.keep(draft, "descriptions", [of("DirectoryText")])
    iptc.keep(draft, "content", [of("ContentRef"), *of("PhotoReference").split(",")])
    for local, key in (("Ranking", "ranking"), ("WritethruNum", "writethru")):
        iptc.keep(draft, key, [of(local)])
    return draft


# --- Solita ------------------------------------------------------------------------------------


def _solita(item: etree._Element) -> Draft:
    fields = by_name(item)
    of = fields.text
    draft = Draft(id=attribute(item, "id") or None, headline=of("title") or None)
    draft.url = of("longurl") if of("longurl").startswith("http") else None
    draft.language = language_tag(item.get("lang"))
    draft.provider = text(child(fields.first("publisher"), "name")) or None
    published = _moment(of("publicationDate"))
    if published:
        stated.set_date(draft, "version_created", published.isoformat())
    if of("embargo"):
        # Without a zone, always: its end can't be told.
        stated.set_embargo(draft, of("embargo"))
    draft.keywords = unique(of("keywords").split(","))
    categories = fields.first("categories")
    for category in children(categories, "category"):
        iptc.add_subject(draft, text(child(category, "label")))
    body = _html(fields.first("body"))
    lead = _html(fields.first("leadtext"))
    xmlcopy.take(draft, body)
    if draft.body[:1] != lead.blocks[:1]:
        draft.body[:0] = lead.blocks
    for image in children(fields.first("images"), "image"):
        caption = text(child(image, "caption"))
        if caption:
            draft.captions.append(xmlblocks.read_caption(caption))
    iptc.keep(draft, "boilerplate", [of("boilerplate")])
    iptc.keep(draft, "release_type", [text(child(fields.first("type"), "label"))])
    return draft


def _moment(date: str) -> datetime | None:
    found = _GERMANIC.fullmatch(date)
    if found is None:
        return None
    day, month, year, hour, minute = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute)
    except ValueError:
        return None


# --- what all of them are made of --------------------------------------------------------------


def _html(element: etree._Element | None) -> Inline:
    """HTML that stands as text in an element; some systems escape its entities once more."""
    if element is None:
        return Inline()
    if len(element):
        return inline.read(element)
    return inline.read_string((element.text or "").replace("&amp;", "&"))


def _texts(element: etree._Element | None) -> list[str]:
    """What each child of a list holds."""
    return unique([text(inner) for inner in element]) if element is not None else []


def _plain(content: str) -> str:
    """A field of one line that may hold HTML."""
    if not _TAG.search(content):
        return content
    return one_line(
        " ".join(block.text for block in inline.read_string(f"<p>{content}</p>").blocks)
    )


_READERS: dict[str, tuple[str, Callable[[etree._Element], Draft]]] = {
    "rbnews": ("RBNews", _ritzau),
    "xmlnewsqueuedresponse": ("RBNews", _ritzau),
    "publish": ("ContentItem", _jimi),
    "release": ("release", _solita),
}
"""By the root: the element that is a story, and what reads it."""
