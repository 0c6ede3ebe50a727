"""Captions of a feed's pictures (Media RSS), which feedparser doesn't keep apart by entry."""

from __future__ import annotations

import re

from lxml import etree

from newswire.formats.base.clean import one_line
from newswire.formats.base.xmlparser import SAFE
from newswire.formats.lines import wirecopy
from newswire.formats.web.markup import plain
from newswire.stories.model import Caption

_MEDIA = re.compile(r"http://search\.yahoo\.com/mrss/?")
_ENTRIES = frozenset(("item", "entry"))


def captions(text: str) -> dict[int, list[Caption]]:
    """The captions of each entry, by the entry's place; empty for a feed that isn't well formed."""
    if "search.yahoo.com/mrss" not in text:
        return {}
    parser = etree.XMLParser(**SAFE)
    declared = re.sub(r"^\s*<\?xml[^>]*\?>\s*", "", text)
    try:
        root = etree.fromstring(declared.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return {}
    entries = [element for element in root.iter() if _name(element) in _ENTRIES]
    return {number: _captions(entry) for number, entry in enumerate(entries)}


def _captions(entry: etree._Element) -> list[Caption]:
    found: dict[Caption, None] = {}  # in order, each once
    for element in entry.iter():
        if _media_name(element) not in {"content", "thumbnail", "group"}:
            continue
        text = _child(element, "description") or _child(element, "title")
        credit = _child(element, "credit") or _child(element, "copyright")
        caption = wirecopy.caption(text) if text and not credit else None
        if caption is None and text:
            caption = Caption(text=text, credit=credit or None)
        if caption is not None:
            found[caption] = None
    return list(found)


def _child(element: etree._Element, name: str) -> str:
    for child in element:
        if _media_name(child) == name:
            return plain(one_line("".join(child.itertext())))
    return ""


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _media_name(element: etree._Element) -> str:
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    return name.localname if _MEDIA.fullmatch(name.namespace or "") else ""
