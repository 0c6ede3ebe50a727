"""The text, captions and files of a NewsML 1 component."""

from __future__ import annotations

from lxml import etree

from newswire.formats import inline, iptc
from newswire.formats.inline import Inline
from newswire.formats.xmltree import attribute, child, name
from newswire.stories.draft import Draft
from newswire.stories.model import ItemType, Link, PubStatus

_MEDIA = {
    "photo": ItemType.PICTURE,
    "picture": ItemType.PICTURE,
    "image": ItemType.PICTURE,
    "graphic": ItemType.GRAPHIC,
    "animation": ItemType.GRAPHIC,
    "audio": ItemType.AUDIO,
    "sound": ItemType.AUDIO,
    "video": ItemType.VIDEO,
}
"""By a content item's ``MediaType``, its ``MimeType``, or the role of the component that has it."""
_MOST = 500


def read(draft: Draft, part: etree._Element) -> None:
    """Read a story's component into its draft: text, captions, files, kind."""
    files: list[str] = []
    kinds: list[ItemType] = []
    lead: Inline | None = None
    caption: Inline | None = None
    for item in part.iter("{*}ContentItem"):
        role = _role(item, part)
        media = _medium(item, role)
        if media is not None:
            kinds.append(media)
        href = attribute(item, "Href")
        if href:
            files.append(href)
        found = _content(child(item, "DataContent"))
        if found is None or not found.blocks:
            continue
        if role == "title":
            draft.headline = draft.headline or found.blocks[0].text
        elif role == "caption":
            words = "\n".join(block.text for block in found.blocks)
            draft.captions.append(inline.read_caption(words))
            caption = caption or found
        elif role == "lead":
            lead = found
        elif not draft.body:
            _take(draft, found)
    has_text = bool(draft.body or lead)
    if lead is not None and draft.body[:1] != lead.blocks[:1]:
        draft.body[:0] = lead.blocks
    if caption is not None and not draft.body:
        draft.body = caption.blocks  # of a picture that stands by itself
    draft.captions = list(dict.fromkeys(draft.captions))
    iptc.keep(draft, "content", files[:_MOST])
    _set_type(draft, part, kinds, has_text)


def _take(draft: Draft, found: Inline) -> None:
    draft.headline = draft.headline or found.headline or found.title or None
    draft.byline = draft.byline or found.byline or None
    draft.dateline = draft.dateline or found.dateline or None
    iptc.keep(draft, "subheadlines", inline.headings(found, draft.headline))
    iptc.keep(draft, "abstract", [found.abstract])
    iptc.keep(draft, "loose_text", found.loose)
    draft.body = found.blocks
    draft.captions += found.captions


def _content(data: etree._Element | None) -> Inline | None:
    if data is None:
        return None
    first = next(data.iterchildren(etree.Element), None)
    if first is None:
        return inline.read_string(data.text or "")
    return inline.read(first if name(first) in {"nitf", "html"} else data)


def _role(item: etree._Element, part: etree._Element) -> str:
    """The role of the nearest component around a content item that has one."""
    for component in item.iterancestors("{*}NewsComponent"):
        role = attribute(child(component, "Role"), "FormalName").lower()
        if role or component is part:
            return role
    return ""


def _medium(item: etree._Element, role: str) -> ItemType | None:
    stated = attribute(child(item, "MediaType"), "FormalName").lower()
    mime = attribute(child(item, "MimeType"), "FormalName").lower().partition("/")[0]
    return _MEDIA.get(stated) or _MEDIA.get(mime) or (_MEDIA.get(role) if not stated else None)


def _set_type(draft: Draft, part: etree._Element, kinds: list[ItemType], has_text: bool) -> None:
    role = attribute(child(part, "Role"), "FormalName").lower()
    if role in _MEDIA or (kinds and not has_text):
        draft.type = _MEDIA.get(role) or kinds[0]
        return
    references = [
        attribute(reference, "NewsItem")
        for reference in part.iterdescendants("{*}NewsItemRef", "{*}NewsItem")
    ]
    links = [Link(rel="item", href=href) for href in filter(None, references)]
    draft.links = list(dict.fromkeys([*draft.links, *links[:_MOST]]))
    if not draft.body and draft.pub_status is PubStatus.USABLE:
        draft.type = ItemType.COMPOSITE if links else ItemType.COMPONENT
