"""The formats that are known, in the order in which they are tried.

A new format is a module with a function ``parse`` (see :class:`newswire.formats.document.Parser`)
and one line here. A module is imported when its format is first met, so that the table itself costs
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from newswire.formats.document import Parser
from newswire.formats.sniff import Matcher, by_root, is_html, is_text


@dataclass(frozen=True)
class Format:
    """One format: how it is recognised, and the module that reads it."""

    name: str
    module: str
    match: Matcher

    def parser(self) -> Parser:
        """The module's ``parse``; imports the module."""
        return cast(Parser, import_module(self.module).parse)


_FEED_ROOTS = {
    "rss": "application/rss+xml",
    "rdf": "application/rdf+xml",
    "feed": "application/atom+xml",
}

FORMATS: tuple[Format, ...] = (
    Format("feed", "newswire.formats.feed", by_root(_FEED_ROOTS)),
    Format("html", "newswire.formats.html", is_html),
    Format("text", "newswire.formats.text", is_text),
)
