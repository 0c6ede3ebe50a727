"""What readers of markup take more than linear time for is counted here first, and refused.

libxml2, expat's SAX driver, feedparser and trafilatura compare all attributes of an element, all
namespaces, all keywords of an entry with each other. Each function goes over the text once.
"""

from __future__ import annotations

import re

from newswire.errors import InputTooLarge

_MOST_ATTRIBUTES = 200
"""Of one element. Real ones have a dozen; 20,000 take libxml2 two seconds."""
_MOST_NAMESPACES = 200
_MOST_KEYWORDS = 500
"""Of one entry of a feed. feedparser compares each with those before it."""

_TAG = re.compile(r"""<[A-Za-z](?:[^=>]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+""")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_NAMESPACE = re.compile(r"\sxmlns:([\w.-]+)")
_ENTRY_START = re.compile(r"<(?:[\w-]+:)?(?:item|entry)\b")
_KEYWORDS = re.compile(r"<(?:[\w-]+:)?(?:category|subject|keywords|tags)\b[^<]*+(?:<!\[CDATA\[[^<]*+)?")


def refuse_attributes(text: str) -> None:
    """Let markup through whose elements have as many attributes as real ones.

    Raises:
        InputTooLarge: an element has more.
    """
    for tag in _TAG.finditer(text):
        # Two characters at least for each attribute: hardly any tag is counted.
        if tag.end() - tag.start() <= 2 * _MOST_ATTRIBUTES:
            continue
        attributes = len(_QUOTED.sub("= ", tag[0]).split()) - 1
        if attributes > _MOST_ATTRIBUTES:
            raise InputTooLarge(
                f"an element with {attributes:,} attributes, over the limit of {_MOST_ATTRIBUTES}",
                "its markup is broken: a quotation mark may be missing",
            )


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
