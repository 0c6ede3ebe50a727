"""schema.org's words in a page: JSON-LD, microdata, RDFa Lite, as one object.

The three spellings say the same: items with a type, properties with values, values that are items.
What one of them leaves out another fills in, JSON-LD first, since publishers keep it for the search
engines. JSON-LD is read as search engines read it, tolerantly: several blocks, lists, ``@graph``
with references by ``@id``, comments around the JSON, a comma too many. A block that is no JSON even
then says nothing.

Sources: schema.org/NewsArticle; Google's "Article structured data"; HTML Standard, microdata;
RDFa Lite 1.1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import TypeAlias

from lxml import etree, html
from pydantic import JsonValue

from newswire.formats.page.shown import key

Object: TypeAlias = dict[str, JsonValue]

_ARTICLE = ("Article", "BlogPosting", "Report", "SocialMediaPosting")
_NEWS = ("NewsArticle", "LiveBlogPosting", "Report")
"""Subtypes end in these words: ReportageNewsArticle, OpinionNewsArticle."""
_DEEPEST = 12
"""Levels of nesting looked into: an article in a graph in a list is at four."""
_LONGEST_TEXT = 2_000
_MOST_PIECES = 100
_AROUND = re.compile(r"^\s*(?://)?\s*<!(?:\[CDATA\[|--)|(?://)?\s*(?:\]\]>|-->)\s*$")
_BETWEEN = re.compile(r"[\s,;]*")
_LOOSE = re.compile(r'("(?:[^"\\]++|\\.)*+")|,(?=\s*+[}\]])', re.DOTALL)
_ESCAPES = re.compile(r'\\(?!["\\/bfnrtu])')
_DECODER = json.JSONDecoder(strict=False)


def article(root: html.HtmlElement, address: str, headings: set[str]) -> Object:
    """The properties of the page's article; empty: the page speaks of none.

    Args:
        root: the page.
        address: the page's own; an article under it is preferred.
        headings: what the page shows as its headline, see :func:`newswire.formats.page.shown.key`.
    """
    found: Object = {}
    for stated in (_json_ld(root), _marked_up(root)):
        best = _best(stated, address, headings)
        for name, value in best.items():
            if value not in ("", [], None):
                found.setdefault(name, value)
    return found


def texts(value: JsonValue) -> list[str]:
    """The texts in a value: itself, its name, or those of a list."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list):
        return [text for inner in value for text in texts(inner)]
    if isinstance(value, dict):
        return texts(value.get("@value") or value.get("name") or value.get("termCode"))
    return []


def objects(value: JsonValue) -> list[Object]:
    """The objects in a value or a list."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def _best(stated: list[Object], address: str, headings: set[str]) -> Object:
    best: tuple[int, Object] = (-1, {})
    for one in stated:
        score = _score(one, address, headings)
        if score > best[0]:
            best = (score, one)
    return best[1]


def _score(one: Object, address: str, headings: set[str]) -> int:
    """How surely an object is the page's article; -1: it is none."""
    kinds = texts(one.get("@type"))
    if not any(kind.endswith(_ARTICLE) for kind in kinds):
        return -1
    headline = next(iter(texts(one.get("headline")) or texts(one.get("name"))), "")
    if not headline and not one.get("articleBody"):
        return -1
    addresses = [one.get("url"), one.get("@id"), one.get("mainEntityOfPage")]
    addresses += [inner.get("@id") for inner in objects(one.get("mainEntityOfPage"))]
    here = bool(address) and any(_same(address, stated) for stated in addresses)
    shown = bool(headline) and key(headline) in headings
    return 4 * here + 2 * shown + any(kind.endswith(_NEWS) for kind in kinds)


def _same(address: str, stated: JsonValue) -> bool:
    return isinstance(stated, str) and stated.partition("#")[0].rstrip("/") == address.rstrip("/")


# --- JSON-LD -----------------------------------------------------------------------------------


def _json_ld(root: html.HtmlElement) -> list[Object]:
    found: list[Object] = []
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for value in _values(script.text):
                found += _objects(value)
    named = {name: one for one in found if len(one) > 1 and isinstance(name := one.get("@id"), str)}
    return [
        {name: _resolved(value, named) for name, value in one.items()}
        for one in found
        if any(kind.endswith(_ARTICLE) for kind in texts(one.get("@type")))
    ]


def _values(text: str) -> list[JsonValue]:
    """The values of a block; none: it is no JSON."""
    bare = _AROUND.sub("", _AROUND.sub("", text)).strip()
    if "&quot;" in bare and '"' not in bare:
        bare = unescape(bare)
    try:
        return _decoded(bare)
    except (ValueError, RecursionError):
        pass
    try:
        return _decoded(_LOOSE.sub(r"\1", _ESCAPES.sub(r"\\\\", bare)))
    except (ValueError, RecursionError):
        return []


def _decoded(text: str) -> list[JsonValue]:
    values: list[JsonValue] = []
    place = 0
    while place < len(text):
        value, place = _DECODER.raw_decode(text, place)
        values.append(value)
        between = _BETWEEN.match(text, place)
        place = between.end() if between else place
    return values


def _objects(value: JsonValue, depth: int = 0) -> Iterator[Object]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth + 1)


def _resolved(value: JsonValue, named: dict[str, Object]) -> JsonValue:
    """A value, with the object itself for a reference to it."""
    if isinstance(value, list):
        return [_resolved(inner, named) for inner in value]
    if isinstance(value, dict) and value.keys() <= {"@id", "@type"}:
        name = value.get("@id")
        return named.get(name, value) if isinstance(name, str) else value
    return value


# --- microdata and RDFa ------------------------------------------------------------------------

_SPELLINGS = (
    ("itemscope", "itemtype", "itemprop", etree.XPath("//*[@itemscope or @itemprop]")),
    ("typeof", "typeof", "property", etree.XPath("//*[@typeof or (@property and ancestor::body)]")),
)
_WITH_ADDRESS = {"a": "href", "link": "href", "img": "src", "time": "datetime", "meta": "content"}


def _marked_up(root: html.HtmlElement) -> list[Object]:
    """The items of a page, microdata's first."""
    return [item for spelling in _SPELLINGS for item in _items(root, *spelling)]


def _items(
    root: html.HtmlElement, scope: str, kind: str, prop: str, find: etree.XPath
) -> list[Object]:
    items: dict[html.HtmlElement, Object] = {}
    for element in find(root):
        names = _names(element.get(prop))
        around = next((items[one] for one in element.iterancestors() if one in items), None)
        value: JsonValue = None
        if element.get(scope) is not None:
            items[element] = {"@type": list(_names(element.get(kind)))}
            value = items[element]
        elif around is not None and names:
            value = _value(element, names)
        if around is not None and value:
            for name in names:
                _add(around, name, value)
    return list(items.values())


def _names(value: str | None) -> list[str]:
    """The words of an attribute, without vocabulary or prefix."""
    return [re.split(r"[/#:]", name)[-1] for name in (value or "").split()]


def _value(element: html.HtmlElement, names: list[str]) -> str:
    stated = element.get("content") or element.get(_WITH_ADDRESS.get(element.tag, "content"))
    if stated and not (element.tag == "a" and {"author", "name"} & set(names)):
        return str(stated)
    if "articleBody" in names:
        return ""  # read from the page, where it has its paragraphs
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > _LONGEST_TEXT or len(pieces) > _MOST_PIECES:
            return ""
    return " ".join("".join(pieces).split())


def _add(item: Object, name: str, value: JsonValue) -> None:
    known = item.get(name)
    if known is None:
        item[name] = value
    elif isinstance(known, list):
        known.append(value)
    else:
        item[name] = [known, value]
