"""Sitemaps, from a real server: which pages are taken, and what does no harm."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from newswire.config import Settings, load_settings
from newswire.errors import FetchError, NotYet
from newswire.sources.fetched import Listing
from newswire.sources.kinds import SitemapSource
from newswire.sources.listing import documents_of
from newswire.sources.notes import NotesOfThisRun
from newswire.sources.window import Window
from tests.webserver import WebServer, replying

MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
MAY_3 = Window(datetime(2024, 5, 3, tzinfo=UTC), datetime(2024, 5, 4, tzinfo=UTC))


@pytest.fixture
def settings() -> Settings:
    return load_settings(fetch_timeout=5, fetch_deadline=5, fetch_max_bytes=2_000_000)


def page(url: str, lastmod: str | None = None, inner: str = "") -> str:
    stated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{url}</loc>{stated}{inner}</url>"


def sitemap(*pages: str) -> bytes:
    return (
        f'<?xml version="1.0"?><urlset xmlns="{MAP}" xmlns:news="{NEWS}" xmlns:image="{IMAGE}">'
        f"{''.join(pages)}</urlset>"
    ).encode()


def index(*sitemaps: tuple[str, str | None]) -> bytes:
    inner = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</sitemap>"
        for url, date in sitemaps
    )
    return f'<sitemapindex xmlns="{MAP}">{inner}</sitemapindex>'.encode()


def listing(
    web: WebServer, settings: Settings, window: Window | None = None, **about: object
) -> Listing:
    declared = {"kind": "sitemap", "url": f"{web.url}/sitemap.xml", "internal": True, **about}
    source = SitemapSource.model_validate(declared)
    return documents_of(source, settings, NotesOfThisRun(), window)


def paths(web: WebServer, found: Listing) -> list[str]:
    return [one.uri.removeprefix(web.url) for one in found.documents]


def test_the_pages_of_a_sitemap_are_listed_the_newest_first_with_their_states(
    web: WebServer, settings: Settings
) -> None:
    pages = (
        page(f"{web.url}/undated"),
        page(f"{web.url}/old", "2024-05-01"),
        page(f"{web.url}/new", "2024-05-03T10:00:00Z"),
    )
    web.serve("/sitemap.xml", sitemap(*pages))
    found = listing(web, settings)
    assert paths(web, found) == ["/new", "/old", "/undated"]
    assert [one.state for one in found.documents] == ["2024-05-03T10:00:00Z", "2024-05-01", None]
    assert found.remarks == []


def test_a_news_sitemap_dates_a_page_and_a_new_title_is_a_new_state(
    web: WebServer, settings: Settings
) -> None:
    news = (
        "<image:image><image:loc>http://example.org/i.jpg</image:loc></image:image>"
        "<news:news><news:publication><news:name>Example</news:name></news:publication>"
        "<news:publication_date>2024-05-03T09:30:00+02:00</news:publication_date>"
        "<news:title>{}</news:title></news:news>"
    )
    states = []
    for title in ("Strike", "Strike ends"):
        web.serve("/sitemap.xml", sitemap(page(f"{web.url}/a", inner=news.format(title))))
        (one,) = listing(web, settings, MAY_3).documents
        assert one.uri == f"{web.url}/a"
        states.append(one.state)
    assert len(set(states)) == 2


def test_a_window_takes_what_is_dated_in_it_and_nothing_undated_where_it_is_past(
    web: WebServer, settings: Settings
) -> None:
    dates = {
        "a": "2024-05-02T23:59:59Z", "b": "2024-05-03", "c": "2024-05-03T23:00:00Z",
        "d": "2024-05-04T00:00:00Z", "e": None, "f": "last week",
    }  # fmt: skip
    pages = [page(f"{web.url}/{name}", date) for name, date in dates.items()]
    web.serve("/sitemap.xml", sitemap(*pages))
    assert sorted(paths(web, listing(web, settings, MAY_3))) == ["/b", "/c"]
    open_ended = Window(MAY_3.start, None)
    assert sorted(paths(web, listing(web, settings, open_ended))) == ["/b", "/c", "/d", "/e", "/f"]


def test_an_index_is_followed_also_through_gzip_and_what_is_older_than_the_window_is_not_asked_for(
    web: WebServer, settings: Settings
) -> None:
    def inner(name: str, date: str) -> str:
        return web.serve(f"/{name}.xml.gz", gzip.compress(sitemap(page(f"{web.url}/{name}", date))))

    new = inner("new", "2024-05-03T10:00:00Z")
    old = inner("old", "2024-04-01")
    unknown = inner("unknown", "2024-05-03")
    web.serve("/deep.xml", index((new, "2024-05-03")))
    top = index((old, "2024-04-30"), (f"{web.url}/deep.xml", None), (unknown, None))
    web.serve("/sitemap.xml", top)
    assert sorted(paths(web, listing(web, settings, MAY_3))) == ["/new", "/unknown"]
    asked = [path for path, _ in web.requests]
    assert "/old.xml.gz" not in asked
    assert asked.count("/robots.txt") == 1


def test_an_index_of_indices_and_one_that_names_itself_come_to_an_end(
    web: WebServer, settings: Settings
) -> None:
    for number in range(6):
        web.serve(f"/{number}.xml", index((f"{web.url}/{number + 1}.xml", None)))
    web.serve("/sitemap.xml", index((f"{web.url}/sitemap.xml", None), (f"{web.url}/0.xml", None)))
    found = listing(web, settings)
    assert found.documents == []
    assert found.remarks == [f"{web.url}/1.xml: not all sitemaps of this index are read"]


def test_a_file_of_an_index_that_can_not_be_read_leaves_the_others(
    web: WebServer, settings: Settings
) -> None:
    good = web.serve("/good.xml", sitemap(page(f"{web.url}/a")))
    bad = web.serve("/bad.xml", b"<html><body>gone</body></html>")
    web.serve("/sitemap.xml", index((bad, None), (f"{web.url}/404.xml", None), (good, None)))
    found = listing(web, settings)
    assert paths(web, found) == ["/a"]
    assert found.remarks == [
        f"{bad}: no sitemap: its root is <html>",
        f"{web.url}/404.xml: HTTP 404 Not Found",
    ]


def test_a_file_of_an_index_that_can_not_be_had_now_fails_a_run_over_the_past(
    web: WebServer, settings: Settings
) -> None:
    good = web.serve("/good.xml", sitemap(page(f"{web.url}/a", "2024-05-03")))
    broken = web.on("/broken.xml", replying(502))
    for away in (broken, "http://127.0.0.1:1/away.xml"):
        web.serve("/sitemap.xml", index((away, None), (good, None)))
        assert paths(web, listing(web, settings)) == ["/a"]
        with pytest.raises(FetchError):
            listing(web, settings, MAY_3)


def test_pages_of_other_sites_are_left_out_and_so_is_what_is_no_page(
    web: WebServer, settings: Settings
) -> None:
    pages = [
        page("https://elsewhere.example/a"), page("ftp://127.0.0.1/x"), page("file:///etc/passwd"),
        page("javascript:alert(1)"), page(""), page("http://[::1"), page(f"{web.url}/{'x' * 3000}"),
        page(f"{web.url}/a"),
    ]  # fmt: skip
    web.serve("/sitemap.xml", sitemap(*pages))
    found = listing(web, settings)
    assert paths(web, found) == ["/a"]
    assert found.remarks == ["2 pages of other sites are left out"]


def test_a_pattern_and_a_limit_choose_the_newest(web: WebServer, settings: Settings) -> None:
    pages = [page(f"{web.url}/news/{day}", f"2024-05-{day:02}") for day in range(1, 10)]
    web.serve("/sitemap.xml", sitemap(*pages, page(f"{web.url}/shop/1", "2024-06-01")))
    found = listing(web, settings, pattern="*/news/*", limit=3)
    assert paths(web, found) == ["/news/9", "/news/8", "/news/7"]
    assert found.remarks == ["6 older pages above the limit are left out"]


def test_a_list_of_addresses_is_a_sitemap(web: WebServer, settings: Settings) -> None:
    web.serve("/sitemap.xml", f"\ufeff{web.url}/a\n{web.url}/b\r\n".encode())
    assert paths(web, listing(web, settings)) == ["/a", "/b"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY x SYSTEM "file:///etc/passwd">]>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>http://127.0.0.1/&e;&x;</loc></url></urlset>"""


def test_entities_are_neither_expanded_nor_loaded(web: WebServer, settings: Settings) -> None:
    web.serve("/sitemap.xml", BOMB)
    (one,) = listing(web, settings).documents
    assert one.uri == "http://127.0.0.1/"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"<html><body>Not found</body></html>", "no sitemap: its root is <html>"),
        (b"<urlset><url><loc>http://example.org/</loc>", "no sitemap: "),
        (b"", "no sitemap: neither XML nor a list of addresses"),
        (b"Page not found", "no sitemap: neither XML nor a list of addresses"),
        (b"\xff\xd8\xff\xe0", "no sitemap: neither XML nor text"),
        (gzip.compress(bytes(50_000_000)), "larger than the limit of 2,000,000 bytes"),
        (gzip.compress(b"<urlset/>")[:-4], "its gzip data ends too early"),
    ],
    ids=["page", "cut", "empty", "words", "picture", "gzip bomb", "cut gzip"],
)
def test_what_is_no_sitemap_is_said_in_one_line(
    web: WebServer, settings: Settings, data: bytes, cause: str
) -> None:
    web.serve("/sitemap.xml", data)
    with pytest.raises(FetchError) as refused:
        listing(web, settings)
    assert cause in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_server_that_wants_to_be_left_alone_is(web: WebServer, settings: Settings) -> None:
    web.on("/sitemap.xml", replying(503, headers={"Retry-After": "60"}))
    with pytest.raises(NotYet, match="wants to be left alone"):
        listing(web, settings)


def test_robots_txt_holds_for_the_sitemap_too(web: WebServer, settings: Settings) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /sitemap")
    web.serve("/sitemap.xml", sitemap(page(f"{web.url}/a")))
    with pytest.raises(FetchError, match="does not allow Newswire"):
        listing(web, settings)
    assert paths(web, listing(web, settings, robots=False)) == ["/a"]


def test_a_sitemap_of_more_than_the_protocol_allows_is_read_so_far(
    web: WebServer, settings: Settings
) -> None:
    many = sitemap(*(page(f"{web.url}/{number}") for number in range(50_010)))
    web.serve("/sitemap.xml", many)
    large = settings.model_copy(update={"fetch_max_bytes": 64_000_000})
    found = listing(web, large, limit=100_000)
    assert len(found.documents) == 50_000
