"""Credentials come from connections, are for one server, and are shown nowhere."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from newswire.config import Settings, load_settings
from newswire.errors import ConfigError, FetchError
from newswire.sources.access import Access
from newswire.sources.credentials import Credentials, find_credentials
from newswire.sources.declared import read_sources
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched
from tests.webserver import WebServer, replying

SECRET = "s3cret/+ü"


@pytest.fixture
def settings() -> Settings:
    return load_settings(fetch_timeout=5, fetch_deadline=5)


@pytest.mark.parametrize("variable", ["NEWSWIRE_CONN_WIRE_DESK", "AIRFLOW_CONN_WIRE_DESK"])
@pytest.mark.parametrize(
    "stated",
    [
        "ftp://ada%40wire:s3cret%2F%2B%C3%BC@ftp.example.org/?host_key=ssh-ed25519+AAAA",
        "ftp://ada%40wire:s3cret%2F%2B%C3%BC@ftp.example.org/"
        "?__extra__=%7B%22host_key%22%3A+%22ssh-ed25519+AAAA%22%7D",
        '{"conn_type": "ftp", "login": "ada@wire", "password": "s3cret/+ü",'
        ' "host": "ftp.example.org", "extra": {"host_key": "ssh-ed25519 AAAA"}}',
        '{"login": "ada@wire", "password": "s3cret/+ü", "host": "ftp.example.org",'
        ' "extra": "{\\"host_key\\": \\"ssh-ed25519 AAAA\\"}"}',
    ],
    ids=["URI", "URI with nested extra", "JSON", "JSON with nested extra"],
)
def test_a_connection_is_read_from_the_environment_in_airflows_forms(
    monkeypatch: pytest.MonkeyPatch, variable: str, stated: str
) -> None:
    monkeypatch.setenv(variable, stated)
    found = find_credentials("wire-desk")
    assert (found.login, found.password, found.host) == ("ada@wire", SECRET, "ftp.example.org")
    assert found.extra == {"host_key": "ssh-ed25519 AAAA"}
    assert SECRET not in repr(found)


@pytest.mark.parametrize("stated", ["s3cret", '{"login": "s3cret"', '{"extra": 5}', "[s3cret"])
def test_a_connection_that_can_not_be_read_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DESK", stated)
    with pytest.raises(ConfigError, match=r"^NEWSWIRE_CONN_DESK is neither") as refused:
        find_credentials("desk")
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_connection_that_is_nowhere_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newswire.sources.credentials._from_airflow", _nowhere)
    with pytest.raises(ConfigError, match="no connection 'desk'"):
        find_credentials("desk")


def _nowhere(connection: str) -> Credentials:
    raise ConfigError(f"there is no connection {connection!r}")


def test_credentials_for_one_server_are_not_given_to_another() -> None:
    found = Credentials("desk", "ada", SECRET, host="ftp.example.org")
    assert found.for_host("FTP.example.org") is found
    with pytest.raises(
        ConfigError, match=r"'desk' is for ftp\.example\.org, not for evil\.example"
    ) as no:
        found.for_host("evil.example")
    assert SECRET not in str(no.value)


def sent(web: WebServer, path: str) -> str | None:
    return next(headers.get("Authorization") for asked, headers in web.requests if asked == path)


def test_a_web_server_gets_login_and_password_or_a_token(
    web: WebServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DESK", '{"login": "ada", "password": "pw"}')
    monkeypatch.setenv("NEWSWIRE_CONN_API", '{"password": "token"}')
    for connection in ("desk", "api"):
        fetcher = Fetcher(settings, internal=True, access=Access(connection=connection))
        assert isinstance(fetcher.fetch(web.serve(f"/{connection}", b"x")), Fetched)
    assert sent(web, "/desk") == "Basic " + base64.b64encode(b"ada:pw").decode()
    assert sent(web, "/api") == "Bearer token"


def test_a_redirect_to_another_server_takes_no_credentials_along(
    web: WebServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DESK", '{"login": "ada", "password": "pw"}')
    other = web.serve("/there", b"x").replace("127.0.0.1", "localhost")
    web.on("/here", replying(302, headers={"Location": other}))
    fetcher = Fetcher(settings, internal=True, access=Access(connection="desk"))
    assert isinstance(fetcher.fetch(f"{web.url}/here"), Fetched)
    assert sent(web, "/here") is not None
    assert sent(web, "/there") is None


def test_credentials_are_not_sent_in_the_clear_over_the_internet(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DESK", '{"login": "ada", "password": "pw"}')
    fetcher = Fetcher(settings, access=Access(connection="desk"))
    with pytest.raises(FetchError, match="credentials are not sent over http://; use https://"):
        fetcher.fetch("http://news.example.org/")


@pytest.mark.parametrize(
    "line",
    [
        "kind: feed\n    url: https://ada:hush@example.org/",
        "kind: sitemap\n    url: https://ada:hush@example.org/sitemap.xml",
        "kind: s3\n    url: s3://ada:hush@bucket/prefix/",
        "kind: s3\n    url: s3://bucket/prefix/\n    endpoint: https://ada:hush@example.org/",
        "kind: document\n    uri: https://ada:hush@example.org/",
    ],
)
def test_credentials_in_the_declared_sources_are_refused_and_not_repeated(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(f"sources:\n  wire:\n    {line}\n", "utf-8")
    with pytest.raises(ConfigError) as refused:
        read_sources(path)
    assert "must not hold credentials: put them into an Airflow connection" in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_connection_is_named_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    feed = "sources:\n  wire:\n    kind: feed\n    url: https://example.org/\n    connection: "
    path.write_text(feed + "wire_desk\n", "utf-8")
    assert read_sources(path)["wire"].access == Access(connection="wire_desk")
    path.write_text(feed + "'ada:hush'\n", "utf-8")
    with pytest.raises(ConfigError, match=r"yaml:5: .*no id of a connection") as refused:
        read_sources(path)
    assert "hush" not in str(refused.value)
