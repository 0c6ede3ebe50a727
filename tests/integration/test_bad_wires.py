"""Hostile, broken and huge wires in one batch with good ones, by the command line with its default
limits: entities, cuts, NULs, half surrogates, what expands or goes on without end, and doubts.
"""

from __future__ import annotations

import socket
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from newswire.config import Settings
from newswire.ingest import pipeline
from newswire.ingest.pipeline import SourceRules
from newswire.ingest.report import Outcome
from newswire.setup import prepare
from newswire.stories.model import PubStatus
from tests.badinput import Bad, Batch, check_letter, check_line, run
from tests.ftpserver import Talk, scripted
from tests.ingesting import BODY, entry, feed, page, text
from tests.ninjs import ninjs
from tests.services import Watch
from tests.webserver import WebServer, web_server

SECRET = "the harbour master keeps the spare key under the third bollard"
PARAGRAPH = f"<p>{BODY}</p>"
ENTITIES_OF_ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a0 "strike ">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
LONG_ENTITY = f'<!DOCTYPE x [<!ENTITY long "{"strike " * 5_000}">]>'
HUGE_BYTES = 200 * 10**6
CUT = "the document seems to be cut off"
LOGIN = b"<html><body><form><a href='/login'>Log in</a></form></body></html>"


def nitf(headline: str, body: str = PARAGRAPH, prolog: str = "") -> bytes:
    return (
        f"{prolog}<nitf><body><body.head><hedline><hl1>{headline}</hl1></hedline></body.head>"
        f"<body.content>{body}</body.content></body></nitf>"
    ).encode()


def g2_item(guid: str, headline: str, meta: str = "") -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="{guid}" version="1">'
        '<itemMeta><itemClass qcode="ninat:text"/>'
        f"<versionCreated>2024-05-17T12:00:00Z</versionCreated>{meta}</itemMeta>"
        f"<contentMeta><headline>{headline}</headline></contentMeta><contentSet><inlineXML>"
        f"<html><body>{PARAGRAPH * 2}</body></html></inlineXML></contentSet></newsItem>"
    )


def g2_message(*items: str) -> bytes:
    return f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>".encode()


def newsml_1(headline: str) -> bytes:
    return (
        "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>acme.example</ProviderId>"
        "<DateId>20240517</DateId><NewsItemId>tx7</NewsItemId><RevisionId>1</RevisionId>"
        "<PublicIdentifier>urn:newsml:acme.example:20240517:tx7:1</PublicIdentifier>"
        "</NewsIdentifier></Identification><NewsComponent><NewsLines>"
        f"<HeadLine>{headline}</HeadLine></NewsLines><ContentItem><MediaType FormalName='Text'/>"
        f"<DataContent>{PARAGRAPH * 2}</DataContent></ContentItem></NewsComponent></NewsItem>"
        "</NewsML>"
    ).encode()


def half(document: bytes) -> bytes:
    """What arrives of a document whose transfer breaks off in the middle of a paragraph."""
    return document[: document.rindex(b"voted")]


def half_a_pair(uri: str) -> bytes:
    r"""A ninjs item whose headline has \ud800 in it."""
    return ninjs(uri, 1, "Half a \ud800 pair")


def external(place: str) -> str:
    return f'<!DOCTYPE nitf [<!ENTITY secret SYSTEM "{place}">]>'


FILES = [
    Bad("bomb.xml", "parse", "MalformedInput", r"&a1; is made of other entities",
        nitf("Bomb", "<p>&a9;</p>", ENTITIES_OF_ENTITIES)),
    Bad("bomb.rss", "parse", "MalformedInput", r"&a1; is made of other entities",
        ENTITIES_OF_ENTITIES.encode() + feed(entry("bomb", "&a9;")).partition(b"?>")[2]),
    Bad("blow-up.xml", "parse", "MalformedInput", r"grow to 35,000,000 characters",
        nitf("Blow-up", f"<p>{'&long;' * 1_000}</p>", LONG_ENTITY)),
    Bad("cut-g2.xml", "parse", "MalformedInput", CUT,
        half(g2_message(g2_item("urn:cut:1", "Whole"), g2_item("urn:cut:2", "Cut")))),
    Bad("cut-nitf.xml", "parse", "MalformedInput", CUT, half(nitf("Cut"))),
    Bad("cut-newsml.xml", "parse", "MalformedInput", CUT, half(newsml_1("Cut"))),
    Bad("cut.rss", "parse", "MalformedInput", r"cut off",
        half(feed(entry("cut:1", "Before the cut"), entry("cut:2", "Cut"))), "#cut:2"),
    Bad("nuls.txt", "parse", "BinaryInput", r"bytes that no text has",
        b"\0".join(bytes([one]) for one in text("Every other byte a NUL"))),
    Bad("nuls.xml", "parse", "MalformedInput", CUT,
        b'<?xml version="1.0"?>' + half(nitf("Filled up with NULs")) + bytes(4096)),
    Bad("surrogate.json", "parse", "MalformedInput", r"half a surrogate pair",
        half_a_pair("urn:half:1"), "#urn:half:1"),
    Bad("surrogates.json", "parse", "MalformedInput", r"half a surrogate pair",
        b"[%s,%s]" % (half_a_pair("urn:half:2"), ninjs("urn:half:3", 1, "Whole pair \U0001f6a2")),
        "#urn:half:2"),
    Bad("surrogate.xml", "parse", "MalformedInput", r"line 1: .*invalid xmlChar",
        nitf("Half a pair", f"<p>&#xD800; {BODY}</p>")),
    Bad("many.rss", "parse", "InputTooLarge", r"a feed of 50,000 entries, over the limit of 20,000",
        feed(*(entry(f"many:{number}", "One of many", None, "So.") for number in range(50_000)))),
]  # fmt: skip
WITHOUT_BYTES = [
    Bad("huge.xml", "fetch", "FetchError", r"larger than the limit of 67,108,864 bytes"),
    Bad("endless", "fetch", "FetchError", r"larger than the limit of 67,108,864 bytes"),
    Bad("stalls.xml", "fetch", "FetchError", r"no answer within 0\.5 s"),
]
SERVED = Bad("login.rss", "parse", "NoArticle", r"without an article", LOGIN)
GOOD = {
    "good.txt": text("Pilots end strike"),
    "good.xml": nitf("Ferry line orders ships"),
    "good-g2.xml": g2_message(g2_item("urn:good:1", "Council opens bridge")),
    "good.json": ninjs("urn:good:2", 1, "Lighthouse lit again"),
    "stray.xml": nitf("Stray \0NUL", f"<p>{BODY}\0</p>"),
    "stray.txt": text("Another stray\0 NUL"),
    "words.rss": feed(entry("words", "Dated in words", "last Tuesday, after lunch")),
}
GOOD_HEADLINES = {
    "Pilots end strike", "Ferry line orders ships", "Council opens bridge", "Lighthouse lit again",
    "Stray NUL", "Another stray NUL", "Dated in words",
    "Before the cut", "Whole pair \U0001f6a2", "Names of no DTD",
}  # fmt: skip
WITHHELD = {
    "status.xml": g2_item("urn:doubt:1", "Status", '<pubStatus qcode="stat:perhaps"/>'),
    "embargo.xml": g2_item("urn:doubt:2", "Embargo", "<embargoed>when he has spoken</embargoed>"),
}


@dataclass(frozen=True)
class Ran:
    """The batch, and what the web server was asked for."""

    batch: Batch
    bad: list[Bad]
    asked: list[str]


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture(scope="module")
def ftp() -> Iterator[str]:
    """A drop whose server sends the half of a file, and then nothing any more."""

    def stall(connection: socket.socket, done: threading.Event) -> None:
        connection.sendall(half(nitf("Stalls")))
        done.wait(60)

    with scripted(stall) as data_port:
        passive = b"227 Entering Passive Mode (127,0,0,1,%d,%d)\r\n" % divmod(data_port, 256)
        with scripted(Talk({"PASV": passive, "RETR": b"150 here\r\n"})) as port:
            yield f"ftp://127.0.0.1:{port}"


def expanding(request: BaseHTTPRequestHandler) -> None:
    """Zeros without end, a thousand of them in each byte that is sent."""
    request.send_response(200)
    request.send_header("Content-Encoding", "gzip")
    request.end_headers()
    deflate = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    while True:
        request.wfile.write(deflate.compress(bytes(2**20)))


@pytest.fixture(scope="module")
def ran(stack: Settings, web: WebServer, ftp: str, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    prepare(stack)
    folder = tmp_path_factory.mktemp("wires")
    (folder / "secret.txt").write_text(SECRET)
    web.serve("/secret", SECRET.encode())
    inside = [
        Bad(f"external-{kind}.xml", "parse", "MalformedInput", r"Entity 'secret' not defined",
            nitf("External", "<p>&secret;</p>", external(place)))
        for kind, place in (("http", f"{web.url}/secret"), ("file", f"file://{folder}/secret.txt"))
    ]  # fmt: skip
    lenient = {
        "external.rss": external(f"file://{folder}/secret.txt").encode()
        + feed(entry("external", "Names of no DTD", body=f"&secret; {BODY}")).partition(b"?>")[2],
        "parameter.xml": nitf(
            "Names of no DTD",
            f'{PARAGRAPH}<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" '
            f'href="file://{folder}/secret.txt"/>',
            f'<!DOCTYPE nitf SYSTEM "{web.url}/secret" '
            f'[<!ENTITY % p SYSTEM "{web.url}/secret">%p;]>',
        ),
    }
    bad = [*FILES, *inside]
    files = [(one.name, one.data or b"") for one in bad]
    files += [*GOOD.items(), *lenient.items()]
    files += [(name, item.encode()) for name, item in WITHHELD.items()]
    for name, data in files:
        (folder / name).write_bytes(data)
    with (folder / "huge.xml").open("wb") as huge:
        huge.write(b"<newsMessage>")
        huge.truncate(HUGE_BYTES)
    web.on("/endless", expanding)
    web.serve(f"/{SERVED.name}", SERVED.data or b"", "application/rss+xml")
    bad += [*WITHOUT_BYTES, SERVED]
    # The good ones after the bad ones of their kind, and those without bytes in their midst.
    names = sorted(path.name for path in folder.iterdir() if path.name != "secret.txt")
    addresses = [str(folder / name) for name in names]
    addresses[2:2] = [f"{ftp}/stalls.xml", f"{web.url}/endless", f"{web.url}/{SERVED.name}"]
    batch = run(stack, "bad-wires", addresses)
    return Ran(batch, bad, [path for path, _ in web.requests])


def bad_names() -> list[str]:
    return [
        one.name for one in (*FILES, *WITHOUT_BYTES, SERVED)
    ] + ["external-http.xml", "external-file.xml"]  # fmt: skip


@pytest.fixture(params=bad_names())
def bad(ran: Ran, request: pytest.FixtureRequest) -> Bad:
    """Each of the bad ones."""
    return next(one for one in ran.bad if one.name == request.param)


def test_it_is_one_line_naming_source_and_cause(ran: Ran, bad: Bad) -> None:
    check_line(ran.batch, bad)


def test_it_is_a_dead_letter_with_the_bytes_where_any_were_got(
    stack: Settings, ran: Ran, bad: Bad
) -> None:
    check_letter(stack, ran.batch, bad)


def test_nothing_else_is_said_and_the_exit_code_tells_that_something_was_bad(ran: Ran) -> None:
    assert ran.batch.code == 1
    assert ran.batch.letters.keys() == {one.origin for one in ran.bad}
    assert ran.batch.letters_sent == len(ran.bad)
    *lines, totals = ran.batch.lines
    assert len(lines) == len(ran.bad)
    assert "Traceback" not in "".join(lines)
    assert totals.endswith(f"{len(ran.bad)} failed, {len(ran.bad)} new dead letters")


def test_its_neighbours_go_through_without_a_nul_in_them(ran: Ran) -> None:
    usable = [one for one in ran.batch.stories if one.pub_status is PubStatus.USABLE]
    assert {story.headline for story in usable} == GOOD_HEADLINES
    # Of two documents of one headline both are there.
    assert len(usable) == len(GOOD_HEADLINES) + 1
    assert not [story for story in usable if "\\u0000" in story.to_json().decode()]


def test_no_address_and_no_file_that_a_wire_names_is_read(ran: Ran) -> None:
    assert set(ran.asked) - {"/endless", f"/{SERVED.name}"} <= {"/robots.txt"}
    assert SECRET not in "".join(story.to_json().decode() for story in ran.batch.stories)


def test_a_doubtful_status_or_embargo_withholds_the_story(ran: Ran) -> None:
    withheld = [one for one in ran.batch.stories if one.pub_status is not PubStatus.USABLE]
    assert {story.id for story in withheld} == {"urn:doubt:1", "urn:doubt:2"}
    for story in withheld:
        assert (story.pub_status, story.headline, story.body) == (PubStatus.WITHHELD, None, ())


def test_a_story_dated_in_words_has_the_date_of_its_arrival_and_is_marked(ran: Ran) -> None:
    (story,) = (one for one in ran.batch.stories if one.headline == "Dated in words")
    assert story.version_created == story.raw.archived_at
    assert {mark.reason for mark in story.quality} >= {"date-missing", "date-unreadable"}


def test_the_same_batch_once_more_fails_as_before_and_makes_no_second_dead_letter(
    stack: Settings, ran: Ran
) -> None:
    again = run(stack, ran.batch.source, ran.batch.addresses)
    assert (again.code, again.letters_sent, again.stories) == (1, 0, [])
    assert len(again.lines) == len(ran.batch.lines)


def test_a_page_served_where_a_source_has_a_feed_is_a_dead_letter(
    stack: Settings, web: WebServer, dead: Watch, stories: Watch
) -> None:
    address = f"{web.url}/feed.rss"
    web.serve("/feed.rss", page(address, BODY), "application/rss+xml")
    rules = SourceRules("bad-feed", internal=True, expect="feed")
    (report,) = pipeline.ingest([address], rules, stack)
    assert report.outcome is Outcome.DEAD
    assert report.errors == (f"{address}: text/html where a feed was expected",)
    (letter,) = dead.records()
    assert letter.raw.key == report.raw_key
    assert stories.records() == []


def test_a_folder_that_can_not_be_listed_is_one_of_the_bad_ones(
    stack: Settings, tmp_path: Path
) -> None:
    (tmp_path / "beside.txt").write_bytes(text("Beside a silent folder"))

    def silent(connection: socket.socket, done: threading.Event) -> None:
        done.wait(60)

    with scripted(silent) as port:
        folder = f"ftp://127.0.0.1:{port}/wires/"
        batch = run(stack, "bad-folder", [folder, str(tmp_path / "beside.txt")])
    assert [story.headline for story in batch.stories] == ["Beside a silent folder"]
    assert (batch.code, batch.letters_sent) == (1, 1)
    assert batch.lines[0] == f"{folder}: no answer within 0.5 s"
