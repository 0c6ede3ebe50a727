"""The text, captions and files of a NewsML 1 component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from lxml import etree

from newswire.formats.fields import iptc
from newswire.formats.xml import blocks as xmlblocks
from newswire.formats.xml import copy as xmlcopy
from newswire.formats.xml import inline
from newswire.formats.xml.inline import Inline
from newswire.formats.xml.tree import Children, attribute, by_name, name
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


@dataclass(frozen=True, slots=True)
class Component:
    """A component: what is in it by name, looked up once, and the components among that."""

    element: etree._Element
    parts: Children
    inner: tuple[Component, ...]

    @classmethod
    def of(cls, element: etree._Element) -> Self:
        """Look up what is in an element, and in the components in it."""
        parts = by_name(element)
        return cls(element, parts, tuple(map(cls.of, parts.get("NewsComponent", ()))))

    @property
    def role(self) -> str:
        """In lower case; empty: it has none."""
        return self.parts.attribute("Role", "FormalName").lower()


def read(draft: Draft, part: Component) -> None:
    """Read a story's component into its draft: text, captions, files, kind."""
    texts = _Texts(draft)
    texts.component(part, "")
    draft.captions = list(dict.fromkeys(draft.captions))
    has_text = bool(draft.body or texts.lead)
    if texts.lead is not None and draft.body[:1] != texts.lead.blocks[:1]:
        draft.body[:0] = texts.lead.blocks
    alone = texts.caption or (texts.title if texts.kinds else None)
    if alone is not None and not draft.body:
        draft.body = alone.blocks  # of a picture or a sound that stands by itself
    iptc.keep(draft, "content", texts.files[:_MOST])
    links = [Link(rel="item", href=href) for href in texts.references[:_MOST]]
    draft.links = list(dict.fromkeys([*draft.links, *links]))
    own = _MEDIA.get(texts.role)
    if own is not None or (texts.kinds and not has_text):
        draft.type = own or texts.kinds[0]
    elif not draft.body and draft.pub_status is PubStatus.USABLE:
        draft.type = ItemType.COMPOSITE if links else ItemType.COMPONENT


class _Texts:
    """What the content items of a component and of the components in it hold."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.role = ""
        """Of the outermost component."""
        self.lead: Inline | None = None
        self.caption: Inline | None = None
        self.title: Inline | None = None
        self.kinds: list[ItemType] = []
        self.files: list[str] = []
        self.references: list[str] = []

    def component(self, component: Component, outer: str) -> None:
        """Read a component; one without a role has that of the component around it."""
        parts = component.parts
        role = component.role if "Role" in parts else outer
        if not outer:
            self.role = self.role or role
        for item in parts.get("ContentItem", ()):
            self._item(item, role)
        for local in ("NewsItemRef", "NewsItem"):
            for reference in parts.get(local, ()):
                if attribute(reference, "NewsItem"):
                    self.references.append(attribute(reference, "NewsItem"))
        for inner in component.inner:
            self.component(inner, role)

    def _item(self, item: etree._Element, role: str) -> None:
        parts = by_name(item)
        media = _medium(parts, role)
        if media is not None:
            self.kinds.append(media)
        href = attribute(item, "Href")
        if href:
            self.files.append(href)
        found = _content(parts["DataContent"][0]) if "DataContent" in parts else None
        if found is None or not found.blocks:
            return
        if role == "title":
            self.draft.headline = self.draft.headline or found.blocks[0].text
            self.title = self.title or found
        elif role == "caption":
            words = "\n".join(block.text for block in found.blocks)
            self.draft.captions.append(xmlblocks.read_caption(words))
            self.caption = self.caption or found
        elif role == "lead":
            self.lead = found
        elif not self.draft.body:
            xmlcopy.take(self.draft, found)


def _content(data: etree._Element) -> Inline:
    first = next(iter(data), None)
    if first is None:
        return inline.read_string(data.text or "")
    return inline.read(first if name(first) in {"nitf", "html"} else data)


def _medium(parts: Children, role: str) -> ItemType | None:
    stated = parts.attribute("MediaType", "FormalName").lower()
    mime = parts.attribute("MimeType", "FormalName").lower().partition("/")[0]
    return _MEDIA.get(stated) or _MEDIA.get(mime) or (None if stated else _MEDIA.get(role))
