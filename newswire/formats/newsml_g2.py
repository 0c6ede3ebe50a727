"""NewsML-G2: news, package, concept, knowledge and planning items, alone or in a news message.

Source: NewsML-G2 Guidelines and specification 2.35, https://iptc.org/std/NewsML-G2/. Agencies' own
additions (Reuters' signals, dpa's and STT's subjects) are kept as they are stated.
"""

from __future__ import annotations

from lxml import etree

from newswire.errors import NoArticle, ParseError
from newswire.formats.base.clean import language_tag, unique
from newswire.formats.base.document import Document, Entries, Failure
from newswire.formats.base.room import Room, refuse_crowd
from newswire.formats.fields import iptc, stated
from newswire.formats.xml import blocks as xmlblocks
from newswire.formats.xml import copy as xmlcopy
from newswire.formats.xml import inline
from newswire.formats.xml import tree as xmltree
from newswire.formats.xml.tree import Children, attribute, by_name, child, children, name, text
from newswire.stories.draft import Draft
from newswire.stories.model import Contributor, ItemType, Link, PubStatus

_TYPES = {
    "newsItem": ItemType.TEXT,
    "packageItem": ItemType.COMPOSITE,
    "planningItem": ItemType.PLANNING,
    "conceptItem": ItemType.CONCEPT,
    "knowledgeItem": ItemType.CONCEPT,
    "catalogItem": ItemType.CONCEPT,
}
_CLASSES = {
    "text": ItemType.TEXT,
    "picture": ItemType.PICTURE,
    "photo": ItemType.PICTURE,
    "graphic": ItemType.GRAPHIC,
    "animation": ItemType.GRAPHIC,
    "audio": ItemType.AUDIO,
    "video": ItemType.VIDEO,
    "composite": ItemType.COMPOSITE,
    "component": ItemType.COMPONENT,
    "event": ItemType.EVENT,
}
"""By the code in ``ninat:`` (news item nature), ``icls:`` (Reuters) and ``cinat:``."""
_RELATIONS = {
    "prevVersion": "previous",
    "previousVersion": "previous",
    "evolvedFrom": "evolved-from",
    "seeAlso": "related",
    "isA": "related",
    "translatedFrom": "translated-from",
}
_CAPTIONED = frozenset((ItemType.PICTURE, ItemType.GRAPHIC, ItemType.VIDEO, ItemType.AUDIO))
_KEPT = {
    "role": "roles",
    "signal": "signals",
    "service": "services",
    "profile": "profile",
    "title": "titles",
}
"""What there is no field for in ``itemMeta``, and where it is kept."""
PARTS = {"contentSet": "newsItem", "contentMeta": "newsItem", "groupSet": "packageItem"}
"""Parts of an item that stand by themselves in some documents, and the item each is of."""
_TEXTS = frozenset(("html", "nitf", "body", "div", "p"))
"""Roots of inline XML that is text."""
_MOST_LINKS = 500


def parse(document: Document) -> Entries:
    """Read every item of a document.

    Raises:
        MalformedInput, InputTooLarge: see :func:`xml.tree.read`.
        InputTooLarge: also more items, or paragraphs in all of them, than any message has.
        NoArticle: a message without items.
    """
    root = _whole(xmltree.read(document))
    items = [root]
    if name(root) == "newsMessage":
        items = [
            item
            for item_set in children(root, "itemSet")
            for item in item_set.iterchildren(etree.Element)
        ]
    refuse_crowd(len(items))
    room = Room()
    drafts: list[Draft] = []
    failures: list[Failure] = []
    for number, item in enumerate(items, 1):
        try:
            draft = _draft(item)
        except ParseError as error:
            if len(items) == 1:
                raise
            failures.append(Failure(attribute(item, "guid") or f"item {number}", error))
        else:
            room.take(draft)
            drafts.append(draft)
    if not items:
        raise NoArticle("a newsMessage without items")
    return Entries(drafts, failures)


def _whole(root: etree._Element) -> etree._Element:
    """The item of a part that is handed on by itself, and says nothing more of its item."""
    kind = PARTS.get(name(root))
    if kind is None:
        return root
    item = etree.Element(kind)
    item.append(root)
    return item


def _draft(item: etree._Element) -> Draft:
    kind = _TYPES.get(name(item))
    if kind is None:
        raise NoArticle(f"an item <{name(item)}>, which is no news, package, concept or plan")
    draft = Draft(id=attribute(item, "guid") or None, type=kind)
    stated.set_version(draft, attribute(item, "version"))
    draft.language = language_tag(item.get(xmltree.XML_LANG))
    parts = by_name(item)
    _management(draft, by_name(parts.first("itemMeta")))
    if "rightsInfo" in parts:
        _rights(draft, by_name(parts["rightsInfo"][0]))
    content = by_name(parts.first("contentMeta"))
    _content_meta(draft, content, parts)
    if kind is ItemType.COMPOSITE or draft.type is ItemType.COMPOSITE:
        _package(draft, item)
    elif kind is ItemType.CONCEPT:
        _concept(draft, parts)
    _content_set(draft, parts.first("contentSet"))
    if "description" in content:
        _captions(draft, content["description"])
    if draft.id is None and not _says_something(draft):
        raise NoArticle("an item without a guid, a headline, a text, links and subjects")
    xmlcopy.finish(draft)
    return draft


def _says_something(draft: Draft) -> bool:
    return bool(draft.body or draft.headline or draft.links or draft.subjects)


# --- about the item ----------------------------------------------------------------------------


def _management(draft: Draft, meta: Children) -> None:
    kind = _code(meta.first("itemClass"))
    draft.type = _CLASSES.get(kind.rpartition(":")[2].rpartition("/")[2], draft.type)
    draft.provider = _named(meta.first("provider")) or None
    stated.set_date(draft, "version_created", meta.text("versionCreated"))
    stated.set_date(draft, "first_created", meta.text("firstCreated"))
    stated.set_date(draft, "expires", meta.text("expires"))
    stated.set_status(draft, _code(meta.first("pubStatus")))
    for embargo in meta.texts("embargoed"):
        stated.set_embargo(draft, embargo)
    iptc.set_ednote(draft, [text(note) for note in meta.get("edNote", ()) if _is_public(note)])
    draft.links = _links(meta.get("link", []))
    iptc.keep(draft, "item_class", [kind])
    for local, key in _KEPT.items():
        if local in meta:
            iptc.keep(draft, key, [_code(found) or _named(found) for found in meta[local]])


def _is_public(note: etree._Element) -> bool:
    """Whether a note may be published: dpa says so in ``pubconstraint``, and repeats all of its
    notes, private ones too, in one that is marked up.
    """
    constraint = attribute(note, "pubconstraint").rpartition(":")[2]
    return constraint in {"", "public"} and not len(note)


def _links(elements: list[etree._Element]) -> list[Link]:
    found = []
    for element in elements[:_MOST_LINKS]:
        relation = attribute(element, "rel").rpartition(":")[2]
        href = _address(element)
        if href:
            found.append(Link(rel=_RELATIONS.get(relation, relation) or "related", href=href))
    return list(dict.fromkeys(found))


def _rights(draft: Draft, rights: Children) -> None:
    notices = [*rights.get("copyrightNotice", ()), *rights.get("usageTerms", ())]
    draft.rights = "\n".join(unique([text(notice) for notice in notices])) or None
    holder = _named(rights.first("copyrightHolder"))
    if holder and holder != draft.provider:
        draft.extra["copyright_holder"] = holder


# --- about the content -------------------------------------------------------------------------


def _content_meta(draft: Draft, meta: Children, parts: Children) -> None:
    iptc.set_urgency(draft, meta.text("urgency"))
    main, *others = [one for one in map(text, meta.get("headline", ())) if one] or [""]
    draft.headline = main or None
    iptc.keep(draft, "other_headlines", others)
    draft.byline = meta.text("by") or _creators(meta.get("creator", [])) or None
    draft.dateline = meta.text("dateline") or None
    draft.credit = meta.text("creditline") or None
    draft.slugline = meta.text("slugline") or None
    draft.keywords = unique(meta.texts("keyword"))
    language = language_tag(meta.attribute("language", "tag"))
    draft.language = language or draft.language
    draft.located = _located(meta.first("located"), parts) or None
    for subject in meta.get("subject", ()):
        iptc.add_subject(draft, _code(subject), text(child(subject, "name")))
    draft.contributors = _contributors(meta.get("contributor", []))
    for local, key, read in (
        ("genre", "genres", _code),
        ("infoSource", "sources", _named),
        ("altId", "alternative_ids", text),
    ):
        if local in meta:
            iptc.keep(draft, key, [read(one) for one in meta[local]])
    created = meta.text("contentCreated")
    if created:
        draft.extra["content_created"] = created


def _creators(elements: list[etree._Element]) -> str:
    return next(filter(None, (text(child(element, "name")) for element in elements)), "")


def _contributors(elements: list[etree._Element]) -> list[Contributor]:
    found = [
        Contributor(role="other", name=known) for element in elements if (known := _named(element))
    ]
    return list(dict.fromkeys(found))


def _located(element: etree._Element | None, parts: Children) -> str:
    """The place's name, which may stand in an assertion about it."""
    known = text(child(element, "name"))
    if known or element is None:
        return known
    code = _code(element)
    for asserted in parts.get("assert", ()):
        if code and code == _code(asserted):
            locality = child(asserted, "POIDetails", "address", "locality", "name")
            known = text(child(asserted, "name")) or text(locality)
            if known:
                return known
    return attribute(element, "literal") or code


def _captions(draft: Draft, descriptions: list[etree._Element]) -> None:
    """Descriptions of a picture or a video are its captions; those of a text are of no picture."""
    others = []
    for description in descriptions:
        role = attribute(description, "role").rpartition(":")[2].lower()
        known = text(description)
        if known and draft.type in _CAPTIONED and role in {"", "caption"}:
            draft.captions.append(xmlblocks.read_caption(known))
        elif known:
            others.append(known)
    draft.captions = list(dict.fromkeys(draft.captions))
    iptc.keep(draft, "descriptions", others)


# --- the content -------------------------------------------------------------------------------


def _content_set(draft: Draft, content: etree._Element | None) -> None:
    remote: list[str] = []
    data: etree._Element | None = None
    for element in content if content is not None else ():
        kind = name(element)
        if kind == "inlineXML":
            if not _inline_xml(draft, element) and data is None:
                data = element
        elif kind == "inlineData" and not draft.body:
            xmlcopy.take(draft, inline.read_string(xmltree.characters(element)))
        elif kind == "remoteContent":
            remote.append(attribute(element, "href") or attribute(element, "residref"))
    iptc.keep(draft, "content", remote)
    if draft.body:
        return
    if draft.type is ItemType.TEXT and draft.pub_status is PubStatus.USABLE:
        draft.type = ItemType.COMPONENT
    if data is not None:
        xmlcopy.take(draft, inline.read_data(data))


def _inline_xml(draft: Draft, element: etree._Element) -> bool:
    """Read text; results, events and quotations are none: vocabularies without paragraphs."""
    root = next(element.iterchildren(etree.Element), None)
    kind = name(root) if root is not None else ""
    is_text = kind in _TEXTS or root is None or next(root.iterdescendants("{*}p"), None) is not None
    if not is_text:
        iptc.keep(draft, "inline", [kind])
    elif not draft.body:
        xmlcopy.take(draft, inline.read(element if root is None or kind == "p" else root))
    return is_text


def _package(draft: Draft, item: etree._Element) -> None:
    """The items that a package names are its links."""
    for number, reference in enumerate(item.iterdescendants("{*}itemRef")):
        if number == _MOST_LINKS:
            break
        href = _address(reference)
        if href:
            draft.links.append(Link(rel="item", href=href))
    draft.links = list(dict.fromkeys(draft.links))


def _concept(draft: Draft, parts: Children) -> None:
    concepts = parts.get("concept", [])
    concepts += [one for inner in parts.get("conceptSet", ()) for one in children(inner, "concept")]
    if concepts:
        draft.headline = draft.headline or text(child(concepts[0], "name")) or None
    kinds = [_code(child(concept, "type")) for concept in concepts]
    if kinds and all(kind == "cpnat:event" for kind in kinds):
        draft.type = ItemType.EVENT
    iptc.keep(draft, "concepts", [_code(child(one, "conceptId")) for one in concepts[:_MOST_LINKS]])


# --- what all of them are made of --------------------------------------------------------------


def _code(element: etree._Element | None) -> str:
    """A concept's code: a qcode, a URI or a literal, whichever is stated."""
    if element is None:
        return ""
    for key in ("qcode", "uri", "literal"):
        code = element.get(key)
        if code:
            return iptc.qcode(code)
    return ""


def _named(element: etree._Element | None) -> str:
    """A concept's name, else its literal, else its code without the scheme."""
    known = text(child(element, "name")) or attribute(element, "literal")
    if known:
        return known
    code = _code(element)
    return code if "/" in code else code.rpartition(":")[2]


def _address(element: etree._Element) -> str:
    return attribute(element, "residref") or attribute(element, "href")
