"""ninjs 1 to 3 and its dialects (Superdesk, TT), one item at a time.

IPTC ninjs: a news item as a JSON object. ninjs 1 writes ``body_html`` and ``byline``, ninjs 2 and 3
``bodies`` and ``by``, ninjs 3 names in camel case; associations nest whole items.
"""

from __future__ import annotations

from pydantic import JsonValue

from newswire.formats.base import jsontree
from newswire.formats.base.clean import language_tag, one_line, unique
from newswire.formats.base.jsontree import Object, objects, raw, text, texts
from newswire.formats.fields import iptc, stated
from newswire.formats.lines import wirecopy
from newswire.formats.web import markup
from newswire.formats.web.markup import Content
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, Contributor, ItemType, Link, Role

_IDS = ("guid", "uri", "_id")
"""Superdesk's ``guid`` is what other items refer to; its ``uri`` then is where the API has it."""
_SIGNS = frozenset(
    "versioncreated firstcreated pubstatus headline headlines bodies body_text body_html "
    "body_xhtml body_html5 body_richhtml5 description_text descriptions representationtype".split()
)
_HTML_BODIES = ("body_html", "body_xhtml", "body_html5", "body_richhtml5")
_EMBARGOES = ("embargoed", "embargoeduntil", "embargo", "embargoeddate")
"""IPTC's name, the one that ninjs 3 has in mind for it, and dialects'."""
_PUBLISHED_STATES = frozenset("published corrected ingested routed fetched being_corrected".split())
_WITHDRAWN_STATES = frozenset("killed recalled unpublished".split())
_MEDIA = frozenset((ItemType.PICTURE, ItemType.GRAPHIC, ItemType.VIDEO, ItemType.AUDIO))
_EARLIER = ("evolvedfrom", "replacing", "rewrite_of")
_KEPT = {
    "profile": "profile",
    "priority": "priority",
    "usageterms": "usage_terms",
    "copyrightholder": "copyright_holder",
    "title": "title",
    "contentcreated": "content_created",
    "charcount": "char_count",
    "wordcount": "word_count",
    "embargoedreason": "embargoed_reason",
    "webprio": "web_priority",
}
"""What :class:`Story` has no field for, by its name in ``extra``."""
_NAMED = {
    "genre": "genres",
    "genres": "genres",
    "service": "services",
    "services": "services",
    "anpa_category": "services",
    "person": "people",
    "people": "people",
    "organisation": "organisations",
    "organisations": "organisations",
    "place": "places",
    "places": "places",
    "event": "events",
    "events": "events",
    "object": "objects",
    "objects": "objects",
    "infosource": "info_sources",
    "infosources": "info_sources",
}
"""Concepts whose names are kept in ``extra``, and nothing else: contacts may stand beside them."""
_ROLES = ("writer", "author", "reporter", "journalist")
_LEFT_OUT = frozenset(("dat", "byline", "vignette"))
"""Classes of what TT's HTML repeats of the item's other fields."""


def is_item(item: Object) -> bool:
    """Whether an object, its names in lower case, is an item of ninjs."""
    return any(isinstance(item.get(name), str) for name in _IDS) and not _SIGNS.isdisjoint(item)


def draft_of(item: Object) -> Draft:
    """Read one item.

    Args:
        item: its names in lower case.

    Raises:
        NoHeadline, NoArticle: a usable text without a headline or a body.
    """
    draft = Draft(
        id=text(item, *_IDS) or None,
        headline=_headline(item) or None,
        byline=_byline(item) or None,
        located=_located(item) or None,
        language=language_tag(text(item, "language")),
        provider=text(item, "source", "original_source", "provider", "copyrightholder") or None,
        credit=text(item, "creditline") or None,
        slugline=text(item, "slugline") or None,
        keywords=unique(texts(item, "keywords")),
        rights=text(item, "copyrightnotice") or None,
        contributors=_contributors(item),
    )
    _set_subjects(draft, item)
    _set_what_publishing_needs(draft, item)
    stated.set_type(draft, text(item, "type"))
    stated.set_version(draft, text(item, "version"))
    stated.set_urgency(draft, jsontree.whole(item, "urgency"))
    stated.set_date(draft, "first_created", text(item, "firstcreated"))
    stated.set_date(draft, "version_created", text(item, "versioncreated"))
    dateline = text(jsontree.object_in(item, "dateline"), "text") or text(item, "dateline")
    draft.dateline = dateline or None
    _set_content(draft, item)
    draft.links = _links(draft, item)
    _set_extra(draft, item)
    if draft.type is ItemType.TEXT and not draft.body and _is_elsewhere(item):
        draft.type = ItemType.COMPONENT
    return stated.complete(draft)


def _set_what_publishing_needs(draft: Draft, item: Object) -> None:
    stated.set_status(draft, item.get("pubstatus"))
    state = text(item, "state")
    if state in _WITHDRAWN_STATES:
        stated.set_status(draft, "canceled")
    elif (state and state not in _PUBLISHED_STATES) or _is_marked(item):
        stated.set_status(draft, "withheld")
    schedule = jsontree.object_in(item, "schedule_settings")
    for end in (*map(item.get, _EMBARGOES), schedule.get("utc_embargo")):
        stated.set_embargo(draft, end)
    stated.set_date(draft, "expires", text(item, "expires", "expiry"))
    if draft.embargoed_until is None or raw(item, "ednote"):
        stated.set_note(draft, raw(item, "ednote"))


def _is_marked(item: Object) -> bool:
    """Superdesk's flag, and TT's profile of what is "for information, not to be published"."""
    is_flagged = jsontree.object_in(item, "flags").get("marked_for_not_publication") is True
    is_tts = text(item, "uri").startswith(("http://tt.se/", "https://tt.se/"))
    return is_flagged or (is_tts and text(item, "profile") == "INFO")


def _is_elsewhere(item: Object) -> bool:
    """Whether an item without a body has something else to show, or points to it."""
    return bool(item.get("associations") or item.get("renditions"))


# --- headline, byline, subjects ----------------------------------------------------------------


def _headline(item: Object) -> str:
    stated_headline = markup.plain(raw(item, "headline"))
    return stated_headline or _by_role(item, "headlines", "main") or text(item, "name", "title")


def _by_role(item: Object, name: str, role: str) -> str:
    """The value in that role, else the first value, as one line of text."""
    values = objects(item, name)
    first = [one for one in values if text(one, "role") == role] + values
    found = next((value for one in first if (value := raw(one, "value"))), "")
    return markup.plain(found)


def _byline(item: Object) -> str:
    stated_byline = markup.plain(raw(item, "byline", "by"))
    if stated_byline:
        return stated_byline
    several = [text(one, "byline", "by", "value") for one in objects(item, "bylines")]
    return ", ".join(unique(several))


def _located(item: Object) -> str:
    located = item.get("located")
    if isinstance(located, dict):
        return text(located, "name", "city")
    if isinstance(located, list):
        return next((text(one, "name") for one in objects(item, "located")), "")
    return one_line(located) if isinstance(located, str) else ""


def _set_subjects(draft: Draft, item: Object) -> None:
    for one in objects(item, "subject") + objects(item, "subjects"):
        code = text(one, "code", "qcode", "uri", "literal")
        iptc.add_subject(draft, stated.qcode(code, text(one, "scheme")), text(one, "name"))
    for word in texts(item, "subject") + texts(item, "subjects"):
        iptc.add_subject(draft, word)


def _contributors(item: Object) -> list[Contributor]:
    found = []
    for one in objects(item, "authors"):
        name, role = text(one, "name"), text(one, "role").lower()
        if name:
            known: Role = (
                "writing" if role in _ROLES else "editing" if role == "editor" else "other"
            )
            found.append(Contributor(role=known, name=name))
    return list(dict.fromkeys(found))


# --- body, captions, links ---------------------------------------------------------------------


def _set_content(draft: Draft, item: Object) -> None:
    for html in _html_bodies(item):
        content = _read_html(html, draft.headline or "")
        if content.blocks:
            draft.body, draft.captions = content.blocks, content.captions
            break
    if not draft.body:
        draft.body = markup.running(_text_body(item)).blocks
    if draft.type in _MEDIA:
        own = _caption(item)
        draft.captions = [own, *draft.captions] if own else draft.captions
    nested = [_caption(one) for one in objects(item, "associations") if _is_media(one)]
    both = [*draft.captions, *filter(None, nested)]
    # The same picture may stand in the HTML and in the associations, its credit in one of them.
    by_text: dict[str, Caption] = {}
    for caption in both:
        if caption.text not in by_text or caption.credit:
            by_text[caption.text] = caption
    draft.captions = list(by_text.values())


def _html_bodies(item: Object) -> list[str]:
    found = [raw(item, name) for name in _HTML_BODIES]
    for one in objects(item, "bodies"):
        if "html" in text(one, "contenttype", "mimetype", "role").lower():
            found.append(raw(one, "value"))
    return [html for html in found if html]


def _text_body(item: Object) -> str:
    if raw(item, "body_text"):
        return raw(item, "body_text")
    bodies = objects(item, "bodies")
    texts_first = [one for one in bodies if "xml" not in text(one, "contenttype").lower()]
    return next((value for one in texts_first if (value := raw(one, "value"))), "")


def _read_html(html: str, headline: str) -> Content:
    if "<html" not in html[:200] and "<article" not in html[:400]:
        return markup.running(html)
    root = markup.document(html)
    if root is None:
        return Content()
    for element in list(root.iter("h1", "div", "span")):
        repeats = element.tag == "h1" and one_line(element.text_content()) == headline
        if repeats or element.get("class", "") in _LEFT_OUT:
            element.drop_tree()
    return markup.read(root)


def _is_media(item: Object) -> bool:
    probe = Draft()
    stated.set_type(probe, text(item, "type"))
    return probe.type in _MEDIA


def _caption(item: Object) -> Caption | None:
    described = (
        raw(item, "description_text", "description_html", "description_caption")
        or _by_role(item, "descriptions", "caption")
        or raw(item, "body_text")
    )
    words = markup.plain(described)
    if not any(letter.isalnum() for letter in words):
        return None
    credit = _byline(item) or text(item, "creditline")
    if credit:
        return Caption(text=words, credit=wirecopy.clean_credit(credit))
    return wirecopy.caption(words) or Caption(text=words)


def _links(draft: Draft, item: Object) -> list[Link]:
    found: list[Link] = []
    for name in _EARLIER:
        for href in texts(item, name):
            found.append(Link(rel="previous", href=href))
    for href in texts(item, "replacedby"):
        found.append(Link(rel="next", href=href))
    for revision in objects(item, "revisions"):
        href = text(revision, "uri", "guid")
        if href and href != draft.id:
            found.append(Link(rel="revision", href=href))
    for one in objects(item, "associations"):
        href = text(one, *_IDS)
        if href and not (_is_media(one) and _caption(one)):
            found.append(Link(rel="related", href=href))
    return list(dict.fromkeys(found))


# --- the rest ----------------------------------------------------------------------------------


def _set_extra(draft: Draft, item: Object) -> None:
    description = markup.plain(raw(item, "description_text", "description_html", "abstract"))
    description = description or _by_role(item, "descriptions", "text")
    if description and draft.type not in _MEDIA and description != draft.headline:
        draft.extra["description"] = description
    for name, value in item.items():
        if kept := _KEPT.get(name):
            if isinstance(value, str):
                value = one_line(value)
            if value and isinstance(value, str | int | float):
                draft.extra[kept] = value
        elif (named := _NAMED.get(name)) and value:
            names: list[JsonValue] = list(
                unique([text(one, "name") for one in objects(item, name)])
            )
            if names:
                draft.extra[named] = names
    signals: list[JsonValue] = list(texts(item, "signals") + texts(item, "signal"))
    if signals:
        draft.extra["signals"] = signals
