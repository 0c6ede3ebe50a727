"""What a page shows of its story's facts: a heading, a byline, dates, its address."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from newswire.formats.base.clean import one_line
from newswire.formats.lines import furniture
from newswire.formats.page import regions

_LEAST_ALIKE = 0.2
"""Share of a heading's words that stand in the page's titles too, where it is the story's."""
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{7}")
"""As many signs of Chinese or Japanese, which have no spaces, as three words at least."""
_WEB = ("http://", "https://")
_AUTHOR = re.compile(r"\b(?:bylines?|author(?: name)?|autor|auteur|autore|writer)\b")
_LONGEST_AUTHOR = 120


def key(text: str) -> str:
    """A text without what extractors and editors change in it: signs, spaces, capitals."""
    return re.sub(r"\W+", "", text).casefold()


def byline(root: html.HtmlElement) -> list[str]:
    """The byline that the page shows, where an element's name says that it is one; else none."""
    for element in root.iter("a", "span", "p", "div", "address", "li", "strong", "em"):
        names = element.get("class") or element.get("rel") or element.get("itemprop")
        if not names or not _AUTHOR.search(regions.words(names)):
            continue
        text = "".join(piece for piece, _ in zip(element.itertext(), range(40), strict=False))
        line = one_line(text) if len(text) <= 4 * _LONGEST_AUTHOR else ""
        if furniture.is_byline(line) or furniture.is_person(line):
            return [line]
    return []


def heading(root: html.HtmlElement, og_title: str) -> str:
    """The ``h1`` that says what the page's titles say, else OpenGraph's title, else the page's."""
    title = next((one_line(title.text_content()) for title in root.iter("title")), "")
    titled = set(_words(f"{og_title} {title}"))
    headings = [text for h1 in root.iter("h1") if (text := one_line(h1.text_content()))]
    alike = [
        (_alike(text, titled), -i)
        for i, text in enumerate(headings)
        # One or two words are most often the site's name.
        if len(text.split()) > 2 or _UNSPACED.search(text)
    ]
    if alike:
        share, place = max(alike)
        # A title may be written anew for searches; a heading that shares nothing is the site's.
        if share > _LEAST_ALIKE or not titled:
            return headings[-place]
    return og_title or title or next(iter(headings), "")


def _alike(heading: str, titled: set[str]) -> float:
    words = _words(heading)
    return sum(word in titled for word in words) / len(words) if words else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def without_site(title: str, site: str) -> str:
    """The title without the site's name after its last dash or bar."""
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        head, found, tail = title.rpartition(mark)
        if not found or len(head.split()) < 3:
            continue
        if site and (tail.casefold() in site.casefold() or site.casefold() in tail.casefold()):
            return head.strip()
    return title


def canonical(root: html.HtmlElement, og_url: str, uri: str) -> str:
    """The story's address: the canonical link, else OpenGraph's, else where it was fetched."""
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            joined = _joined(uri, link.get("href"))
            if joined:
                return joined
    return _joined(uri, og_url) or (uri if uri.startswith(_WEB) else "")


def is_front(uri: str) -> bool:
    """Whether an address is that of a site's front page."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return False
    return uri.startswith(_WEB) and parts.path in {"", "/"} and not parts.query


def _joined(uri: str, href: str | None) -> str:
    try:
        joined = urljoin(uri, (href or "").strip())
    except ValueError:
        return ""
    # Some sites call their front page the canonical address of each story, which would make all
    # of them one.
    if is_front(joined) and not is_front(uri):
        return ""
    return joined if href and joined.startswith(_WEB) else ""


_DATES = etree.XPath("//*[@itemprop=$name or @property=$name]")


def marked_date(root: html.HtmlElement, name: str) -> str:
    """A date that the page marks up, in no item of an article; else its first ``time``."""
    found = _DATES(root, name=name)
    if name == "datePublished":
        found += [element for element in root.iter("time") if element.get("datetime")]
    stated = (one.get("datetime") or one.get("content") or one.text for one in found)
    return next(filter(None, map(one_line, stated)), "")
