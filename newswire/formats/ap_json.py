"""AP Media API: an item, or a page of a feed, as the API answers.

The text is in renditions of their own (NITF, ANPA), which the API gives at another address: an
item whose text isn't put beside it is a component that links to them.
"""

from __future__ import annotations

from pydantic import JsonValue

from newswire.formats.base import jsontree
from newswire.formats.base.clean import language_tag, unique
from newswire.formats.base.jsontree import Object, object_in, raw, text, texts
from newswire.formats.base.jsontree import objects_as_named as objects
from newswire.formats.fields import iptc, stated
from newswire.formats.lines import wirecopy
from newswire.formats.web import markup
from newswire.stories.draft import Draft
from newswire.stories.model import Caption, ItemType, Link

_WITHDRAWN = frozenset(("kill", "elimination"))
_WITHHELD = frozenset(("withhold", "withheld"))
"""AP's editorial types of an item that stops another."""
_TEXT_RENDITIONS = ("nitf", "anpa", "caption_nitf")
_KEPT = {
    "profile": "profile",
    "headline_extended": "headline_extended",
    "description_summary": "description",
    "editorialpriority": "editorial_priority",
    "editorialrole": "editorial_role",
    "textformat": "text_format",
}
_NAMED = {"person": "people", "place": "places", "organisation": "organisations"}


def is_item(item: Object) -> bool:
    """Whether an object, its names in lower case, holds an item: the answer for one, or of a feed.

    The text, where a client has put it there, stands beside the item.
    """
    return "itemid" in object_in(_item(item), "altids")


def _item(answer: Object) -> Object:
    data = answer.get("data")
    within = data if isinstance(data, dict) else answer
    return object_in(within, "item") or (within if "altids" in within else {})


def draft_of(answer: Object) -> Draft:
    """Read one item.

    Raises:
        NoHeadline, NoArticle: a usable text without a headline or a body.
    """
    item = jsontree.lowered(_item(answer))
    draft = Draft(
        id=text(object_in(item, "altids"), "itemid") or None,
        headline=text(item, "headline", "title") or None,
        byline=", ".join(unique([text(one, "by") for one in objects(item, "bylines")])) or None,
        located=text(item, "located") or text(object_in(item, "datelinelocation"), "city") or None,
        language=language_tag(text(item, "language")),
        provider=text(item, "provider") or None,
        credit=text(item, "description_creditline") or None,
        slugline=text(item, "slugline") or None,
        keywords=unique(texts(item, "keywords")),
        rights=text(item, "copyrightnotice") or None,
    )
    stated.set_status(draft, item.get("pubstatus"))
    kinds = {kind.lower() for kind in texts(item, "editorialtypes")}
    if kinds & _WITHDRAWN:
        stated.set_status(draft, "canceled")
    elif kinds & _WITHHELD:
        stated.set_status(draft, "withheld")
    stated.set_embargo(draft, item.get("embargoed"))
    stated.set_note(draft, raw(item, "ednote"))
    stated.set_type(draft, text(item, "type"))
    stated.set_version(draft, text(item, "version"))
    stated.set_urgency(draft, jsontree.whole(item, "urgency"))
    stated.set_date(draft, "first_created", text(item, "firstcreated"))
    stated.set_date(draft, "version_created", text(item, "versioncreated"))
    _set_subjects(draft, item)
    _set_content(draft, item, answer)
    _set_links(draft, item)
    for name, ours in _KEPT.items():
        if value := text(item, name):
            draft.extra[ours] = value
    for name, ours in _NAMED.items():
        names: list[JsonValue] = list(unique([text(one, "name") for one in objects(item, name)]))
        if names:
            draft.extra[ours] = names
    return stated.complete(draft)


def _set_subjects(draft: Draft, item: Object) -> None:
    """AP's own subjects; its wire categories, which are one letter, go to the section's place."""
    categories: list[JsonValue] = []
    for one in objects(item, "subject"):
        code, name = text(one, "code"), text(one, "name")
        if any("category" in rel for rel in texts(one, "rels")):
            categories.append(name or code)
        elif code:
            iptc.add_subject(draft, stated.qcode(code, text(one, "scheme")), name)
    if categories:
        draft.extra["categories"] = categories


def _set_content(draft: Draft, item: Object, answer: Object) -> None:
    beside = [object_in(answer, "nitf"), object_in(item, "nitf")]
    body = next((html for one in beside if (html := raw(one, "body_html"))), "")
    content = markup.running(body or raw(item, "body_nitf", "body_html", "body_text"))
    draft.body, draft.captions = content.blocks, content.captions
    words = markup.plain(raw(item, "description_caption"))
    if words:
        photographer = text(object_in(item, "photographer"), "name")
        credit = " / ".join(unique([photographer, draft.credit or ""]))
        caption = wirecopy.caption(words)
        own = caption or Caption(text=words, credit=credit or None)
        draft.captions = [own, *draft.captions]
    if draft.type is ItemType.TEXT and not draft.body and item.get("renditions"):
        draft.type = ItemType.COMPONENT


def _set_links(draft: Draft, item: Object) -> None:
    found = []
    for one in objects(item, "links"):
        href, rel = text(one, "href"), text(one, "rel")
        if rel == "canonical" and href:
            draft.url = draft.url or href
        elif href:
            found.append(Link(rel=rel or "related", href=href))
    for one in objects(item, "associations"):
        href = text(object_in(one, "altids"), "itemid") or text(one, "uri")
        if href:
            found.append(Link(rel="related", href=href))
    renditions = object_in(item, "renditions")
    for name in _TEXT_RENDITIONS:
        if href := text(object_in(renditions, name), "href"):
            found.append(Link(rel="alternate", href=href))
    draft.links = list(dict.fromkeys(found))
