"""One tree from an XML document, and what is asked of its elements.

Elements are asked for by their local names: agencies write the same vocabulary with the standard's
namespace, with another, and with none. No entity is expanded, no DTD and no address loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newswire.errors import InputTooLarge, MalformedInput
from newswire.formats import bounds, xmlsafe
from newswire.formats.clean import one_line
from newswire.formats.document import Document

_MOST_BYTES = 32 * 2**20
"""A tree takes some eight times the memory of its text. The largest wire seen has 1 MB."""
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(document: Document) -> etree._Element:
    """The root of a document.

    Raises:
        MalformedInput: it isn't well formed, e.g. cut off, or it defines entities without bound.
        InputTooLarge: it is larger, or one of its elements has more attributes, than any wire has.
    """
    text = xmlsafe.without_doctype(document.text)
    if len(text) > _MOST_BYTES:
        raise InputTooLarge(
            f"an XML document of {len(text):,} characters, over the limit of {_MOST_BYTES:,}",
            "split it into its items",
        )
    if text.count("=") > bounds.MOST_ATTRIBUTES_OF_XML:
        bounds.refuse_attributes(text, bounds.MOST_ATTRIBUTES, xml=True)
    # The characters are known by now: what the document declares of its bytes may be wrong.
    declared = _DECLARATION.match(text)
    return _parse(text[declared.end() :].lstrip() if declared else text.lstrip())


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise MalformedInput(
            f"XML that isn't well formed: {error.msg}", "the document may be cut off"
        ) from None


def name(element: etree._Element) -> str:
    """The local name."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text(element: etree._Element | None) -> str:
    """All characters in an element as one line; empty for ``None``."""
    if element is None:
        return ""
    if len(element):
        return one_line("".join(element.itertext()))
    return one_line(element.text)


def children(element: etree._Element | None, local: str) -> Iterator[etree._Element]:
    """The children of a name."""
    return iter(()) if element is None else element.iterchildren("{*}" + local)


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of a name, its first child of the next, and so on."""
    for local in path:
        if element is None:
            return None
        element = next(element.iterchildren("{*}" + local), None)
    return element


def by_name(element: etree._Element | None) -> dict[str, list[etree._Element]]:
    """All children, under their local names."""
    found: dict[str, list[etree._Element]] = {}
    if element is not None:
        for inner in element.iterchildren(etree.Element):
            found.setdefault(inner.tag.rpartition("}")[2], []).append(inner)
    return found


def attribute(element: etree._Element | None, key: str) -> str:
    """An attribute as one line; empty where it is absent."""
    return one_line(element.get(key)) if element is not None else ""
