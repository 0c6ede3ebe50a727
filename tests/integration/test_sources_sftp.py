"""Drops on SFTP servers, from a real one in a thread."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from socket import socket

import paramiko
import pytest

from newswire.config import Settings
from newswire.errors import ConfigError, FetchError
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, Listing, NotModified
from newswire.sources.kinds import SftpSource
from newswire.sources.listing import documents_of
from newswire.sources.notes import NotesOfThisRun
from newswire.sources.sftp import SftpSession, list_sftp
from tests.ftpserver import scripted
from tests.sftpserver import LOGIN, PASSWORD, SftpServer, sftp_server

LONG_AGO = 1_700_000_000


@pytest.fixture
def server(drop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServer]:
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", json.dumps({"login": LOGIN, "password": PASSWORD}))
    with sftp_server(drop) as running:
        yield running


def put(path: Path, data: bytes = b"story", written_at: int = LONG_AGO) -> None:
    path.write_bytes(data)
    os.utime(path, (written_at, written_at))


def source(server: SftpServer, **about: object) -> SftpSource:
    declared = {
        "kind": "sftp", "url": f"{server.url}/out", "internal": True, "connection": "drop",
        "host_key": server.host_key, **about,
    }  # fmt: skip
    return SftpSource.model_validate(declared)


def listing(declared: SftpSource, settings: Settings) -> Listing:
    return documents_of(declared, settings, NotesOfThisRun())


def names(found: Listing) -> list[str]:
    return [one.uri.rpartition("/")[2] for one in found.documents]


def fetcher_for(declared: SftpSource, settings: Settings) -> Fetcher:
    return Fetcher(settings, internal=declared.internal, access=declared.access)


def test_the_finished_files_of_a_folder_are_listed_and_fetched_in_one_session(
    server: SftpServer, drop: Path, settings: Settings
) -> None:
    for name in ("b.xml", "a.xml", "c.xml.filepart", ".d.xml", "e f+ü.xml", "g.txt"):
        put(drop / "out" / name, name.encode() * 10_000)
    (drop / "out" / "folder.xml").mkdir()
    declared = source(server, pattern="*.xml")
    found = listing(declared, settings)
    assert names(found) == ["a.xml", "b.xml", "e%20f+%C3%BC.xml"]
    server.logins.clear()
    with fetcher_for(declared, settings) as fetcher:
        fetched = [fetcher.fetch(one.uri, None, one.state) for one in found.documents]
    assert [one.data for one in fetched if isinstance(one, Fetched)] == [
        name.encode() * 10_000 for name in ("a.xml", "b.xml", "e f+ü.xml")
    ]
    assert server.logins == ["password"]


def test_a_file_that_has_not_changed_is_not_asked_for(
    server: SftpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml")
    declared = source(server)
    (one,) = listing(declared, settings).documents
    with fetcher_for(declared, settings) as fetcher:
        first = fetcher.fetch(one.uri, None, one.state)
        assert isinstance(first, Fetched)
        assert fetcher.fetch(one.uri, first.validators, one.state) == NotModified()
        assert fetcher.fetch(one.uri, first.validators) == NotModified()
        assert len(server.opened) == 1
        put(drop / "out" / "a.xml", b"another", LONG_AGO + 60)
        second = fetcher.fetch(one.uri, first.validators)
    assert isinstance(second, Fetched)
    assert second.data == b"another"


def test_a_file_that_was_written_to_a_moment_ago_is_left_for_the_next_run(
    server: SftpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml")
    declared = source(server, settle=10)
    session = SftpSession(declared.url, settings, internal=True, access=declared.access)
    try:
        assert names(list_sftp(declared, session, now=LONG_AGO + 9)) == []
        assert names(list_sftp(declared, session, now=LONG_AGO + 10)) == ["a.xml"]
    finally:
        session.close()


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/out/nothing.xml", "SFTP answers: "),
        ("/out", "not a regular file"),
        ("/out/large.xml", "larger than the limit of 300,000 bytes"),
    ],
)
def test_a_file_that_can_not_be_had_is_said_in_one_line_and_the_next_is_fetched(
    server: SftpServer, drop: Path, settings: Settings, path: str, cause: str
) -> None:
    put(drop / "out" / "large.xml", b"x" * 300_001)
    put(drop / "out" / "a.xml")
    with fetcher_for(source(server), settings) as fetcher:
        with pytest.raises(FetchError, match=cause) as refused:
            fetcher.fetch(server.url + path)
        assert "\n" not in str(refused.value)
        assert isinstance(fetcher.fetch(f"{server.url}/out/a.xml"), Fetched)


def test_a_path_below_the_login_is_written_with_a_tilde(
    server: SftpServer, drop: Path, settings: Settings
) -> None:
    put(drop / "out" / "a.xml")
    declared = source(server, url=f"{server.url}/~/out")
    (one,) = listing(declared, settings).documents
    assert one.uri == f"{server.url}/~/out/a.xml"
    with fetcher_for(declared, settings) as fetcher:
        assert isinstance(fetcher.fetch(one.uri), Fetched)


def test_a_server_with_another_key_is_told_nothing(server: SftpServer, settings: Settings) -> None:
    other = paramiko.ECDSAKey.generate()
    key = f"{other.get_name()} {other.get_base64()}"
    with pytest.raises(FetchError, match="the server shows another key than the one known"):
        listing(source(server, host_key=key), settings)
    assert server.logins == []


def test_a_key_is_also_known_from_known_hosts_or_the_connection(
    server: SftpServer, drop: Path, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    put(drop / "out" / "a.xml")
    monkeypatch.setenv("HOME", str(tmp_path))
    declared = source(server, host_key=None)
    with pytest.raises(ConfigError, match=r"the host key of 127\.0\.0\.1 is not known"):
        listing(declared, settings)
    port = server.url.rpartition(":")[2]
    (tmp_path / ".ssh").mkdir()
    known = tmp_path / ".ssh" / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {server.host_key}\n")
    assert names(listing(declared, settings)) == ["a.xml"]
    known.unlink()
    stated = {"login": LOGIN, "password": PASSWORD, "extra": {"host_key": server.host_key}}
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", json.dumps(stated))
    assert names(listing(declared, settings)) == ["a.xml"]


def test_a_login_that_is_refused_is_said_without_it(
    server: SftpServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", '{"login": "ada", "password": "wrong-secret"}')
    with pytest.raises(FetchError, match=r"^the login is refused$"):
        listing(source(server), settings)


@pytest.mark.parametrize("as_file", [True, False])
def test_a_private_key_logs_in(
    drop: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, as_file: bool
) -> None:
    put(drop / "out" / "a.xml")
    key = paramiko.ECDSAKey.generate()
    text = io.StringIO()
    key.write_private_key(text)
    path = tmp_path / "id"
    path.write_text(text.getvalue())
    extra = {"key_file": str(path)} if as_file else {"private_key": text.getvalue()}
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", json.dumps({"login": LOGIN, "extra": extra}))
    with sftp_server(drop, user_key=key) as server:
        assert names(listing(source(server), settings)) == ["a.xml"]
        assert server.logins == ["key"]


def test_a_private_key_that_can_not_be_read_is_not_shown(
    server: SftpServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = {"login": LOGIN, "extra": {"private_key": "hush-hush"}}
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", json.dumps(stated))
    with pytest.raises(ConfigError, match="private key of the connection 'drop'") as refused:
        listing(source(server), settings)
    assert "hush" not in str(refused.value)


def test_a_server_inside_is_refused_unless_the_source_is_internal(
    server: SftpServer, settings: Settings
) -> None:
    with pytest.raises(FetchError, match=r"127\.0\.0\.1, which is not a public address"):
        listing(source(server, internal=False), settings)
    assert server.logins == []


def test_an_address_without_a_connection_is_refused(settings: Settings) -> None:
    with pytest.raises(ConfigError, match="needs a login; name a connection"):
        Fetcher(settings, internal=True, access=Access()).fetch("sftp://127.0.0.1/a.xml")


def test_a_server_that_stalls_is_one_clear_line(server: SftpServer, settings: Settings) -> None:
    def stall(connection: socket, done: threading.Event) -> None:
        done.wait(10)

    quick = settings.model_copy(update={"fetch_timeout": 0.3})
    with (
        scripted(stall) as port,
        pytest.raises(FetchError, match=r"^no answer within 0\.3 s$"),
    ):
        listing(source(server, url=f"sftp://127.0.0.1:{port}/out"), quick)
