"""Drops on FTP servers, from real ones in a thread, and from some that behave badly."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newswire.config import Settings
from newswire.errors import ConfigError, FetchError, NotYet
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, Listing, NotModified, Validators
from newswire.sources.ftp import FtpSession, list_ftp
from newswire.sources.kinds import FtpSource
from newswire.sources.listing import documents_of
from newswire.sources.notes import NotesOfThisRun
from tests.ftpserver import LOGIN, PASSWORD, FtpServer, Talk, ftp_server, scripted
from tests.tls import certificate

LONG_AGO = 1_700_000_000


@pytest.fixture
def server(drop: Path) -> Iterator[FtpServer]:
    with ftp_server(drop) as running:
        yield running


def put(path: Path, data: bytes = b"story", written_at: int = LONG_AGO) -> None:
    path.write_bytes(data)
    os.utime(path, (written_at, written_at))


def listing(url: str, settings: Settings, **about: object) -> Listing:
    declared = {"kind": "ftp", "url": url, "internal": True, **about}
    source = FtpSource.model_validate(declared)
    return documents_of(source, settings, NotesOfThisRun())


def names(found: Listing) -> list[str]:
    return [one.uri.rpartition("/")[2] for one in found.documents]


def test_the_finished_files_of_a_folder_are_listed_and_fetched_in_one_session(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    for name in ("b.xml", "a.xml", "c.xml.tmp", ".d.xml", "e f+ü.xml", "g.txt"):
        put(drop / "out" / name, name.encode())
    (drop / "out" / "folder.xml").mkdir()
    found = listing(f"{server.url}/out", settings, pattern="*.xml")
    assert names(found) == ["a.xml", "b.xml", "e%20f+%C3%BC.xml"]
    server.commands.clear()
    with Fetcher(settings, internal=True) as fetcher:
        fetched = [fetcher.fetch(one.uri, None, one.state) for one in found.documents]
    assert [one.data.decode() for one in fetched if isinstance(one, Fetched)] == [
        "a.xml", "b.xml", "e f+ü.xml",
    ]  # fmt: skip
    assert server.asked("PASS") == 1


def test_a_file_that_has_not_changed_is_not_asked_for(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml")
    (one,) = listing(f"{server.url}/out/", settings).documents
    with Fetcher(settings, internal=True) as fetcher:
        first = fetcher.fetch(one.uri, None, one.state)
        assert isinstance(first, Fetched)
        server.commands.clear()
        assert fetcher.fetch(one.uri, first.validators, one.state) == NotModified()
        assert server.commands == []
        # By hand there is no listing: size and time tell.
        assert fetcher.fetch(one.uri, first.validators) == NotModified()
        assert server.asked("RETR") == 0
        put(drop / "out" / "a.xml", b"another", LONG_AGO + 60)
        second = fetcher.fetch(one.uri, first.validators)
    assert isinstance(second, Fetched)
    assert second.data == b"another"


def test_a_server_that_knows_neither_mlsd_nor_times_is_read_all_the_same(
    drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml")
    with ftp_server(drop, without=("MLSD", "MDTM", "SIZE")) as server:
        (one,) = listing(f"{server.url}/out", settings).documents
        assert (one.uri, one.state) == (f"{server.url}/out/a.xml", None)
        with Fetcher(settings, internal=True) as fetcher:
            found = fetcher.fetch(one.uri)
            assert isinstance(found, Fetched)
            again = fetcher.fetch(one.uri, found.validators)
    assert isinstance(again, Fetched)


def test_a_folder_without_files_is_empty_whatever_an_old_server_calls_that(
    settings: Settings,
) -> None:
    passive = b"227 Entering Passive Mode (127,0,0,1,%d,%d)\r\n"
    for answer, empty in ((b"550 No files found.\r\n", True), (b"550 No access.\r\n", False)):
        with scripted(lambda connection, done: None) as data_port:
            told = {"PASV": passive % divmod(data_port, 256), "NLST": answer}
            with scripted(Talk({"PASS": b"230 in\r\n", **told})) as port:
                url = f"ftp://127.0.0.1:{port}/out"
                if empty:
                    assert listing(url, settings).documents == []
                else:
                    with pytest.raises(FetchError, match="FTP answers 550 No access"):
                        listing(url, settings)


def test_a_session_that_has_listed_a_folder_reads_files_as_they_are(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml", b"one\r\ntwo\n")
    url = f"{server.url}/out"
    session = FtpSession(url, settings, internal=True, access=Access())
    try:
        for _ in range(2):
            assert [one.name for one in session.files("out")] == ["a.xml"]
            found = session.read(f"{url}/a.xml", Validators())
            assert isinstance(found, Fetched)
            assert found.data == b"one\r\ntwo\n"
            assert found.validators.last_modified is not None
    finally:
        session.close()


def test_a_file_that_was_written_to_a_moment_ago_is_left_for_the_next_run(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml", written_at=LONG_AGO)
    source = FtpSource(kind="ftp", url=f"{server.url}/out", internal=True, settle=10)
    session = FtpSession(source.url, settings, internal=True, access=Access())
    try:
        assert names(list_ftp(source, session, now=LONG_AGO + 9)) == []
        assert names(list_ftp(source, session, now=LONG_AGO + 10)) == ["a.xml"]
    finally:
        session.close()


def test_a_limit_takes_the_last_by_name_and_says_what_is_left_out(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    for number in range(5):
        put(drop / "out" / f"{number}.xml")
    found = listing(f"{server.url}/out", settings, limit=2)
    assert names(found) == ["3.xml", "4.xml"]
    assert found.remarks == ["3 documents above the limit are left out"]


def test_a_file_above_the_limit_is_refused_and_the_next_is_fetched(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "large", b"x" * 300_001)
    put(drop / "fits", b"x" * 300_000)
    with Fetcher(settings, internal=True) as fetcher:
        with pytest.raises(FetchError, match="larger than the limit of 300,000 bytes"):
            fetcher.fetch(f"{server.url}/large")
        found = fetcher.fetch(f"{server.url}/fits")
    assert isinstance(found, Fetched)
    assert len(found.data) == 300_000


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/nothing.xml", "FTP answers 550 "),
        ("/a%0d%0aDELE%20b", "no path of a file: "),
    ],
)
def test_a_file_that_can_not_be_had_is_said_in_one_line(
    server: FtpServer, settings: Settings, path: str, cause: str
) -> None:
    with Fetcher(settings, internal=True) as fetcher, pytest.raises(FetchError) as refused:
        fetcher.fetch(server.url + path)
    assert cause in str(refused.value)
    assert "\n" not in str(refused.value)
    assert server.asked("DELE") == 0


def test_a_session_that_the_server_has_ended_is_opened_again(
    server: FtpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "a.xml")
    with Fetcher(settings, internal=True) as fetcher:
        assert isinstance(fetcher.fetch(f"{server.url}/a.xml"), Fetched)
        (session,) = fetcher._sessions.values()
        assert isinstance(session, FtpSession)
        assert session._ftp.sock is not None
        session._ftp.sock.shutdown(socket.SHUT_RDWR)
        assert isinstance(fetcher.fetch(f"{server.url}/a.xml"), Fetched)
    assert server.asked("PASS") == 2


def connection(monkeypatch: pytest.MonkeyPatch, password: str = PASSWORD) -> Access:
    stated = json.dumps({"login": LOGIN, "password": password})
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", stated)
    return Access(connection="drop")


def test_a_login_comes_from_a_connection_and_a_refused_one_is_said_without_it(
    drop: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(drop / "a.xml")
    with ftp_server(drop, anonymous=False) as server:
        url = f"{server.url}/a.xml"
        access = connection(monkeypatch)
        with Fetcher(settings, internal=True, access=access) as fetcher:
            assert isinstance(fetcher.fetch(url), Fetched)
        wrong = connection(monkeypatch, "wrong-secret")
        for access in (wrong, Access()):
            fetcher = Fetcher(settings, internal=True, access=access)
            with pytest.raises(FetchError, match="FTP answers 530 ") as refused:
                fetcher.fetch(url)
            assert "wrong-secret" not in str(refused.value)


def test_a_login_is_not_sent_in_the_clear_over_the_internet(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetcher = Fetcher(settings, access=connection(monkeypatch))
    with pytest.raises(FetchError, match="credentials are not sent over ftp://"):
        fetcher.fetch("ftp://ftp.example.org/a.xml")


def test_a_connection_for_another_server_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", "ftp://ada:pw@ftp.example.org")
    fetcher = Fetcher(settings, internal=True, access=Access(connection="drop"))
    with pytest.raises(ConfigError, match=r"is for ftp\.example\.org, not for 127\.0\.0\.1"):
        fetcher.fetch("ftps://127.0.0.1/a.xml")


def test_tls_protects_both_connections_and_an_unknown_certificate_is_refused(
    drop: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(drop / "out" / "a.xml")
    pem = certificate(tmp_path)
    with ftp_server(drop, pem=pem) as server:
        with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
            listing(f"{server.url}/out", settings)
        assert server.asked("PASS") == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        (one,) = listing(f"{server.url}/out", settings).documents
        with Fetcher(settings, internal=True) as fetcher:
            found = fetcher.fetch(one.uri)
    assert isinstance(found, Fetched)
    assert found.data == b"story"
    assert server.asked("PROT") == 2


def test_a_server_inside_is_refused_unless_the_source_is_internal(
    server: FtpServer, settings: Settings
) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1, which is not a public address"):
        Fetcher(settings).fetch(f"{server.url}/a.xml")
    with pytest.raises(FetchError, match="`internal: true`, or by hand give --internal"):
        listing(f"{server.url}/out", settings, internal=False)
    assert server.commands == []


@pytest.mark.parametrize("silent_at", ["", "USER", "PASS", "PASV", "RETR"])
def test_a_server_that_stalls_is_one_clear_line(settings: Settings, silent_at: str) -> None:
    answers = {silent_at: b""}
    if silent_at == "RETR":
        answers["PASV"] = b"227 Entering Passive Mode (127,0,0,1,%d,%d)\r\n"
    quick = settings.model_copy(update={"fetch_timeout": 0.2})

    def stall(connection: socket.socket, done: threading.Event) -> None:
        done.wait(10)

    with scripted(stall) as data_port:
        if answers.get("PASV"):
            answers["PASV"] %= divmod(data_port, 256)
        talk = stall if silent_at == "" else Talk(answers)
        with (
            scripted(talk) as port,
            Fetcher(quick, internal=True) as fetcher,
            pytest.raises(FetchError) as refused,
        ):
            fetcher.fetch(f"ftp://127.0.0.1:{port}/a.xml")
    assert str(refused.value) == "no answer within 0.2 s"


@pytest.mark.parametrize("data", [True, False], ids=["data", "greeting"])
def test_a_server_that_drips_ends_at_the_deadline(settings: Settings, data: bool) -> None:
    hasty = settings.model_copy(update={"fetch_deadline": 0.3})

    def drip(connection: socket.socket, done: threading.Event) -> None:
        while not done.wait(0.02):
            connection.sendall(b"x" if data else b"220-hello\r\n")

    with scripted(drip) as drip_port:
        passive = b"227 Entering Passive Mode (127,0,0,1,%d,%d)\r\n" % divmod(drip_port, 256)
        talk = Talk({"PASV": passive, "RETR": b"150 here\r\n"})
        with scripted(talk) as talk_port, Fetcher(hasty, internal=True) as fetcher:
            port = talk_port if data else drip_port
            with pytest.raises(FetchError, match=r"^not complete after 0\.3 s$"):
                fetcher.fetch(f"ftp://127.0.0.1:{port}/a.xml")


def test_the_address_that_a_server_names_for_its_data_is_not_believed(settings: Settings) -> None:
    def send(connection: socket.socket, done: threading.Event) -> None:
        connection.sendall(b"from the server itself")

    with scripted(send) as data_port:
        elsewhere = b"227 Entering Passive Mode (10,0,0,1,%d,%d)\r\n" % divmod(data_port, 256)
        talk = Talk({"PASV": elsewhere, "RETR": b"150 here\r\n226 done\r\n"})
        with scripted(talk) as port, Fetcher(settings, internal=True) as fetcher:
            found = fetcher.fetch(f"ftp://127.0.0.1:{port}/a.xml")
    assert isinstance(found, Fetched)
    assert found.data == b"from the server itself"


def test_a_greeting_without_end_is_given_up(settings: Settings) -> None:
    def greet(connection: socket.socket, done: threading.Event) -> None:
        while not done.is_set():
            connection.sendall(b"220-hello\r\n" * 1000)

    with (
        scripted(greet) as port,
        Fetcher(settings, internal=True) as fetcher,
        pytest.raises(FetchError, match="FTP answers an answer without end"),
    ):
        fetcher.fetch(f"ftp://127.0.0.1:{port}/a.xml")


def test_a_file_that_grows_while_it_is_sent_is_left_for_the_next_run(settings: Settings) -> None:
    sizes = iter([b"213 5\r\n", b"213 9\r\n"])

    class Growing(Talk):
        def __call__(self, connection: socket.socket, done: threading.Event) -> None:
            connection.sendall(b"220 ready\r\n")
            for line in connection.makefile("rb"):
                command = line.decode().split()[0]
                said = (
                    next(sizes) if command == "SIZE" else self.answers.get(command, b"502 no\r\n")
                )
                connection.sendall(said)

    def send(connection: socket.socket, done: threading.Event) -> None:
        connection.sendall(b"story")

    with scripted(send) as data_port:
        passive = b"227 Entering Passive Mode (127,0,0,1,%d,%d)\r\n" % divmod(data_port, 256)
        talk = Growing(
            {
                "PASV": passive,
                "RETR": b"150 here\r\n226 done\r\n",
                "MDTM": b"213 20240517120000\r\n",
            }
        )
        with (
            scripted(talk) as port,
            Fetcher(settings, internal=True) as fetcher,
            pytest.raises(NotYet, match="is being written to"),
        ):
            fetcher.fetch(f"ftp://127.0.0.1:{port}/a.xml")
