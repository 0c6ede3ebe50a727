"""dpa digitalwires: dpa's own JSON, read to the story of the NewsML-G2 that dpa makes of it."""

from __future__ import annotations

import re
from html import unescape
from typing import TypeAlias

from pydantic import JsonValue

from newswire.formats.base import jsontree
from newswire.formats.base.clean import language_tag, one_line, unique
from newswire.formats.base.jsontree import Object, raw, text
from newswire.formats.base.jsontree import objects_as_named as objects
from newswire.formats.fields import iptc, stated
from newswire.formats.web import markup
from newswire.stories.draft import Draft
from newswire.stories.model import Block, Caption, Contributor, ItemType, Link

_Categories: TypeAlias = dict[str, list[Object]]
"""Under their types: dpa's subjects, names and codes of all kinds stand in one list."""
_PICTURES = frozenset(("image", "picture", "graphic"))
_SUBJECTS = ("dnltype:desk", "dnltype:geosubject", "dnltype:dpasubject")
"""In the order in which dpa's converter has them."""
_NOTES_OF_NOBODY = frozenset(("dpaednoterole:closingline", "dpaednoterole:embargo"))
"""The desk's initials, and the embargo in words that the field states in full."""
_EXTRA = {
    "dnltype:genre": "genres",
    "dnltype:wire": "services",
    "dnltype:signal": "signals",
    "dnltype:poi": "places",
}
_HREF = re.compile(r"""<a\s[^<>]*?href\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE)


def is_item(item: Object) -> bool:
    """Whether an object, its names in lower case, is an entry of digitalwires."""
    known = str(item.get("format") or "").startswith("digitalwires") or "article_html" in item
    return isinstance(item.get("urn"), str) and known


def draft_of(item: Object) -> Draft:
    """Read one entry.

    Raises:
        NoHeadline, NoArticle: a usable text without a headline or a body.
    """
    categories: _Categories = {}
    for one in objects(item, "categories"):
        categories.setdefault(text(one, "type"), []).append(one)
    draft = Draft(
        id=text(item, "urn") or None,
        headline=text(item, "headline") or None,
        byline=text(item, "byline") or _names(categories, "dnltype:creator") or None,
        language=language_tag(text(item, "language")),
        provider=_names(categories, "dnltype:provider") or "dpa",
        credit=text(item, "creditline") or None,
        keywords=unique([text(one, "name") for one in categories.get("dnltype:keyword", [])]),
        rights=text(item, "copyrightnotice") or None,
        contributors=[
            Contributor(role="other", name=name)
            for one in categories.get("dnltype:contributor", [])
            if (name := text(one, "name"))
        ],
    )
    stated.set_status(draft, item.get("pubstatus"))
    stated.set_embargo(draft, item.get("embargoed"))
    stated.set_note(draft, _notes(item))
    stated.set_version(draft, text(item, "version"))
    stated.set_urgency(draft, jsontree.whole(item, "urgency"))
    stated.set_date(draft, "version_created", text(item, "version_created"))
    _set_subjects(draft, categories)
    _set_content(draft, item)
    _set_extra(draft, item, categories)
    return stated.complete(draft)


def _names(categories: _Categories, kind: str) -> str:
    return ", ".join(unique([text(one, "name") for one in categories.get(kind, [])]))


def _notes(item: Object) -> str:
    """The notes that may be published. The notepad repeats them, with those that may not."""
    said = [
        raw(one, "ednote")
        for one in objects(item, "ednotes")
        if one.get("is_publishable") is True and text(one, "role") not in _NOTES_OF_NOBODY
    ]
    return "\n".join(dict.fromkeys(said))


def _set_subjects(draft: Draft, categories: _Categories) -> None:
    for one in (one for kind in _SUBJECTS for one in categories.get(kind, [])):
        iptc.add_subject(draft, text(one, "qcode"), text(one, "name"))


def _set_content(draft: Draft, item: Object) -> None:
    article = markup.running(raw(item, "article_html"))
    teaser = markup.plain(raw(item, "teaser"))
    dateline = one_line(raw(item, "dateline"))
    if article.blocks:
        # As in what dpa's own converter makes of it: the teaser, and then the dateline.
        first = article.blocks[0]
        if dateline and not first.text.startswith(dateline):
            article.blocks[0] = Block(kind=first.kind, text=f"{dateline} {first.text}")
        draft.body = [Block(text=teaser)] if teaser else []
        draft.body += article.blocks + markup.running(raw(item, "infobox_html")).blocks
    elif teaser:
        draft.extra["description"] = teaser
    draft.captions = article.captions
    if dateline:
        draft.dateline = dateline
        draft.located = re.split(r"\s*[(,]", dateline)[0] or None
    draft.links = [
        Link(rel="related", href=unescape(href))
        for href in dict.fromkeys(_HREF.findall(raw(item, "linkbox_html")))
    ]
    for one in objects(item, "associations"):
        kind, urn = text(one, "type"), text(one, "urn")
        caption = markup.plain(raw(one, "caption"))
        if urn == draft.id and not article.blocks:
            # The entry is that picture or recording, and has no text of its own.
            stated.set_type(draft, kind)
        if caption and kind in _PICTURES:
            credit = text(one, "creditline")
            draft.captions.append(Caption(text=caption, credit=credit or None))
        elif caption and draft.type is not ItemType.TEXT:
            draft.captions.append(Caption(text=caption))
        if urn and urn != draft.id:
            draft.links.append(Link(rel="related", href=urn))


def _set_extra(draft: Draft, item: Object, categories: _Categories) -> None:
    for kind, ours in _EXTRA.items():
        names: list[JsonValue] = list(
            unique([text(one, "name") for one in categories.get(kind, [])])
        )
        if names:
            draft.extra[ours] = names
    for name in ("kicker", "subhead", "usageterms", "content_created"):
        if value := text(item, name):
            draft.extra["usage_terms" if name == "usageterms" else name] = value
