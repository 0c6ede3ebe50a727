"""Every kind of bad input in one batch with good documents, through the command line."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from newswire.config import Settings
from newswire.setup import prepare
from tests.badinput import Bad, Batch, check_letter, check_line, run
from tests.webserver import WebServer, replying, web_server

BODY = "Pilots in Brindle Bay voted on Friday to end a strike of nine days, their union said. " * 2
GOOD_TEXT = f"Pilots end strike in Brindle Bay\n\n{BODY}\n\n{BODY}\n".encode()
GOOD_PAGE = (
    f"<html><body><article><h1>Ferry line orders three ships</h1><p>{BODY}</p><p>{BODY}</p>"
    "</article></body></html>"
).encode()
HEADLESS = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title><item><guid>headless</guid>'
    b"<link>https://wire.example/headless</link></item></channel></rss>"
)


FILES = [
    Bad("empty.txt", "parse", "EmptyInput", r"empty", b""),
    Bad("blank.txt", "parse", "EmptyInput", r"white space|empty", b" \n\t\n"),
    Bad("binary.dat", "parse", "BinaryInput", r"not text", b"\x7fELF" + bytes(range(256)) * 8),
    Bad(
        "login.html", "parse", "NoArticle", r"without an article",
        b"<html><body><form><a href='/login'>Log in</a></form></body></html>",
    ),
    Bad(
        "feed.xml", "parse", "MalformedInput", r"XML",
        b'<?xml version="1.0"?>\nthis was to be a feed\n',
    ),
    Bad("headless.xml", "parse", "NoHeadline", r"without a title and", HEADLESS, "#headless"),
    Bad(
        "large.txt", "parse", "InputTooLarge",
        r"bytes, over the limit of .*NEWSWIRE_PARSE_MAX_BYTES",
        b"A very long story\n\n" + b"And it goes on. " * (50 * 2**20 // 16),
    ),
    Bad(
        "klingon.xml", "parse", "UnknownEncoding", r"klingon",
        b'<?xml version="1.0" encoding="klingon"?><rss version="2.0"></rss>',
    ),
]  # fmt: skip
UNREACHABLE = [
    Bad("nowhere.txt", "fetch", "FetchError", r"No such file"),
    Bad("refused", "fetch", "FetchError", r"Connection refused"),
    Bad("silent", "fetch", "FetchError", r"no answer within 0\.5 s"),
    Bad("round", "fetch", "FetchError", r"redirected more than 5 times"),
    Bad("gone", "fetch", "FetchError", r"HTTP 404 Not Found"),
]
each_bad_one = pytest.mark.parametrize(
    "bad", [*FILES, *UNREACHABLE], ids=lambda bad: str(bad.origin)
)


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    with web_server() as server:
        yield server


@pytest.fixture(scope="module")
def batch(
    stack: Settings, web: WebServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Batch]:
    prepare(stack)
    folder = tmp_path_factory.mktemp("documents")
    for bad in FILES:
        (folder / bad.name).write_bytes(bad.data or b"")
    (folder / "good.txt").write_bytes(GOOD_TEXT)
    web.serve("/page.html", GOOD_PAGE)
    web.on("/silent", lambda request: web.done.wait(60) and None)
    web.on("/round", replying(301, headers={"Location": "/round"}))
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        addresses = [
            *(str(folder / bad.name) for bad in FILES),
            str(folder / "nowhere.txt"),
            f"http://127.0.0.1:{nobody.getsockname()[1]}/refused",
            *(f"{web.url}/{path}" for path in ("silent", "round", "gone")),
        ]
        # One of the good ones in the midst of the bad ones, one after them.
        addresses.insert(3, f"{web.url}/page.html")
        addresses.append(str(folder / "good.txt"))
        yield run(stack, "bad-input", addresses)


@each_bad_one
def test_it_is_one_line_naming_source_and_cause(batch: Batch, bad: Bad) -> None:
    check_line(batch, bad)


@each_bad_one
def test_it_is_a_dead_letter_with_the_bytes_where_any_were_got(
    stack: Settings, batch: Batch, bad: Bad
) -> None:
    check_letter(stack, batch, bad)


def test_the_good_ones_go_through(batch: Batch) -> None:
    assert sorted(story.headline or "" for story in batch.stories) == [
        "Ferry line orders three ships",
        "Pilots end strike in Brindle Bay",
    ]
    for name in ("good.txt", "page.html"):
        assert batch.reports[name]["outcome"] == "published"


def test_nothing_else_is_a_dead_letter_and_the_exit_code_tells_that_something_was_bad(
    batch: Batch,
) -> None:
    bad = {one.origin for one in (*FILES, *UNREACHABLE)}
    assert batch.letters.keys() == bad
    assert batch.code == 1
    assert batch.lines[-1] == (
        "15 documents, 0 unchanged; stories: 2 published, 0 held; 13 failed, 13 new dead letters"
    )
    assert len(batch.lines) == len(bad) + 1


def test_the_same_batch_once_more_fails_as_before_and_makes_no_second_dead_letter(
    stack: Settings, batch: Batch
) -> None:
    again = run(stack, batch.source, batch.addresses)
    assert (again.code, again.letters, again.stories) == (1, {}, [])
    assert again.lines[-1] == (
        "15 documents, 2 unchanged; stories: 0 published, 0 held; 13 failed, 0 new dead letters"
    )
