"""The JSON of single vendors: fingerpost, Reuters Connect, Belga, Onclusive.

Each is a handful of names for what ninjs has, so that one table a vendor is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from newswire.formats.base import jsontree
from newswire.formats.base.clean import language_tag, unique
from newswire.formats.base.jsontree import Object, object_in, objects, raw, text, texts
from newswire.formats.fields import iptc, stated
from newswire.formats.lines import wirecopy
from newswire.formats.web import markup
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, ItemType


@dataclass(frozen=True)
class Vendor:
    """What a vendor's items look like, and what reads one.

    Both take an object whose names are in lower case; ``draft_of`` raises as
    :func:`newswire.formats.fields.stated.complete` does.
    """

    is_item: Callable[[Object], bool]
    draft_of: Callable[[Object], Draft]


def _common(item: Object, *, id: str, headline: str, body: str) -> Draft:
    """What all of them name alike."""
    draft = Draft(
        id=id or None,
        headline=markup.plain(headline) or None,
        byline=markup.plain(raw(item, "byline")) or None,
        language=language_tag(text(item, "language").lower()),
        rights=text(item, "copyrightnotice") or None,
        slugline=text(item, "slug", "topic") or None,
    )
    content = markup.running(body)
    draft.body, draft.captions = content.blocks, content.captions
    stated.set_type(draft, text(item, "type"))
    return draft


# --- fingerpost --------------------------------------------------------------------------------


def _is_fingerpost(item: Object) -> bool:
    return "source-feed" in item and "usn" in item


def _fingerpost(item: Object) -> Draft:
    draft = _common(
        item,
        id=text(item, "usn", "uri"),
        headline=raw(item, "headline"),
        body=raw(item, "body_text"),
    )
    stated.set_status(draft, text(item, "status"))
    stated.set_note(draft, raw(item, "ednote"))
    stated.set_version(draft, text(item, "version"))
    stated.set_urgency(draft, jsontree.whole(item, "priority"))
    stated.set_date(draft, "first_created", text(item, "firstversion"))
    stated.set_date(draft, "version_created", text(item, "versioncreated", "datetimesent"))
    draft.provider = text(item, "source-feed") or None
    draft.located = text(item, "location") or None
    draft.keywords = unique([w for one in texts(item, "keywords") for w in one.split("+")])
    for code in texts(object_in(item, "subjects"), "code"):
        iptc.add_subject(draft, code)
    services: list[JsonValue] = list(texts(item, "mediacatcodes"))
    if services:
        draft.extra["services"] = services
    for name, ours in (
        ("abstract", "description"),
        ("subhead", "subhead"),
        ("usage", "usage_terms"),
        ("copyrightholder", "copyright_holder"),
    ):
        if value := text(item, name):
            draft.extra[ours] = value
    return stated.complete(draft)


# --- Reuters Connect ---------------------------------------------------------------------------


def _is_reuters(item: Object) -> bool:
    return isinstance(item.get("versionedguid"), str) and "headline" in item


def _reuters(item: Object) -> Draft:
    guid, _, version = text(item, "versionedguid").rpartition(":")
    if not version.isdigit() or not guid:
        guid, version = text(item, "versionedguid"), ""
    draft = _common(
        item,
        id=guid,
        headline=raw(item, "headline"),
        body=raw(item, "bodyxhtml", "bodyxhtmlrich", "caption"),
    )
    if draft.type is not ItemType.TEXT and draft.body and not raw(item, "bodyxhtml"):
        words = " ".join(block.text for block in draft.body)
        draft.body = []
        draft.captions = [wirecopy.caption(words) or Caption(text=words)]
    stated.set_status(draft, item.get("pubstatus"))
    for name in ("embargoed", "embargoeduntil"):
        stated.set_embargo(draft, item.get(name))
    stated.set_note(draft, raw(item, "ednote", "editnote"))
    stated.set_version(draft, version or text(item, "version"))
    stated.set_urgency(draft, jsontree.whole(item, "urgency"))
    stated.set_date(draft, "first_created", text(item, "firstcreated"))
    created = text(item, "versioncreated", "sorttimestamp", "contenttimestamp")
    stated.set_date(draft, "version_created", created)
    draft.provider, draft.credit = "Reuters", text(item, "credit") or None
    for one in objects(item, "subject"):
        iptc.add_subject(draft, text(one, "code"), text(one, "name"))
    for name, ours in (
        ("usn", "usn"),
        ("profile", "profile"),
        ("productlabel", "product"),
        ("usageterms", "usage_terms"),
        ("intro", "description"),
    ):
        if value := text(item, name):
            draft.extra[ours] = value
    return stated.complete(draft)


# --- Belga -------------------------------------------------------------------------------------


def _is_belga_press(item: Object) -> bool:
    return "uuid" in item and "title" in item and ("publishdate" in item or "lead" in item)


def _belga_press(item: Object) -> Draft:
    lead, body = raw(item, "lead"), raw(item, "body")
    draft = _common(
        item,
        id=text(item, "uuid"),
        headline=raw(item, "title"),
        body=f"<p>{lead}</p>{body}" if lead and "<" in body else f"{lead}\n\n{body}",
    )
    draft.provider = text(object_in(item, "source"), "name") or text(item, "source") or None
    stated.set_date(draft, "first_created", text(item, "createdate", "publishdate"))
    stated.set_date(draft, "version_created", text(item, "publishdate"))
    return stated.complete(draft)


def _is_belga_360(item: Object) -> bool:
    return "newsobjectid" in item


def _belga_360(item: Object) -> Draft:
    parts = {text(one, "assettype").lower(): one for one in objects(item, "newscomponents")}
    said = {
        name: "\n".join(raw(proxy, "varchardata", "clobdata") for proxy in objects(one, "proxies"))
        for name, one in parts.items()
    }
    lead, body = said.get("lead", ""), said.get("body", "")
    draft = _common(
        item,
        id=text(item, "newsobjectid"),
        headline=raw(item, "headline", "name"),
        body=f"{lead}\n\n{body}",
    )
    stated.set_type(draft, text(item, "assettype"))
    draft.extra.pop("type", None)
    caption = markup.plain(said.get("caption", ""))
    if caption:
        draft.captions.append(Caption(text=caption, credit=text(item, "credit") or None))
    names = [text(one, "name") for one in objects(item, "authors")]
    draft.byline = ", ".join(unique(names)) or None
    draft.keywords = unique(texts(item, "keywords"))
    draft.provider = text(item, "source") or "Belga"
    draft.credit = text(item, "credit") or None
    draft.located = text(item, "city") or None
    stated.set_note(draft, raw(item, "editorialinfo"))
    draft.first_created = _milliseconds(item, "createdate")
    draft.version_created = _milliseconds(item, "validatedate") or draft.first_created
    return stated.complete(draft)


def _milliseconds(item: Object, name: str) -> datetime | None:
    since = jsontree.whole(item, name)
    try:
        return datetime.fromtimestamp(since / 1000, UTC) if since else None
    except (OverflowError, OSError, ValueError):
        return None


def _is_belga_image(item: Object) -> bool:
    return "imageid" in item and "caption" in item


def _belga_image(item: Object) -> Draft:
    # "belgaimage:1234" is how Belga's own addresses name the picture.
    draft = _common(
        item, id=f"belgaimage:{text(item, 'imageid')}", headline=raw(item, "name"), body=""
    )
    draft.type = ItemType.PICTURE
    words, credit = markup.plain(raw(item, "caption")), text(item, "author", "credit")
    if words:
        draft.captions = [Caption(text=words, credit=credit or None)]
    draft.byline = text(item, "author") or None
    draft.provider = text(item, "source") or "Belga"
    draft.credit = text(item, "credit") or None
    draft.located = text(item, "city") or None
    draft.keywords = unique(texts(item, "keywords"))
    stated.set_date(draft, "version_created", text(item, "createdate"))
    return stated.complete(draft)


# --- Onclusive ---------------------------------------------------------------------------------


def _is_onclusive(item: Object) -> bool:
    return "itemid" in item and "summary" in item and "startdate" in item


def _onclusive(item: Object) -> Draft:
    draft = _common(
        item, id=text(item, "itemid"), headline=raw(item, "summary"), body=raw(item, "description")
    )
    draft.type = ItemType.EVENT
    draft.provider = "Onclusive"
    if item.get("deleted") is True:
        stated.set_status(draft, "canceled")
    stated.set_date(draft, "first_created", text(item, "createddate"))
    stated.set_date(draft, "version_created", text(item, "lasteditdateutc", "lasteditdate"))
    draft.located = text(item, "venue") or None
    draft.url = text(item, "website") or None
    draft.keywords = unique([text(one, "categoryname") for one in objects(item, "categories")])
    for name, ours in (
        ("startdate", "start"),
        ("enddate", "end"),
        ("countryname", "country"),
        ("eventtypename", "event_type"),
    ):
        if value := text(item, name):
            draft.extra[ours] = value
    provisional: JsonValue = item.get("isprovisional")
    if isinstance(provisional, bool):
        draft.extra["provisional"] = provisional
    return stated.complete(draft)


VENDORS = (
    Vendor(_is_fingerpost, _fingerpost),
    Vendor(_is_reuters, _reuters),
    Vendor(_is_belga_press, _belga_press),
    Vendor(_is_belga_360, _belga_360),
    Vendor(_is_belga_image, _belga_image),
    Vendor(_is_onclusive, _onclusive),
)
