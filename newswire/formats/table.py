"""The formats that are known, in the order in which they are tried.

A new format is a module with a function ``parse`` (see
:class:`newswire.formats.base.document.Parser`) and one line here. A module is imported when its
format is first met, so that the table itself costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import cast

from newswire.formats.base.document import Parser
from newswire.formats.base.sniff import (
    Matcher,
    by_root,
    by_root_and,
    by_wire,
    is_html,
    is_json,
    is_text,
    is_wxr,
)
from newswire.formats.wire import openings


@dataclass(frozen=True)
class Format:
    """One format: how it is recognised, and the module that reads it."""

    name: str
    module: str
    match: Matcher
    from_tree: bool = False
    """It is read through :mod:`newswire.formats.xml.tree`. An XML parser refuses what without it
    would have to be looked for in all the text, and each string from its tree is cleaned as it is
    read."""

    def parser(self) -> Parser:
        """The module's ``parse``; imports the module."""
        return _parser(self.module)


@cache
def _parser(module: str) -> Parser:
    return cast(Parser, import_module(module).parse)


_FEED_ROOTS = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "feed": "application/atom+xml",
}

_G2_ROOTS = {
    f"{item}{kind}".lower(): f"application/vnd.iptc.g2.{item}{kind}+xml".lower()
    for item, kind in (
        ("news", "Message"),
        ("news", "Item"),
        ("package", "Item"),
        ("concept", "Item"),
        ("knowledge", "Item"),
        ("planning", "Item"),
        ("catalog", "Item"),
        ("content", "Set"),
        ("content", "Meta"),
        ("group", "Set"),
    )
}

FORMATS: tuple[Format, ...] = (
    Format("newsml-g2", "newswire.formats.newsml_g2", by_root(_G2_ROOTS), from_tree=True),
    Format("wxr", "newswire.formats.wxr", is_wxr),
    Format(
        "newsml-1",
        "newswire.formats.newsml_1",
        by_root({"newsml": "application/vnd.iptc.newsml+xml"}),
        from_tree=True,
    ),
    Format(
        "nitf", "newswire.formats.nitf", by_root({"nitf": "application/nitf+xml"}), from_tree=True
    ),
    *(
        Format(
            "vendor-xml",
            "newswire.formats.vendor_xml",
            by_root_and(root, sign, media_type),
            from_tree=True,
        )
        for root, sign, media_type in (
            ("rbnews", "<NewsID>", "application/x-ritzau+xml"),
            ("xmlnewsqueuedresponse", "RBNews", "application/x-ritzau+xml"),
            ("publish", "<ContentItem", "application/x-cp-jimi+xml"),
            ("release", "<longurl", "application/x-solita-release+xml"),
        )
    ),
    Format("feed", "newswire.formats.feed", by_root(_FEED_ROOTS)),
    Format("json", "newswire.formats.jsonwire", is_json),
    Format("mail", "newswire.formats.mail", openings.is_mail),
    Format(
        "iptc-7901",
        "newswire.formats.iptc_7901",
        by_wire(openings.IPTC_7901, "text/vnd.iptc.7901"),
    ),
    Format(
        "anpa-1312",
        "newswire.formats.anpa_1312",
        by_wire(openings.ANPA_1312, "text/vnd.iptc.anpa"),
    ),
    Format("zczc", "newswire.formats.zczc", by_wire(openings.ZCZC, "text/x-zczc")),
    Format("agency-text", "newswire.formats.agency_text", openings.is_agency_text),
    Format("html", "newswire.formats.html", is_html),
    Format("text", "newswire.formats.text", is_text),
)
