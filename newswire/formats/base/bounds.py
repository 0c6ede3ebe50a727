"""What readers of markup take more than linear time for is counted here first, and refused.

libxml2, expat's SAX driver, feedparser and trafilatura compare all attributes of an element, all
namespaces, all keywords of an entry with each other. Each function goes over the text once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newswire.errors import InputTooLarge

MOST_ATTRIBUTES = 1_000
"""Of one element of a page. Real ones have a dozen; 20,000 take libxml2 two seconds."""
MOST_ATTRIBUTES_OF_XML = 100
"""Of one element of a feed: expat's SAX driver takes ten times as long as libxml2."""
_MOST_NAMESPACES = 200
_MOST_KEYWORDS = 500
"""Of one entry of a feed. feedparser compares each with those before it."""

_FEW_TAGS = 20_000
"""So many can be told apart at once; it takes a tenth of the time, and memory for each."""

_HTML = re.compile(
    r"""(?P<raw><!--|<(?:script|style)\b)|<[A-Za-z](?:[^=>]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""",
    re.IGNORECASE,
)
_XML = re.compile(
    r"""(?P<raw><!--|<!\[CDATA\[)|<[A-Za-z_](?:[^=>]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+"""
)
_ENDS = {
    "<!--": re.compile("-->"),
    "<![cdata[": re.compile(r"\]\]>"),
    "<script": re.compile("</script", re.IGNORECASE),
    "<style": re.compile("</style", re.IGNORECASE),
}
"""Where what holds no elements ends. The HTML in a CDATA section is looked at when it is read."""
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_NAMESPACE = re.compile(r"\sxmlns:([\w.-]+)")
_ENTRY_START = re.compile(r"<(?:[\w-]+:)?(?:item|entry)\b")
_KEYWORDS = re.compile(
    r"<(?:[\w-]+:)?(?:category|subject|keywords|tags)\b[^<]*+(?:<!\[CDATA\[[^<]*+)?"
)


def refuse_attributes(text: str, most: int = MOST_ATTRIBUTES, *, xml: bool = False) -> None:
    """Let markup through whose elements have as many attributes as real ones.

    Raises:
        InputTooLarge: an element has more.
    """
    # Two characters at least for each attribute; no tag is longer than from one "<" to the next.
    if len(text) <= 2 * most:
        return
    if text.count("<") < _FEW_TAGS and max(map(len, text.split("<"))) <= 2 * most:
        return
    for tag in _tags(text, _XML if xml else _HTML):
        # Two characters at least for each attribute: hardly any tag is counted.
        if len(tag) <= 2 * most:
            continue
        attributes = len(_QUOTED.sub("= ", tag).rstrip("/ \n\t").split()) - 1
        if attributes > most:
            raise InputTooLarge(
                f"an element with {attributes:,} attributes, over the limit of {most:,}",
                "its markup is broken: a quotation mark or a '>' may be missing",
            )


def _tags(text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The start tags outside comments, scripts and the like."""
    place = 0
    unclosed: set[str] = set()
    while found := pattern.search(text, place):
        place = found.end()
        raw = (found["raw"] or "").lower()
        if not raw:
            yield found[0]
        elif raw not in unclosed:
            end = _ENDS[raw].search(text, place)
            # What is never closed is looked for once.
            place = end.end() if end else place
            if end is None:
                unclosed.add(raw)


def refuse_crowded_feed(text: str) -> None:
    """Let a feed through that has as many namespaces, and keywords to an entry, as real ones.

    Raises:
        InputTooLarge: it has more of either.
    """
    namespaces = len(set(_NAMESPACE.findall(text)))
    if namespaces > _MOST_NAMESPACES:
        raise InputTooLarge(
            f"a feed of {namespaces:,} namespaces, over the limit of {_MOST_NAMESPACES}"
        )
    for entry in _ENTRY_START.split(text):
        keywords = sum(1 + found[0].count(",") for found in _KEYWORDS.finditer(entry))
        if keywords > _MOST_KEYWORDS:
            raise InputTooLarge(
                f"{keywords:,} keywords in one entry of a feed, over the limit of {_MOST_KEYWORDS}"
            )
