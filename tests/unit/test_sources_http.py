"""Documents over HTTP, from a real server in a thread that behaves in every bad way."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from newswire.config import Settings, load_settings
from newswire.errors import FetchError
from newswire.sources.addresses import is_public
from newswire.sources.connections import Connections
from newswire.sources.fetch import fetch
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.sources.http import get
from tests.tls import certificate
from tests.webserver import Answer, WebServer, replying, unless_known, web_server

LIMIT = 200_000


@pytest.fixture
def settings() -> Settings:
    return load_settings(
        fetch_timeout=5, fetch_deadline=5, fetch_max_bytes=LIMIT, fetch_max_redirects=3
    )


def fetched(url: str, settings: Settings, known: Validators | None = None) -> Fetched:
    found = get(url, settings, internal=True, known=known or Validators())
    assert isinstance(found, Fetched)
    return found


def refusal(url: str, settings: Settings, *, internal: bool = True) -> str:
    with pytest.raises(FetchError) as refused:
        get(url, settings, internal=internal, known=Validators())
    assert "\n" not in str(refused.value)
    return str(refused.value)


def redirect_to(address: str, status: int = 302) -> Answer:
    return replying(status, headers={"Location": address})


def test_a_document_has_its_bytes_type_address_and_validators(
    web: WebServer, settings: Settings
) -> None:
    answer = {"Content-Type": "text/html", "ETag": '"a"', "Last-Modified": "Fri, 17 May 2024"}
    url = web.on("/a", replying(200, b"caf\xe9", answer))
    assert fetched(url, settings) == Fetched(
        b"caf\xe9", "text/html", url, Validators('"a"', "Fri, 17 May 2024")
    )
    _, sent = web.requests[0]
    assert sent["User-Agent"].startswith("Newswire/")
    assert sent["Accept-Encoding"] == "gzip"


def test_a_redirect_is_followed_and_the_address_is_the_last(
    web: WebServer, settings: Settings
) -> None:
    web.on("/old", redirect_to("/deep/er"))
    web.on("/deep/er", redirect_to("../new", 308))
    url = web.serve("/new", b"here")
    found = fetched(f"{web.url}/old", settings)
    assert (found.data, found.url) == (b"here", url)


def test_redirects_for_ever_end(web: WebServer, settings: Settings) -> None:
    url = web.on("/round", redirect_to("/round"))
    assert refusal(url, settings) == f"redirected more than 3 times, last to {url}"
    assert len(web.requests) == 4


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        ("ftp://example.org/x", "ftp://example.org/x is not an HTTP address"),
        ("file:///etc/passwd", "file:///etc/passwd is not an HTTP address"),
        ("http://[::1", "Invalid URL in location header"),
        ("http://127.0.0.1:99999/", "is no address: "),
    ],
)
def test_a_redirect_to_what_is_no_address_is_refused(
    web: WebServer, settings: Settings, target: str, cause: str
) -> None:
    url = web.on("/a", redirect_to(target))
    assert cause in refusal(url, settings)


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:port/", "http://a\x00b/"])
def test_what_is_no_address_is_refused_in_one_line(settings: Settings, url: str) -> None:
    assert refusal(url, settings)


def test_nobody_there_is_said(settings: Settings) -> None:
    with socket.socket() as taken:
        # Bound, but nobody listens.
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert refusal(f"http://127.0.0.1:{port}/", settings) == "no answer: Connection refused"


def test_a_name_that_does_not_exist_is_said(settings: Settings) -> None:
    url = "http://nowhere.invalid/"
    assert "the name nowhere.invalid can't be resolved" in refusal(url, settings, internal=False)


def test_silence_is_given_up(web: WebServer, settings: Settings) -> None:
    url = web.on("/silent", lambda request: web.done.wait(10) and None)
    quick = settings.model_copy(update={"fetch_timeout": 0.1})
    assert refusal(url, quick) == "no answer within 0.1 s"


def drip(before: bytes, piece: bytes, done: threading.Event) -> Answer:
    """Send something, and then a piece now and then for ever."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.wfile.write(before)
        while not done.wait(0.02):
            request.wfile.write(piece)

    return answer


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
        (HEAD + b"\r\n", b"x"),
        (HEAD, b"X-A: b\r\n"),
        (HEAD + b"X-A: ", b"b"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + bytes(6), b"n"),
    ],
    ids=["body", "body of unknown length", "headers", "one header", "name within gzip"],
)
def test_a_drip_ends_at_the_deadline(
    web: WebServer, settings: Settings, before: bytes, piece: bytes
) -> None:
    url = web.on("/drip", drip(before, piece, web.done))
    begun = time.monotonic()
    hasty = settings.model_copy(update={"fetch_deadline": 0.3})
    assert refusal(url, hasty) == "not complete after 0.3 s"
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("status", "cause"),
    [(404, "HTTP 404 Not Found"), (410, "HTTP 410 Gone"), (503, "HTTP 503 Service Unavailable")],
)
def test_an_error_status_is_said(
    web: WebServer, settings: Settings, status: int, cause: str
) -> None:
    assert refusal(web.on("/a", replying(status, b"a page")), settings) == cause


def test_a_document_of_just_the_limit_is_taken_and_one_byte_more_is_not(
    web: WebServer, settings: Settings
) -> None:
    assert len(fetched(web.serve("/fits", b"x" * LIMIT), settings).data) == LIMIT
    cause = refusal(web.serve("/large", b"x" * (LIMIT + 1)), settings)
    assert cause == (
        "larger than the limit of 200,000 bytes; raise NEWSWIRE_FETCH_MAX_BYTES if it is wanted"
    )


def zipped(data: bytes) -> Answer:
    return replying(200, data, {"Content-Encoding": "gzip"})


def test_gzip_is_unpacked_also_in_parts_and_with_padding(
    web: WebServer, settings: Settings
) -> None:
    parts = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0\0\0"
    assert fetched(web.on("/a", zipped(parts)), settings).data == b"one two"
    assert fetched(web.on("/empty", zipped(b"")), settings).data == b""


def test_what_gzip_grows_to_counts(web: WebServer, settings: Settings) -> None:
    bomb = gzip.compress(bytes(50 * LIMIT))
    assert len(bomb) < LIMIT / 10
    assert "larger than the limit" in refusal(web.on("/bomb", zipped(bomb)), settings)


def test_gzip_that_expands_to_nothing_for_ever_is_cut_at_the_limit(
    web: WebServer, settings: Settings
) -> None:
    def without_end(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.wfile.write(HEAD + b"Content-Encoding: gzip\r\n\r\n")
        while not web.done.is_set():
            request.wfile.write(gzip.compress(b"") * 1000)

    assert "larger than the limit" in refusal(web.on("/empty", without_end), settings)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (gzip.compress(b"a long story")[:-9], "its gzip data ends too early"),
        (b"no gzip at all", "its gzip data is broken: "),
        (zlib.compress(b"deflate"), "its gzip data is broken: "),
    ],
)
def test_gzip_that_is_broken_is_said(
    web: WebServer, settings: Settings, data: bytes, cause: str
) -> None:
    assert cause in refusal(web.on("/a", zipped(data)), settings)


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "deflate"])
def test_a_compression_that_was_not_asked_for_is_refused(
    web: WebServer, settings: Settings, encoding: str
) -> None:
    twice = gzip.compress(gzip.compress(b"x"))
    url = web.on("/a", replying(200, twice, {"Content-Encoding": encoding}))
    assert refusal(url, settings) == f"compressed as '{encoding}', which was not asked for"


def test_a_document_that_is_cut_short_is_said(web: WebServer, settings: Settings) -> None:
    url = web.on("/cut", replying(200, b"half", {"Content-Length": "8"}))
    assert "no answer: " in refusal(url, settings)


def test_an_answer_that_is_no_http_is_said(web: WebServer, settings: Settings) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(b"220 mail.example.org ESMTP\r\n")

    assert "no answer: " in refusal(web.on("/", answer), settings)


def test_a_document_that_has_not_changed_is_not_sent_again(
    web: WebServer, settings: Settings
) -> None:
    url = web.on("/a", unless_known(b"x", '"a"'))
    first = fetched(url, settings)
    assert get(url, settings, internal=True, known=first.validators) == NotModified()
    assert fetched(url, settings, Validators(etag='"old"')).data == b"x"


def test_the_date_is_sent_back_where_there_is_one(web: WebServer, settings: Settings) -> None:
    url = web.on("/a", replying(304))
    known = Validators(last_modified="Fri, 17 May 2024 12:00:00 GMT")
    assert get(url, settings, internal=True, known=known) == NotModified()
    assert web.requests[0][1]["If-Modified-Since"] == "Fri, 17 May 2024 12:00:00 GMT"


def test_not_modified_without_having_asked_is_an_error(web: WebServer, settings: Settings) -> None:
    assert refusal(web.on("/a", replying(304)), settings) == "HTTP 304 Not Modified"


def test_a_validator_that_can_not_be_sent_back_is_left(web: WebServer, settings: Settings) -> None:
    url = web.on("/a", replying(200, b"x", {"ETag": '"\xe9"'}))
    assert fetched(url, settings).validators == Validators()


def test_a_certificate_is_held_to_the_name_though_the_connection_goes_to_an_address(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pem = certificate(tmp_path)
    with web_server(pem) as secure:
        url = secure.serve("/a", b"x").replace("127.0.0.1", "localhost")
        assert "CERTIFICATE_VERIFY_FAILED" in refusal(url, settings)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert fetched(url, settings).data == b"x"
        monkeypatch.setattr(socket, "getaddrinfo", resolving_to("127.0.0.1"))
        cause = refusal(url.replace("localhost", "news.example.org"), settings)
        assert "not valid for 'news.example.org'" in cause


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_an_address_of_this_machine_is_refused_unless_the_source_is_internal(
    web: WebServer, settings: Settings, host: str
) -> None:
    url = web.serve("/a", b"inside").replace("127.0.0.1", host)
    assert fetched(url, settings).data == b"inside"
    before = len(web.requests)
    cause = refusal(url, settings, internal=False)
    assert (
        "which is not a public address; if that is meant, declare the source `internal: true`"
        in cause
    )
    assert len(web.requests) == before


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "::1", "fe80::1",
        "fc00::1", "::ffff:127.0.0.1",
    ],
)  # fmt: skip
def test_a_name_that_leads_inside_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to(address))
    cause = refusal("http://news.example.org/", settings, internal=False)
    assert f"news.example.org is at {address}" in cause


def resolving_to(*addresses: str) -> Callable[..., list[tuple[object, ...]]]:
    """A resolver that gives one address after the other, the last for ever."""
    remaining = list(addresses)

    def getaddrinfo(host: str, port: object, *args: object, **kinds: object) -> list[object]:
        address = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    return getaddrinfo  # type: ignore[return-value]


def test_a_name_that_resolves_differently_the_second_time_is_sent_nothing(
    web: WebServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = web.url.rpartition(":")[2]
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("93.184.216.34", "127.0.0.1"))
    cause = refusal(f"http://news.example.org:{port}/", settings, internal=False)
    assert "is at 127.0.0.1, which is not a public address" in cause
    assert web.requests == []


def test_a_redirect_from_outside_to_inside_is_refused(
    web: WebServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = web.url.rpartition(":")[2]
    web.serve("/inside", b"secret")
    web.on("/outside", redirect_to(f"http://inside.example.org:{port}/inside"))
    really = socket.getaddrinfo

    def getaddrinfo(host: str, *args: Any, **kinds: Any) -> object:
        inside = host == "inside.example.org"
        return really("127.0.0.1" if inside else host, *args, **kinds)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    # The test's server is the outside here, and nothing else is.
    monkeypatch.setattr(Connections, "_check", allowing_host("127.0.0.1"))
    cause = refusal(f"{web.url}/outside", settings, internal=False)
    assert "inside.example.org is at 127.0.0.1" in cause
    assert [path for path, _ in web.requests] == ["/outside"]


def allowing_host(allowed: str) -> Callable[[Connections, str, str], None]:
    really = Connections._check

    def check(connections: Connections, address: str, host: str) -> None:
        if host != allowed:
            really(connections, address, host)

    return check


def test_a_path_is_read_and_an_address_is_fetched(
    web: WebServer, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"y")
    found = fetch(web.serve("/a", b"x"), settings, internal=True)
    assert found.url == f"{web.url}/a"
    assert fetch(str(tmp_path / "a.txt"), settings, internal=False).data == b"y"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "169.254.169.254", "224.0.0.1", "::1", "fe80::1", "fec0::1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "ff02::1",
        "64:ff9b:1::7f00:1", "::ffff:0:127.0.0.1", "5f00::1",
    ],
)  # fmt: skip
def test_no_form_of_an_inner_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


def test_an_address_with_credentials_is_refused_and_they_are_not_repeated(
    settings: Settings,
) -> None:
    with pytest.raises(FetchError, match="must not hold credentials") as refused:
        fetch("https://ada:secret@example.org/", settings, internal=True)
    assert "secret" not in str(refused.value)
