"""Sitemaps, news sitemaps and indices of them (sitemaps.org protocol 0.9, and Google's extension
for news): which pages a site has, and of when they are.

An index is followed through two levels and a bounded number of files; a file may be gzip. Its XML
is read without its DTD: nothing is loaded and no entity is expanded.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from lxml import etree

from newswire.errors import FetchError
from newswire.sources.addressing import WEB, scheme_of
from newswire.sources.connections import NoAnswer
from newswire.sources.expand import MAGIC, bounded, gunzip
from newswire.sources.fetched import Fetched, Listed, Listing, Validators
from newswire.sources.http import HttpStatus
from newswire.sources.kinds import SitemapSource
from newswire.sources.web import Web
from newswire.sources.window import Window, stated_time

_MOST_FILES = 200
"""Files of a run. A large paper has one a month or a day; the newest come first."""
_DEEPEST = 2
"""Indices above a sitemap. The protocol has one; some sites have one more."""
_MOST_ENTRIES = 50_000
"""Of a file, which is what the protocol allows."""
_LONGEST_URL = 2048
_LONGEST_STATE = 200
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class _Entry:
    url: str
    first: datetime | None = None
    """The beginning of the time that it states for itself, and the end."""
    last: datetime | None = None
    state: str | None = None
    is_sitemap: bool = False


def list_sitemap(source: SitemapSource, web: Web, max_bytes: int, window: Window) -> Listing:
    """The pages that lie in a window, the newest first.

    A page is dated by its ``lastmod``, else by the publication date that a news sitemap has.

    Raises:
        FetchError: the sitemap can't be had or read; in a window of the past also where a file of
            an index can't be had now.
        NotYet: its server wants to be left alone.
    """
    walk = _Walk(source, web, max_bytes, window)
    walk.go()
    newest = sorted(walk.pages.values(), key=lambda page: page.last or _LONG_AGO, reverse=True)
    remarks = list(walk.remarks)
    if len(newest) > source.limit:
        remarks.append(f"{len(newest) - source.limit} older pages above the limit are left out")
    if walk.elsewhere:
        remarks.append(f"{walk.elsewhere} pages of other sites are left out")
    return Listing([Listed(one.url, one.state) for one in newest[: source.limit]], remarks)


class _Walk:
    def __init__(self, source: SitemapSource, web: Web, max_bytes: int, window: Window) -> None:
        self._source = source
        self._web = web
        self._max_bytes = max_bytes
        self._window = window
        self._site = _site(source.url)
        self.pages: dict[str, _Entry] = {}
        self.remarks: list[str] = []
        self.elsewhere = 0

    def go(self) -> None:
        waiting = deque([(self._source.url, 0)])
        met = {self._source.url}
        while waiting:
            url, depth = waiting.popleft()
            try:
                entries = self._read(url)
            except FetchError as error:
                if depth == 0 or (self._window.is_past and _is_for_now(error)):
                    raise  # no later run takes what is missed of the past
                # One file of an index; the others have their pages all the same.
                self.remarks.append(f"{url}: {error}")
                continue
            inner = []
            for entry in entries:
                if _site(entry.url) != self._site:
                    self.elsewhere += 1
                elif not entry.is_sitemap:
                    self._take(entry)
                elif self._may_hold(entry) and entry.url not in met:
                    inner.append(entry)
            inner.sort(key=lambda one: one.last or _LONG_AGO, reverse=True)
            for one in inner:
                if depth >= _DEEPEST or len(met) >= _MOST_FILES:
                    self.remarks.append(f"{url}: not all sitemaps of this index are read")
                    break
                met.add(one.url)
                waiting.append((one.url, depth + 1))

    def _take(self, entry: _Entry) -> None:
        if not fnmatchcase(entry.url, self._source.pattern):
            return
        if entry.first is None:
            wanted = not self._window.is_past
        else:
            wanted = self._window.holds(entry.first, entry.last)
        before = self.pages.get(entry.url)
        if wanted and (before is None or (before.last or _LONG_AGO) < (entry.last or _LONG_AGO)):
            self.pages[entry.url] = entry

    def _may_hold(self, sitemap: _Entry) -> bool:
        """Whether a sitemap that was last changed then may have a page that lies in the window."""
        start = self._window.start
        return sitemap.last is None or start is None or sitemap.last >= start

    def _read(self, url: str) -> list[_Entry]:
        found = self._web.get(url, Validators())
        assert isinstance(found, Fetched)  # a 304 answers a conditional request only
        data = found.data
        if data.startswith(MAGIC):
            data = bounded(gunzip([data]), self._max_bytes)
        return list(read_sitemap(data))


def _is_for_now(error: FetchError) -> bool:
    """Whether a file may be had later that can't be had now."""
    return isinstance(error, NoAnswer) or (isinstance(error, HttpStatus) and error.status >= 500)


def read_sitemap(data: bytes) -> Iterator[_Entry]:
    """The entries of a sitemap or an index, at most as many as the protocol allows.

    Raises:
        FetchError: it is neither.
    """
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _lines(data)
        return
    count = 0
    reading = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = None
    try:
        for event, element in reading:
            if root is None:
                root = element
                if _local(root) not in {"urlset", "sitemapindex"}:
                    raise FetchError(f"no sitemap: its root is <{_local(root)[:50]}>")
            if event == "start" or element.getparent() is not root:
                continue
            entry = _entry(element, is_sitemap=_local(root) == "sitemapindex")
            # What was read would stay in memory, as siblings of what comes.
            element.clear()
            while element.getprevious() is not None:
                del root[0]
            if entry is not None:
                yield entry
                count += 1
                if count == _MOST_ENTRIES:
                    return
    except etree.XMLSyntaxError as error:
        raise FetchError(f"no sitemap: {error.msg}") from error


def _lines(data: bytes) -> Iterator[_Entry]:
    """A sitemap as plain text: an address a line."""
    try:
        lines = data.decode("utf-8-sig").split()
    except UnicodeDecodeError as error:
        raise FetchError("no sitemap: neither XML nor text") from error
    if not lines or any(scheme_of(line) not in WEB for line in lines):
        raise FetchError("no sitemap: neither XML nor a list of addresses")
    yield from (_Entry(line) for line in lines[:_MOST_ENTRIES] if len(line) <= _LONGEST_URL)


def _entry(element: etree._Element, *, is_sitemap: bool) -> _Entry | None:
    said: dict[str, str] = {}
    for child in element:
        name = _local(child)
        if name in {"loc", "lastmod"}:
            said.setdefault(name, _text(child))
        elif name == "news":
            for detail in child:
                if _local(detail) in {"publication_date", "title"}:
                    said.setdefault(_local(detail), _text(detail))
    url = said.get("loc", "")
    if scheme_of(url) not in WEB or len(url) > _LONGEST_URL:
        return None
    dated = said.get("lastmod") or said.get("publication_date") or ""
    meant = stated_time(dated)
    if meant is None:
        return _Entry(url, is_sitemap=is_sitemap)
    state = f"{dated} {said.get('title', '')}".strip()[:_LONGEST_STATE]
    return _Entry(url, *meant, state, is_sitemap)


def _text(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _site(url: str) -> str:
    """The host, without the name that many sites also answer to."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
