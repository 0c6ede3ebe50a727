"""What a document is, read from how it begins.

Cheap on purpose: nothing is parsed, and no library is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

LOOKED_AT = 16_384
"""Characters looked at. Comments and a DOCTYPE may stand before the first element."""

_SKIPPED = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+([\w:.-]+)", re.IGNORECASE)
_DOCTYPE_SIGNS = re.compile(r"""[\[\]>]|"[^"]*"|'[^']*'|<!--.*?-->""", re.DOTALL)
_ELEMENT = re.compile(r"<(?:([\w.-]+):)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_JSON = re.compile(r"""\s*(?:\{\s*["}]|\[\s*[\["{\]\dtfn-])""")
_JSON_OBJECT = re.compile(r"""(?:\[\s*)?\{\s*"[^"\\\n]{1,64}"\s*:""")
"""No prose begins so: this is JSON also where its end is missing."""
_WORDPRESS = re.compile(r"<rss\b[^>]*https?://wordpress\.org/export/\d")
_HTML_ELEMENTS = frozenset(
    "html head body title meta link script style div p a h1 h2 h3 article section main table "
    "br img span font center header nav ul ol b i iframe".split()
)
_HTML_SOON = re.compile(r"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)


class Opening(NamedTuple):
    """How a document begins."""

    head: str
    """Its first characters, leading white space left out."""
    wire: str
    """The same with the control characters by which the old wire formats frame their copy."""
    is_json: bool
    """It begins and ends as JSON does."""
    is_xml: bool
    """It has an XML declaration or a DOCTYPE other than HTML's."""
    doctype: str | None
    """The name in its DOCTYPE, lower case."""
    root: str | None
    """Local name of its first element, lower case; ``None``: it doesn't begin with markup."""

    @property
    def description(self) -> str:
        """For people: what this seems to be."""
        if self.root:
            return f"an XML document <{self.root}>"
        return "JSON" if self.is_json else "markup without an element"


Matcher = Callable[[Opening], str | None]
"""The media type, where the opening is that of the format; else ``None``."""


def opening(text: str, decoded: str) -> Opening:
    """Look at how a text begins.

    Args:
        text: without control characters.
        decoded: as it was decoded.
    """
    is_json = _JSON.match(text) is not None and text.rstrip()[-1:] in {"}", "]"}
    head = text[:LOOKED_AT].lstrip()
    is_xml = head.startswith("<?xml")
    doctype = None
    place = 0
    while True:
        skipped = _SKIPPED.match(head, place)
        if skipped:
            place = skipped.end()
            continue
        declared = _DOCTYPE.match(head, place)
        if declared is None:
            break
        doctype = declared[1].lower()
        start = len(text) - len(text.lstrip()) + declared.end()
        end = end_of_doctype(text, start)
        if end is None:
            break
        # An internal subset may be longer than what is looked at.
        head, place = text[end : end + LOOKED_AT].lstrip(), 0
    element = _ELEMENT.match(head, place)
    root = element[2].lower() if element else None
    is_xml = is_xml or (doctype is not None and doctype != "html")
    return Opening(
        head=head,
        wire=decoded[:LOOKED_AT],
        is_xml=is_xml,
        is_json=is_json,
        doctype=doctype,
        root=root,
    )


def end_of_doctype(text: str, place: int) -> int | None:
    """Behind the ``>`` that closes a DOCTYPE, quotes and the internal subset skipped.

    Args:
        text: the document.
        place: somewhere after ``<!DOCTYPE``.

    Returns:
        ``None``: it is never closed.
    """
    depth = 0
    for sign in _DOCTYPE_SIGNS.finditer(text, place):
        if sign[0] == "[":
            depth += 1
        elif sign[0] == "]":
            depth -= 1
        elif sign[0] == ">" and depth <= 0:
            return sign.end()
    return None


def by_root(media_types: Mapping[str, str]) -> Matcher:
    """A matcher of XML documents by the local name of their root, lower case."""

    def match(beginning: Opening) -> str | None:
        return media_types.get(beginning.root or "")

    return match


def by_root_and(root: str, sign: str, media_type: str) -> Matcher:
    """A matcher of XML documents whose root has a name that others may have as well.

    Args:
        root: the local name, lower case.
        sign: what stands near the beginning of those that are meant.
        media_type: the answer.
    """

    def match(beginning: Opening) -> str | None:
        return media_type if beginning.root == root and sign in beginning.head else None

    return match


def by_wire(sign: re.Pattern[str], media_type: str) -> Matcher:
    """A matcher of text wires by a pattern at the very beginning, control characters included."""

    def match(beginning: Opening) -> str | None:
        return media_type if sign.match(beginning.wire) else None

    return match


def is_json(beginning: Opening) -> str | None:
    """A JSON document, or several, one after the other."""
    begins = beginning.is_json or _JSON_OBJECT.match(beginning.head)
    return "application/json" if begins else None


def is_wxr(beginning: Opening) -> str | None:
    """A WordPress export: RSS whose root declares WordPress's own names."""
    exported = beginning.root == "rss" and _WORDPRESS.search(beginning.head)
    return "application/rss+xml" if exported else None


def is_html(beginning: Opening) -> str | None:
    """HTML, XHTML and fragments of them."""
    if beginning.doctype == "html" or beginning.root == "html":
        return "application/xhtml+xml" if beginning.is_xml else "text/html"
    if beginning.is_xml:
        return None
    if beginning.root in _HTML_ELEMENTS or _HTML_SOON.search(beginning.head[:2048]):
        return "text/html"
    return None


def is_text(beginning: Opening) -> str | None:
    """Whatever isn't markup and isn't JSON."""
    if beginning.is_xml or beginning.is_json or beginning.root:
        return None
    return "text/plain"
