"""What a page says of its story.

Where several places state the same, the first of these counts:

1. schema.org: JSON-LD, then microdata, then RDFa (:mod:`newswire.formats.page.schema_org`);
2. OpenGraph and its ``article:`` properties;
3. other ``meta`` elements: Parse.ly, Sailthru, Dublin Core, plain names;
4. what the page shows: its one ``h1``, ``time`` elements, a byline by its name.

For the headline the ``h1`` stands before OpenGraph's title, which is written for other sites.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import html
from pydantic import JsonValue

from newswire.formats.base.clean import language_tag, one_line, unique
from newswire.formats.page import schema_org
from newswire.formats.page import shown as pageshown
from newswire.formats.page.schema_org import Object
from newswire.formats.web.markup import plain

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
    expires: str = ""
    dateline: str = ""
    located: str = ""
    """Where it was written."""
    sources: list[str] = field(default_factory=list)
    """Names and addresses of whom the page calls the source: an agency, where it is one's story."""
    extra: dict[str, JsonValue] = field(default_factory=dict)
    """What is stated and no field of a story is for: see ``docs/pages.md``."""


def read_page(root: html.HtmlElement, uri: str) -> Page:
    """Gather what a page states of its story."""
    metas = _metas(root)

    def meta(*names: str) -> str:
        return next((metas[name][0] for name in names if name in metas), "")

    url = pageshown.canonical(root, meta("og:url"), uri)
    shown = pageshown.heading(root, meta("og:title"))
    headings = {pageshown.key(text) for text in (shown, meta("og:title")) if text}
    article = schema_org.article(root, url or uri, headings)

    def stated(*names: str) -> str:
        return next((text for name in names for text in _texts(article.get(name))), "")

    page = Page(
        headline=stated("headline") or shown or stated("name"),
        authors=_authors(article, metas, root),
        published=stated("datePublished")
        or meta(*_PUBLISHED)
        or pageshown.marked_date(root, "datePublished"),
        modified=stated("dateModified")
        or meta(*_MODIFIED)
        or pageshown.marked_date(root, "dateModified"),
        publisher=next(iter(_people(article.get("publisher"))), "")
        or meta("og:site_name", "dc.publisher", "publisher", "application-name"),
        section=stated("articleSection") or meta("article:section"),
        keywords=_keywords(article, metas),
        language=_language(article, root, meta("og:locale", "content-language", "language")),
        url=url,
        description=stated("description") or meta("og:description", "description"),
        body=next((text for text in schema_org.texts(article.get("articleBody"))), ""),
        is_article=bool(article) or meta("og:type").lower() == "article",
        rights=stated("copyrightNotice") or meta("copyright", "dc.rights"),
        expires=stated("expires") or meta("article:expiration_time"),
        dateline=stated("dateline"),
        located=stated("locationCreated"),
        sources=_sources(article, metas),
        extra=_extra(article, metas),
    )
    page.headline = pageshown.without_site(page.headline, page.publisher)
    return page


# --- schema.org --------------------------------------------------------------------------------


def _texts(value: JsonValue) -> list[str]:
    return [line for text in schema_org.texts(value) if (line := plain(text))]


def _people(value: JsonValue) -> list[str]:
    """Names of persons or organisations: a string, an object with a name, or a list of such."""
    return [name for name in _texts(value) if not name.startswith(("http:", "https:"))]


def _authors(article: Object, metas: dict[str, list[str]], root: html.HtmlElement) -> list[str]:
    found = unique(_people(article.get("author"))) or unique(_people(article.get("creator")))
    return found or _meta_authors(metas) or pageshown.byline(root)


def _language(article: Object, root: html.HtmlElement, meta: str) -> str | None:
    stated = article.get("inLanguage")
    tags = _texts(stated)
    for language in schema_org.objects(stated):
        tags += _texts(language.get("alternateName"))
    tags.append(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    return next(filter(None, map(language_tag, [*tags, meta])), None)


def _sources(article: Object, metas: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    for name in ("sourceOrganization", "provider", "isBasedOn", "isBasedOnUrl"):
        value = article.get(name)
        found += _texts(value)
        for one in schema_org.objects(value):
            found += [
                *_texts(one.get("publisher")),
                *_texts(one.get("url")),
                *_texts(one.get("@id")),
            ]
    for one in schema_org.objects(article.get("author")):
        if any(kind.endswith("Organization") for kind in schema_org.texts(one.get("@type"))):
            found += _texts(one)
    for name in ("original-source", "syndication-source", "dc.source"):
        found += metas.get(name, [])
    return unique(found)


def _extra(article: Object, metas: dict[str, list[str]]) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {}
    free = article.get("isAccessibleForFree")
    if isinstance(free, str):
        free = {"false": False, "true": True}.get(free.rpartition("/")[2].strip().lower())
    if isinstance(free, bool):
        found["is_accessible_for_free"] = free
    if "article:content_tier" in metas:
        found["content_tier"] = metas["article:content_tier"][0]
    sections = unique(_texts(article.get("articleSection")))
    if len(sections) > 1:
        found["sections"] = list(sections)
    for name, stated in (("is_part_of", "isPartOf"), ("correction", "correction")):
        texts = unique(_texts(article.get(stated)))
        if texts:
            found[name] = list(texts)
    return found


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


def _keywords(article: Object, metas: dict[str, list[str]]) -> list[str]:
    stated = _texts(article.get("keywords")) or metas.get("article:tag", [])
    if not stated:
        stated = next((metas[name] for name in _KEYWORDS if name in metas), [])
    if len(stated) == 1:
        stated = stated[0].split(";" if ";" in stated[0] else ",")
    return unique(stated)
