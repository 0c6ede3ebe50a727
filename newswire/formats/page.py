"""What a page says of its story: schema.org first, then OpenGraph and other ``meta`` elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urljoin, urlsplit

from lxml import html
from pydantic import JsonValue

from newswire.formats.clean import language_tag, one_line, unique
from newswire.formats.markup import plain

_Object: TypeAlias = dict[str, JsonValue]

_ARTICLE_TYPES = ("NewsArticle", "Article", "BlogPosting", "Report", "SocialMediaPosting")
_WEB = ("http://", "https://")
_DEEPEST = 12
"""Levels of nesting looked into: an article in a graph in a list is at four."""

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "publish-date",
    "publishdate",
    "pubdate",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "date",
)
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "lastmod", "last-modified")
_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator")
_KEYWORDS = ("news_keywords", "keywords", "parsely-tags", "sailthru.tags")


@dataclass
class Page:
    """The story's facts as the page states them; empty: not stated."""

    headline: str = ""
    authors: list[str] = field(default_factory=list)
    published: str = ""
    modified: str = ""
    publisher: str = ""
    section: str = ""
    keywords: list[str] = field(default_factory=list)
    language: str | None = None
    url: str = ""
    description: str = ""
    body: str = ""
    """The whole text, where schema.org carries it."""
    is_article: bool = False
    """The page says that it is an article."""
    rights: str = ""


def read_page(root: html.HtmlElement, uri: str) -> Page:
    """Gather what a page states of its story."""
    metas = _metas(root)
    article = _article(root)

    def meta(*names: str) -> str:
        return next((metas[name][0] for name in names if name in metas), "")

    page = Page(
        headline=_text(article.get("headline")) or _heading(root, meta("og:title")),
        authors=unique(_people(article.get("author"))) or _meta_authors(metas),
        published=_text(article.get("datePublished"))
        or meta(*_PUBLISHED)
        or _time(root, "datePublished"),
        modified=_text(article.get("dateModified"))
        or meta(*_MODIFIED)
        or _time(root, "dateModified"),
        publisher=next(iter(_people(article.get("publisher"))), "")
        or meta("og:site_name", "dc.publisher", "publisher", "application-name"),
        section=next(iter(_texts(article.get("articleSection"))), "") or meta("article:section"),
        keywords=_keywords(article, metas),
        language=language_tag(_text(article.get("inLanguage")))
        or language_tag(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or language_tag(meta("og:locale", "content-language", "language")),
        url=_canonical(root, meta("og:url"), uri),
        description=_text(article.get("description")) or meta("og:description", "description"),
        body=_long_text(article.get("articleBody")),
        is_article=bool(article) or meta("og:type").lower() == "article",
        rights=_text(article.get("copyrightNotice")) or meta("copyright", "dc.rights"),
    )
    page.headline = _without_site(page.headline, page.publisher)
    return page


# --- schema.org --------------------------------------------------------------------------------


def _article(root: html.HtmlElement) -> _Object:
    """The first object of the page's JSON-LD that is an article; empty: there is none."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        try:
            stated: JsonValue = json.loads(script.text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for found in _objects(stated):
            kinds = _texts(found.get("@type"))
            if any(kind.endswith(_ARTICLE_TYPES) for kind in kinds) and "headline" in found:
                return found
    return {}


def _objects(value: JsonValue, depth: int = 0) -> Iterator[_Object]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _objects(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner, depth + 1)


def _text(value: JsonValue) -> str:
    return next(iter(_texts(value)), "")


def _texts(value: JsonValue) -> list[str]:
    if isinstance(value, str):
        return [plain(value)] if value.strip() else []
    if isinstance(value, list):
        return [text for inner in value if isinstance(inner, str) for text in _texts(inner)]
    if isinstance(value, dict):
        return _texts(value.get("@value") or value.get("name"))
    return []


def _long_text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _people(value: JsonValue) -> list[str]:
    """Names of persons or organisations: a string, an object with a name, or a list of such."""
    if isinstance(value, list):
        return [name for inner in value for name in _people(inner)]
    names = _texts(value.get("name")) if isinstance(value, dict) else _texts(value)
    return [name for name in names if not name.startswith(("http:", "https:"))]


# --- meta elements -----------------------------------------------------------------------------


def _metas(root: html.HtmlElement) -> dict[str, list[str]]:
    """The contents of each ``meta``, by its name, property or itemprop in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = one_line(element.get("content"))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _meta_authors(metas: dict[str, list[str]]) -> list[str]:
    for name in _AUTHORS:
        names = [one for one in metas.get(name, []) if not one.startswith(("http", "/", "@"))]
        if names:
            return unique(names)
    return []


def _keywords(article: _Object, metas: dict[str, list[str]]) -> list[str]:
    stated = _texts(article.get("keywords")) or metas.get("article:tag", [])
    if not stated:
        stated = next((metas[name] for name in _KEYWORDS if name in metas), [])
    if len(stated) == 1:
        stated = stated[0].split(";" if ";" in stated[0] else ",")
    return unique(stated)


# --- the page ----------------------------------------------------------------------------------


def _heading(root: html.HtmlElement, og_title: str) -> str:
    """The one ``h1``, else OpenGraph's title, else that of the page."""
    headings = [text for h1 in root.iter("h1") if (text := one_line(h1.text_content()))]
    if len(headings) == 1 and len(headings[0].split()) > 2:
        return headings[0]
    title = next((one_line(title.text_content()) for title in root.iter("title")), "")
    return og_title or title or next(iter(headings), "")


def _without_site(title: str, site: str) -> str:
    """The title without the site's name after its last dash or bar."""
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        head, found, tail = title.rpartition(mark)
        if not found or len(head.split()) < 3:
            continue
        if site and (tail.casefold() in site.casefold() or site.casefold() in tail.casefold()):
            return head.strip()
    return title


def _canonical(root: html.HtmlElement, og_url: str, uri: str) -> str:
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


def _time(root: html.HtmlElement, itemprop: str) -> str:
    """A ``time`` or other element that microdata names."""
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("itemprop") == itemprop:
            return one_line(element.get("datetime") or element.get("content") or element.text)
    if itemprop == "datePublished":
        times = [element.get("datetime") or "" for element in root.iter("time")]
        return next((one_line(stated) for stated in times if stated.strip()), "")
    return ""
