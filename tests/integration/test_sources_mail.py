"""Messages of a mailbox on an IMAP server, and of a maildir."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newswire.config import Settings, load_settings
from newswire.errors import ConfigError, FetchError
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher, fetch
from newswire.sources.fetched import Fetched, Listing, NotModified
from newswire.sources.kinds import ImapSource, MaildirSource
from newswire.sources.listing import documents_of
from newswire.sources.notes import NotesOfThisRun
from newswire.sources.window import Window
from tests.ftpserver import scripted
from tests.imapserver import LOGIN, PASSWORD, ImapServer, Mail, imap_server
from tests.tls import certificate

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)
MAY_3 = Window(datetime(2024, 5, 3, tzinfo=UTC), datetime(2024, 5, 4, tzinfo=UTC))


def mail(arrived: datetime = NOON, text: bytes = b"Subject: Strike\r\n\r\nEnds.\r\n") -> Mail:
    return Mail(text, arrived)


@pytest.fixture
def settings() -> Settings:
    return load_settings(fetch_timeout=5, fetch_deadline=10, fetch_max_bytes=200_000)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ImapServer]:
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("NEWSWIRE_CONN_DESK", json.dumps({"login": LOGIN, "password": PASSWORD}))
    with imap_server(pem) as running:
        yield running


def source(server: ImapServer, path: str = "", **about: object) -> ImapSource:
    declared = {
        "kind": "imap", "url": f"{server.url}{path}", "internal": True, "connection": "desk",
        **about,
    }  # fmt: skip
    return ImapSource.model_validate(declared)


def listing(
    declared: ImapSource | MaildirSource, settings: Settings, window: Window | None = None
) -> Listing:
    return documents_of(declared, settings, NotesOfThisRun(), window)


def uids(found: Listing) -> list[int]:
    return [int(one.uri.rpartition("=")[2]) for one in found.documents]


def test_the_messages_of_a_mailbox_are_read_in_one_session_and_left_as_they_are(
    server: ImapServer, settings: Settings
) -> None:
    texts = {5: b"Subject: a\r\n\r\n" + bytes(range(256)), 9: b"Subject: b\r\n\r\n)\r\n* BYE\r\n"}
    server.boxes["Wires/Late night"] = {uid: mail(text=text) for uid, text in texts.items()}
    declared = source(server, "/Wires/Late%20night")
    found = listing(declared, settings)
    assert uids(found) == [5, 9]
    server.commands.clear()
    with Fetcher(settings, internal=True, access=declared.access) as fetcher:
        fetched = [fetcher.fetch(one.uri, None, one.state) for one in found.documents]
    assert [one.data for one in fetched if isinstance(one, Fetched)] == list(texts.values())
    assert server.asked("LOGIN") == server.asked("EXAMINE") == 1
    verbs = {command.split()[0] for command in server.commands}
    assert verbs == {"CAPABILITY", "LOGIN", "EXAMINE", "UID"}


def test_a_message_is_fetched_once_since_it_never_changes(
    server: ImapServer, settings: Settings
) -> None:
    server.boxes["INBOX"] = {5: mail()}
    declared = source(server)
    (one,) = listing(declared, settings).documents
    with Fetcher(settings, internal=True, access=declared.access) as fetcher:
        first = fetcher.fetch(one.uri, None, one.state)
        assert isinstance(first, Fetched)
        server.commands.clear()
        assert fetcher.fetch(one.uri, first.validators, one.state) == NotModified()
        assert fetcher.fetch(one.uri, first.validators) == NotModified()
    assert server.commands == []


def test_a_window_takes_the_messages_that_arrived_in_it_to_the_second(
    server: ImapServer, settings: Settings
) -> None:
    begin, end = MAY_3.start, MAY_3.end
    assert begin is not None
    assert end is not None
    second = timedelta(seconds=1)
    moments = [begin - second, begin, end - second, end, end + timedelta(days=9)]
    server.boxes["INBOX"] = {uid: mail(moment) for uid, moment in enumerate(moments, 1)}
    assert uids(listing(source(server), settings, MAY_3)) == [2, 3]
    assert uids(listing(source(server), settings, Window(begin, None))) == [2, 3, 4, 5]
    assert uids(listing(source(server), settings)) == [1, 2, 3, 4, 5]


def test_many_messages_are_asked_for_in_parts_and_a_limit_takes_the_newest(
    server: ImapServer, settings: Settings
) -> None:
    minute = timedelta(minutes=1)
    server.boxes["INBOX"] = {uid: mail(NOON + uid * minute) for uid in range(1, 1202)}
    found = listing(source(server, limit=2), settings)
    assert uids(found) == [1200, 1201]
    assert found.remarks == ["1199 documents above the limit are left out"]
    assert server.asked("UID FETCH") == 3


def test_a_mailbox_that_was_made_anew_has_other_messages_under_old_names(
    server: ImapServer, settings: Settings
) -> None:
    server.boxes["INBOX"] = {5: mail()}
    declared = source(server)
    (one,) = listing(declared, settings).documents
    server.validity += 1
    with (
        Fetcher(settings, internal=True, access=declared.access) as fetcher,
        pytest.raises(FetchError, match="the mailbox was made anew"),
    ):
        fetcher.fetch(one.uri)


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/INBOX;UIDVALIDITY=7/;UID=4", "no such message any more"),
        ("/INBOX;UIDVALIDITY=7/;UID=6", "larger than the limit of 200,000 bytes"),
        ("/INBOX", "names no message of a mailbox"),
        ("/Nowhere;UIDVALIDITY=7/;UID=5", "IMAP answers there is no such mailbox"),
    ],
)
def test_a_message_that_can_not_be_had_is_said_and_the_next_is_fetched(
    server: ImapServer, settings: Settings, path: str, cause: str
) -> None:
    server.boxes["INBOX"] = {5: mail(), 6: mail(text=b"x" * 200_001)}
    access = source(server).access
    with Fetcher(settings, internal=True, access=access) as fetcher:
        with pytest.raises(FetchError, match=cause):
            fetcher.fetch(server.url + path)
        assert isinstance(fetcher.fetch(f"{server.url}/INBOX;UIDVALIDITY=7/;UID=5"), Fetched)


def test_a_session_that_the_server_has_ended_is_opened_again(
    server: ImapServer, settings: Settings
) -> None:
    server.boxes["INBOX"] = {5: mail(), 6: mail()}
    declared = source(server)
    one, two = listing(declared, settings).documents
    with Fetcher(settings, internal=True, access=declared.access) as fetcher:
        assert isinstance(fetcher.fetch(one.uri), Fetched)
        server.connections[-1].shutdown(socket.SHUT_RDWR)
        assert isinstance(fetcher.fetch(two.uri), Fetched)


def test_a_refused_login_is_said_without_the_password(
    server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = json.dumps({"login": LOGIN, "password": "wrong-secret"})
    monkeypatch.setenv("NEWSWIRE_CONN_DESK", stated)
    with pytest.raises(FetchError, match=r"IMAP answers .*AUTHENTICATIONFAILED") as refused:
        listing(source(server), settings)
    assert "wrong-secret" not in str(refused.value)


def test_a_certificate_that_nobody_vouches_for_is_refused_before_the_login(
    server: ImapServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
        listing(source(server), settings)
    assert server.commands == []


def test_a_server_inside_is_refused_unless_the_source_is_internal(
    server: ImapServer, settings: Settings
) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1, which is not a public address"):
        listing(source(server, internal=False), settings)
    with pytest.raises(ConfigError, match="needs a login"):
        Fetcher(settings, internal=True, access=Access()).fetch(server.url)


def test_a_server_that_stalls_is_one_clear_line(server: ImapServer, settings: Settings) -> None:
    def stall(connection: socket.socket, done: threading.Event) -> None:
        done.wait(10)

    quick = settings.model_copy(update={"fetch_timeout": 0.2})
    with scripted(stall) as port, pytest.raises(FetchError, match=r"^no answer within 0\.2 s$"):
        listing(source(server, url=f"imaps://127.0.0.1:{port}"), quick)


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "box" / name).mkdir(parents=True)
    return tmp_path / "box"


def deliver(box: Path, place: str, name: str, at: datetime = NOON) -> None:
    path = box / place / name
    path.write_bytes(name.encode())
    os.utime(path, (at.timestamp(), at.timestamp()))


def maildir(box: Path, **about: object) -> MaildirSource:
    return MaildirSource.model_validate({"kind": "maildir", "path": box, **about})


def test_the_messages_of_a_maildir_are_listed_and_read_and_left_where_they_are(
    box: Path, settings: Settings
) -> None:
    deliver(box, "cur", "2.host:2,S", NOON + timedelta(hours=1))
    deliver(box, "new", "1.host,S=3")
    deliver(box, "new", ".hidden")
    deliver(box, "tmp", "3.host")
    found = listing(maildir(box), settings)
    assert [one.uri for one in found.documents] == [
        f"maildir://{box}/1.host,S=3",
        f"maildir://{box}/2.host",
    ]
    read = [fetch(one.uri, settings, internal=False).data for one in found.documents]
    assert read == [b"1.host,S=3", b"2.host:2,S"]
    assert (box / "new" / "1.host,S=3").exists()


def test_a_message_that_somebody_has_read_in_between_is_still_the_same(
    box: Path, settings: Settings
) -> None:
    deliver(box, "new", "1.host")
    (one,) = listing(maildir(box), settings).documents
    (box / "new" / "1.host").rename(box / "cur" / "1.host:2,RS")
    fetcher = Fetcher(settings)
    first = fetcher.fetch(one.uri, None, one.state)
    assert isinstance(first, Fetched)
    (again,) = listing(maildir(box), settings).documents
    assert again == one
    assert fetcher.fetch(one.uri, first.validators, again.state) == NotModified()


def test_a_window_takes_the_messages_that_were_delivered_in_it(
    box: Path, settings: Settings
) -> None:
    for day in range(1, 6):
        deliver(box, "new", f"{day}.host", datetime(2024, 5, day, 12, tzinfo=UTC))
    found = listing(maildir(box), settings, MAY_3)
    assert [one.uri for one in found.documents] == [f"maildir://{box}/3.host"]


def test_what_is_no_maildir_or_no_message_is_said(box: Path, settings: Settings) -> None:
    with pytest.raises(FetchError, match="nowhere is no maildir: "):
        listing(maildir(box / "nowhere"), settings)
    with pytest.raises(FetchError, match="no such message any more"):
        fetch(f"maildir://{box}/9.host", settings, internal=False)
    with pytest.raises(FetchError, match="is no maildir"):
        fetch(f"maildir://{box}/nowhere/9.host", settings, internal=False)
