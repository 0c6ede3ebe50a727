"""Newswire and its peers, each as a function from a page to the text that it extracts.

A peer that isn't installed raises ``ImportError`` when it is loaded. Each is called as its own
documentation has it, and gets the characters as Newswire decoded them, unless it takes bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from newswire.errors import BadInput
from newswire.formats import parse
from newswire.formats.web import markup


@dataclass(frozen=True)
class Page:
    """One page and what is right of it: its whole text, or segments."""

    name: str
    uri: str
    data: bytes
    text: str
    """The characters, decoded by Newswire, for the peers that take text."""
    body: str | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    @property
    def checks(self) -> bool:
        """Whether it was left aside while the rules were written."""
        digest = hashlib.sha256(self.name.encode()).digest()
        return digest[0] % 2 == 0 and digest[1] % 2 == 0


Extractor = Callable[[Page], str | None]


def newswire(page: Page) -> str:
    """The body's blocks, as they go into the story: no dateline, sign-off or caption."""
    try:
        (draft,) = parse(page.data, uri=page.uri, expect="html").drafts
    except BadInput:
        return ""
    return "\n\n".join(block.text for block in draft.body)


def _trafilatura(**options: bool) -> Callable[[], Extractor]:
    def load_it() -> Extractor:
        extract = import_module("trafilatura").extract
        return lambda page: extract(page.data, include_comments=False, **options)

    return load_it


def _newspaper4k() -> Extractor:
    article = import_module("newspaper").article
    return lambda page: article(page.uri, input_html=page.text, fetch_images=False).text


def _news_please() -> Extractor:
    reader = import_module("newsplease").NewsPlease
    return lambda page: reader.from_html(page.text, url=None, fetch_images=False).maintext


def _readability() -> Extractor:
    document = import_module("readability").Document

    def extract(page: Page) -> str:
        blocks = markup.fragment(document(page.text).summary()).blocks
        return "\n\n".join(block.text for block in blocks)

    return extract


def _justext() -> Extractor:
    library = import_module("justext")
    stops = frozenset(
        word for language in library.get_stoplists() for word in library.get_stoplist(language)
    )

    def extract(page: Page) -> str:
        found = library.justext(page.text, stops)
        return "\n".join(one.text for one in found if not one.is_boilerplate)

    return extract


def _goose3() -> Extractor:
    reader = import_module("goose3").Goose()
    return lambda page: reader.extract(raw_html=page.text).cleaned_text


def _resiliparse() -> Extractor:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    tree = import_module("resiliparse.parse.html").HTMLTree
    return lambda page: extract(tree.parse(page.text), main_content=True)


PEERS: dict[str, Callable[[], Extractor]] = {
    "trafilatura": _trafilatura(),
    "trafilatura, precision": _trafilatura(favor_precision=True),
    "trafilatura, recall": _trafilatura(favor_recall=True),
    "newspaper4k": _newspaper4k,
    "news-please": _news_please,
    "readability-lxml": _readability,
    "goose3": _goose3,
    "justext": _justext,
    "resiliparse": _resiliparse,
}
