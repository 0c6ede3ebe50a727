"""Addresses that a person names: single documents, and folders with all that is in them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from newswire.config import load_settings
from newswire.errors import ConfigError, FetchError
from newswire.sources.listing import documents_at
from tests.ftpserver import LOGIN, PASSWORD, ftp_server


@pytest.mark.parametrize(
    "uri",
    [
        "https://news.example.org/section/",
        "s3://bucket/key.xml",
        "ftp://ftp.example.org/a.xml",
        "sftp://ftp.example.org/a.xml",
        "imaps://mail.example.org/INBOX;UIDVALIDITY=7/;UID=5",
        "maildir:///var/mail/wire/1.host",
    ],
)
def test_an_address_of_a_document_stands_for_itself(uri: str) -> None:
    assert documents_at(uri, load_settings(), internal=False) == [uri]


def test_a_folder_stands_for_all_that_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSWIRE_CONN_DROP", json.dumps({"login": LOGIN, "password": PASSWORD}))
    (tmp_path / "out").mkdir()
    for name in ("a.xml", "b.xml", "c.xml.tmp"):
        (tmp_path / "out" / name).touch()
        os.utime(tmp_path / "out" / name, (1_700_000_000, 1_700_000_000))
    with ftp_server(tmp_path, anonymous=False) as server:
        found = documents_at(
            f"{server.url}/out/", load_settings(), internal=True, connection="drop"
        )
        assert found == [f"{server.url}/out/a.xml", f"{server.url}/out/b.xml"]
        with pytest.raises(FetchError, match="which is not a public address"):
            documents_at(f"{server.url}/out/", load_settings(), internal=False)


@pytest.mark.parametrize(
    ("uri", "cause"),
    [
        ("sftp://ftp.example.org/out/", "connection: "),
        ("imaps://mail.example.org", "connection: "),
        ("ftp://ada:hush@ftp.example.org/out/", "must not hold credentials"),
        ("s3:///out/", "not an s3:// address"),
    ],
)
def test_a_folder_that_can_not_be_listed_is_said_in_one_line(uri: str, cause: str) -> None:
    with pytest.raises(ConfigError) as refused:
        documents_at(uri, load_settings(), internal=False)
    assert cause in str(refused.value)
    assert "hush" not in str(refused.value)
