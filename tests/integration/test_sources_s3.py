"""An S3 prefix as a source, on a real S3 server."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newswire.archive.store import s3_client
from newswire.config import Settings
from newswire.errors import FetchError
from newswire.ingest import pipeline
from newswire.ingest.pipeline import SourceRules
from newswire.ingest.report import DocumentReport, Outcome
from newswire.setup import prepare
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, Listing, NotModified
from newswire.sources.kinds import S3Source
from newswire.sources.listing import documents_of
from newswire.sources.notes import NotesOfThisRun
from newswire.sources.window import Window
from tests.ingesting import text
from tests.services import Watch
from tests.webserver import WebServer, replying

BUCKET = "wire-archive"

Put = Callable[..., None]


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


@pytest.fixture
def client(stack: Settings) -> Any:
    return s3_client(stack)


@pytest.fixture
def put(client: Any) -> Put:
    if BUCKET not in {one["Name"] for one in client.list_buckets()["Buckets"]}:
        client.create_bucket(Bucket=BUCKET)

    def put_one(key: str, data: bytes = b"story", **about: str) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=data, **about)

    return put_one


def source(prefix: str, **about: object) -> S3Source:
    declared = {"kind": "s3", "url": f"s3://{BUCKET}/{prefix}", "internal": True, **about}
    return S3Source.model_validate(declared)


def listing(stack: Settings, declared: S3Source, window: Window | None = None) -> Listing:
    return documents_of(declared, stack, NotesOfThisRun(), window)


def keys(found: Listing) -> list[str]:
    return [one.uri.removeprefix(f"s3://{BUCKET}/") for one in found.documents]


def test_the_finished_objects_under_a_prefix_are_listed(stack: Settings, put: Put) -> None:
    for key in ("a.xml", "b.xml.tmp", ".hidden/c.xml", "folder/", "deep/er/d e+ü.xml", "e.txt"):
        put(f"list/{key}")
    put("elsewhere/f.xml")
    found = listing(stack, source("list/", pattern="*.xml"))
    assert sorted(keys(found)) == ["list/a.xml", "list/deep/er/d%20e+%C3%BC.xml"]
    with Fetcher(stack, internal=True) as fetcher:
        for one in found.documents:
            fetched = fetcher.fetch(one.uri, None, one.state)
            assert isinstance(fetched, Fetched)
            assert fetched.data == b"story"


def test_objects_are_dated_by_when_they_were_last_modified(stack: Settings, put: Put) -> None:
    put("modified/a.xml")
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    declared = source("modified/")
    assert keys(listing(stack, declared, Window(now - hour, now + hour))) == ["modified/a.xml"]
    assert keys(listing(stack, declared, Window(now - 2 * hour, now - hour))) == []


def test_objects_are_dated_by_their_keys_where_the_source_says_so(
    stack: Settings, put: Put
) -> None:
    for day in ("02", "03", "04", "05"):
        put(f"dated/2024/05/{day}/a.xml")
    put("dated/2024/05/03/b.xml")
    put("dated/readme.txt")
    declared = source("dated/", dates="%Y/%m/%d/")
    window = Window(datetime(2024, 5, 3, 6, tzinfo=UTC), datetime(2024, 5, 5, tzinfo=UTC))
    assert keys(listing(stack, declared, window)) == [
        "dated/2024/05/04/a.xml", "dated/2024/05/03/b.xml", "dated/2024/05/03/a.xml",
    ]  # fmt: skip
    assert len(keys(listing(stack, declared))) == 6


def test_a_limit_takes_the_newest_and_says_what_is_left_out(stack: Settings, put: Put) -> None:
    for day in range(1, 6):
        put(f"many/2024-05-0{day}/a.xml")
    declared = source("many/", dates="%Y-%m-%d", limit=2)
    window = Window(datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))
    found = listing(stack, declared, window)
    assert keys(found) == ["many/2024-05-05/a.xml", "many/2024-05-04/a.xml"]
    assert found.remarks == ["3 older objects above the limit are left out"]


def test_an_object_that_has_not_changed_is_not_sent_again(stack: Settings, put: Put) -> None:
    put("again/a.xml", ContentType="text/xml")
    uri = f"s3://{BUCKET}/again/a.xml"
    with Fetcher(stack, internal=True) as fetcher:
        first = fetcher.fetch(uri)
        assert isinstance(first, Fetched)
        assert (first.data, first.declared_type, first.url) == (b"story", "text/xml", uri)
        assert fetcher.fetch(uri, first.validators) == NotModified()
        put("again/a.xml", b"another")
        second = fetcher.fetch(uri, first.validators)
    assert isinstance(second, Fetched)
    assert second.data == b"another"


def test_what_an_object_holds_and_expands_to_is_bounded(stack: Settings, put: Put) -> None:
    small = stack.model_copy(update={"fetch_max_bytes": 1000})
    put("large/fits", b"x" * 1000)
    put("large/large", b"x" * 1001)
    put("large/bomb", gzip.compress(bytes(5_000_000)), ContentEncoding="gzip")
    with Fetcher(small, internal=True) as fetcher:
        assert isinstance(fetcher.fetch(f"s3://{BUCKET}/large/fits"), Fetched)
        for key in ("large", "bomb"):
            with pytest.raises(FetchError, match="larger than the limit of 1,000 bytes"):
                fetcher.fetch(f"s3://{BUCKET}/large/{key}")


@pytest.mark.parametrize(
    ("uri", "cause"),
    [
        (f"s3://{BUCKET}/nothing", "S3 answers NoSuchKey: "),
        ("s3://no-such-bucket/nothing", "S3 answers NoSuchBucket: "),
        ("s3:///nothing", "names no bucket"),
        (f"s3://ada:hush@{BUCKET}/a", "an address must not hold credentials"),
    ],
)
def test_an_object_that_can_not_be_had_is_said(
    stack: Settings, put: Put, uri: str, cause: str
) -> None:
    with Fetcher(stack, internal=True) as fetcher, pytest.raises(FetchError) as refused:
        fetcher.fetch(uri)
    assert cause in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_server_inside_is_refused_unless_the_source_is_internal(
    stack: Settings, put: Put
) -> None:
    put("inside/a.xml")
    outside = "127.0.0.1, which is not a public address"
    with Fetcher(stack) as fetcher, pytest.raises(FetchError, match=re.escape(outside)):
        fetcher.fetch(f"s3://{BUCKET}/inside/a.xml")
    with pytest.raises(FetchError, match="declare the source `internal: true`, or by hand"):
        listing(stack, source("inside/", internal=False))


def test_a_redirect_of_another_server_leads_nowhere_and_gets_no_key_of_ours(
    stack: Settings, web: WebServer
) -> None:
    web.on("/other/a.xml", replying(200, b"theirs"))
    access = Access(endpoint=web.url)
    with Fetcher(stack, internal=True, access=access) as fetcher:
        found = fetcher.fetch("s3://other/a.xml")
    assert isinstance(found, Fetched)
    assert found.data == b"theirs"
    assert "Authorization" not in web.requests[0][1]


def test_another_server_gets_the_key_of_its_connection(
    stack: Settings, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stack.s3_access_key is not None
    assert stack.s3_secret_key is not None
    put("connection/a.xml")
    login, secret = stack.s3_access_key.get_secret_value(), stack.s3_secret_key.get_secret_value()
    monkeypatch.setenv("NEWSWIRE_CONN_RIGHT", f'{{"login": "{login}", "password": "{secret}"}}')
    monkeypatch.setenv("NEWSWIRE_CONN_WRONG", f'{{"login": "{login}", "password": "wrong"}}')
    uri = f"s3://{BUCKET}/connection/a.xml"
    right = Access(endpoint=stack.s3_endpoint, connection="right")
    with Fetcher(stack, internal=True, access=right) as fetcher:
        assert isinstance(fetcher.fetch(uri), Fetched)
    wrong = Access(endpoint=stack.s3_endpoint, connection="wrong")
    with (
        Fetcher(stack, internal=True, access=wrong) as fetcher,
        pytest.raises(FetchError, match="S3 answers SignatureDoesNotMatch") as refused,
    ):
        fetcher.fetch(uri)
    assert secret not in str(refused.value)


def test_a_server_that_is_silent_is_one_line(stack: Settings, web: WebServer) -> None:
    web.on("/other/a.xml", lambda request: web.done.wait(10) and None)
    quick = stack.model_copy(update={"fetch_timeout": 0.2})
    with (
        Fetcher(quick, internal=True, access=Access(endpoint=web.url)) as fetcher,
        pytest.raises(FetchError, match=r"^no answer: ") as refused,
    ):
        fetcher.fetch("s3://other/a.xml")
    assert "\n" not in str(refused.value)


def ingest(stack: Settings, declared: S3Source) -> list[DocumentReport]:
    found = listing(stack, declared)
    rules = SourceRules(
        "s3-test",
        internal=True,
        access=declared.access,
        listed={one.uri: one.state for one in found.documents if one.state},
    )
    return pipeline.ingest([one.uri for one in found.documents], rules, stack)


def test_an_object_becomes_a_story_once_and_is_not_asked_for_while_its_listing_is_the_same(
    stack: Settings, put: Put, stories: Watch
) -> None:
    put("ingest/a.txt", text("Glaziers end strike"))
    declared = source("ingest/")
    assert [one.outcome for one in ingest(stack, declared)] == [Outcome.PUBLISHED]
    (story,) = stories.records()
    assert story.raw.uri == f"s3://{BUCKET}/ingest/a.txt"
    assert [one.outcome for one in ingest(stack, declared)] == [Outcome.UNCHANGED]
    put("ingest/a.txt", text("Glaziers go on with their strike"))
    assert [one.outcome for one in ingest(stack, declared)] == [Outcome.PUBLISHED]
