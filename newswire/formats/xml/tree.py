"""One tree from an XML document, and what is asked of its elements.

Elements are asked for by their local names: agencies write the same vocabulary with the standard's
namespace, with another, and with none. No entity is expanded, no DTD and no address loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html.entities import name2codepoint

from lxml import etree

from newswire.errors import InputTooLarge, MalformedInput
from newswire.formats.base.clean import one_line, without_controls
from newswire.formats.base.document import Document
from newswire.formats.base.xmlparser import SAFE
from newswire.formats.xml import safe as xmlsafe

_MOST_SIGNS = 1_000_000
"""Of "<", elements and their ends, and of "=", attributes. The largest wire seen has 6,000; an
element takes 200 bytes and so does an attribute."""
_NAMED = re.compile(r"&(\w+);")
_PREDEFINED = frozenset(("amp", "lt", "gt", "quot", "apos"))
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_PARSER = etree.XMLParser(
    encoding="utf-8",  # whatever a document declares of its bytes: its characters are known by now
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
    **SAFE,
)
_FEW = 6
"""So many children are asked for their names in less time than lxml takes to search them."""
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(document: Document) -> etree._Element:
    """The root of a document.

    Raises:
        MalformedInput: it isn't well formed, e.g. cut off, or it defines entities without bound.
        InputTooLarge: it has more elements than any wire has.
    """
    text = xmlsafe.without_doctype(document.text)
    # Fewer characters than that can't be more signs: hardly any document is counted.
    signs = text.count("<") + text.count("=") if len(text) > _MOST_SIGNS else 0
    if signs > _MOST_SIGNS:
        raise InputTooLarge(
            f"{signs:,} elements, their ends and attributes in one XML document, over the limit "
            f"of {_MOST_SIGNS:,}",
            "split it into documents of fewer",
        )
    if text is document.text and document.encoding == "utf-8":
        first = document.data.lstrip()
    else:
        text = text if text is document.text else _NAMED.sub(_character, text)
        first = _encoded(text)
    try:
        return etree.fromstring(first, _PARSER)
    except etree.XMLSyntaxError as error:
        # Nearly all documents have no character that XML hasn't: they needn't be looked through.
        clean = _encoded(without_controls(text))
        if clean == first:
            raise _malformed(text, error) from None
    try:
        return etree.fromstring(clean, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _malformed(text, error) from None


def _encoded(text: str) -> bytes:
    return text.lstrip().encode("utf-8", "replace")


def _character(found: re.Match[str]) -> str:
    """NITF's DTD has the names of HTML's characters, and isn't loaded."""
    name = found[1]
    known = None if name in _PREDEFINED else name2codepoint.get(name)
    return found[0] if known is None else chr(known)


def _malformed(text: str, error: etree.XMLSyntaxError) -> MalformedInput:
    cause = (error.msg or "").partition(", line ")[0].removesuffix(", use XML_PARSE_HUGE option")
    root = _ROOT.search(text)
    is_cut = root is not None and not text.rstrip().endswith((f"</{root[1]}>", "-->"))
    return MalformedInput(
        f"XML that isn't well formed, line {error.lineno}: {cause}",
        "the document seems to be cut off" if is_cut else None,
    )


def name(element: etree._Element) -> str:
    """The local name."""
    return local_name(element.tag)


@lru_cache(maxsize=1024)
def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def characters(element: etree._Element) -> str:
    """All characters in an element, as they stand.

    The same as joining ``itertext``, in a fifth of the time: a tree that is read here has neither
    comments nor references to entities.
    """
    if not len(element):
        return element.text or ""
    found: str = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return found


def text(element: etree._Element | None) -> str:
    """The same as one line; empty for ``None``."""
    if element is None:
        return ""
    return one_line(characters(element) if len(element) else element.text)


def children(element: etree._Element | None, local: str) -> Iterator[etree._Element]:
    """The children of a name."""
    for inner in element if element is not None else ():
        if local_name(inner.tag) == local:
            yield inner


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of a name, its first child of the next, and so on."""
    for local in path:
        if element is None:
            return None
        element = _child(element, local)
    return element


def _child(element: etree._Element, local: str) -> etree._Element | None:
    # lxml's own search takes a microsecond to begin, but makes no object of what it passes.
    if len(element) > _FEW:
        return next(element.iterchildren("{*}" + local), None)
    for inner in element[:]:  # in two thirds of the time that iterating takes
        if local_name(inner.tag) == local:
            return inner
    return None


class Children(dict[str, list[etree._Element]]):
    """The children of an element, under their local names."""

    __slots__ = ()

    def first(self, local: str) -> etree._Element | None:
        """The first of a name."""
        found = self.get(local)
        return found[0] if found else None

    def text(self, local: str) -> str:
        """The characters in the first of a name as one line; empty where there is none."""
        found = self.get(local)
        return text(found[0]) if found else ""

    def texts(self, local: str) -> list[str]:
        """The same for all of a name."""
        return [text(one) for one in self.get(local, ())]

    def attribute(self, local: str, key: str) -> str:
        """An attribute of the first of a name; empty where there is none."""
        found = self.get(local)
        return attribute(found[0], key) if found else ""


def by_name(element: etree._Element | None) -> Children:
    """All children; none for ``None``."""
    found: dict[str, list[etree._Element]] = {}
    for inner in element[:] if element is not None else ():
        local = local_name(inner.tag)
        if local in found:
            found[local].append(inner)
        else:
            found[local] = [inner]
    return Children(found)


def attribute(element: etree._Element | None, key: str) -> str:
    """An attribute as one line; empty where it is absent."""
    value = None if element is None else element.get(key)
    if not value:
        return ""
    # Nearly all are codes: where no space is in one, nothing printable is white space.
    return value if " " not in value and value.isprintable() else one_line(value)
