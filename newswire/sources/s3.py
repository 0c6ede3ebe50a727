"""The objects under a prefix of an S3 bucket, the archive's server or another."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.httpsession import URLLib3Session

from newswire.config import Settings
from newswire.errors import FetchError
from newswire.sources.access import Access
from newswire.sources.addressing import quoted, split_url, unquoted
from newswire.sources.connections import Connections, NoAnswer, connections_for, reason
from newswire.sources.credentials import find_credentials
from newswire.sources.expand import bounded, counted, gunzip
from newswire.sources.fetched import Fetched, Listed, Listing, NotModified, Validators
from newswire.sources.kinds import S3Source
from newswire.sources.names import is_finished
from newswire.sources.window import Window

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, ObjectTypeDef

_MOST_OBJECTS = 1_000_000
"""Looked at in one run: a thousand requests."""
_MOST_DAYS = 3660
"""Prefixes looked at in one run, where keys have days: ten years."""
_CHUNK_BYTES = 2**16


@dataclass(frozen=True)
class Place:
    """A bucket and a key, or a prefix of keys."""

    bucket: str
    key: str


def place_of(uri: str) -> Place:
    """What an ``s3://`` address names.

    Raises:
        FetchError: it names no bucket.
    """
    parts = split_url(uri)
    if not parts.hostname:
        raise FetchError(f"{uri[:200]} names no bucket")
    # A key may have any character; in an address "?" and "#" are percent-encoded.
    return Place(parts.hostname, unquoted(parts.path.removeprefix("/")))


class S3Session:
    """A client that connects to checked addresses only."""

    def __init__(self, settings: Settings, *, internal: bool, access: Access) -> None:
        """See :class:`newswire.sources.fetch.Fetcher`."""
        self._settings = settings
        self._net = connections_for(settings, internal=internal)
        self._http: Any = _guarded_http(settings.fetch_timeout, self._net)
        self._client = _client(settings, access)
        # botocore's documented way to send a request oneself: what a handler returns is the answer.
        send: Any = self._send
        self._client.meta.events.register("before-send.s3", send)

    def close(self) -> None:
        """End the connections."""
        self._client.close()
        self._http.close()
        self._net.close()

    def read(self, uri: str, known: Validators) -> Fetched | NotModified:
        """The bytes of an object.

        Raises:
            FetchError: there is none, it can't be had, or it is too large.
        """
        place = place_of(uri)
        with self._net.deadline():
            try:
                answer = self._ask(place, known.etag)
                chunks: Iterator[bytes] = answer["Body"].iter_chunks(_CHUNK_BYTES)
                if answer.get("ContentEncoding") == "gzip":
                    chunks = gunzip(counted(chunks, self._settings.fetch_max_bytes))
                data = bounded(chunks, self._settings.fetch_max_bytes)
            except (BotoCoreError, ClientError) as error:
                if _status(error) == 304:
                    return NotModified()
                raise self._failure(error) from error
            self._net.check_deadline()
        return Fetched(data, answer.get("ContentType"), uri, Validators(etag=answer.get("ETag")))

    def _send(self, request: Any, **about: object) -> Any:
        return self._http.send(request)

    def _ask(self, place: Place, etag: str | None) -> GetObjectOutputTypeDef:
        if etag is None:
            return self._client.get_object(Bucket=place.bucket, Key=place.key)
        return self._client.get_object(Bucket=place.bucket, Key=place.key, IfNoneMatch=etag)

    def objects(self, place: Place, pattern: str) -> Iterator[ObjectTypeDef]:
        """The finished objects under a prefix.

        Raises:
            FetchError: they can't be listed.
        """
        looked_at = 0
        pages = self._pages(place)
        while (page := self._next(pages)) is not None:
            for found in page:
                if _wanted(found["Key"][len(_folder(place.key)) :], pattern):
                    yield found
            looked_at += len(page)
            if looked_at >= _MOST_OBJECTS:
                raise FetchError(
                    f"more than {_MOST_OBJECTS:,} objects under the prefix",
                    "name a longer one, or declare `dates`",
                )

    def _pages(self, place: Place) -> Iterator[list[ObjectTypeDef]]:
        paginator = self._client.get_paginator("list_objects_v2")
        for page in paginator.paginate(Bucket=place.bucket, Prefix=place.key):
            yield page.get("Contents", [])

    def _next(self, pages: Iterator[list[ObjectTypeDef]]) -> list[ObjectTypeDef] | None:
        with self._net.deadline():
            try:
                return next(pages, None)
            except (BotoCoreError, ClientError) as error:
                raise self._failure(error) from error

    def _failure(self, error: BotoCoreError | ClientError) -> FetchError:
        self._net.check_deadline()
        if isinstance(error, ClientError):
            said = error.response.get("Error", {})
            return FetchError(f"S3 answers {said.get('Code')}: {said.get('Message')}"[:500])
        refused = error.kwargs.get("error")
        if isinstance(refused, FetchError):
            return refused
        return NoAnswer(f"no answer: {reason(error)}")


def list_s3(source: S3Source, session: S3Session, window: Window) -> Listing:
    """The objects that lie in a window, the newest first.

    Raises:
        FetchError: they can't be listed.
    """
    place = place_of(source.url)
    found: list[tuple[datetime, Listed]] = []
    if source.dates is None or window.start is None:
        for one in session.objects(place, source.pattern):
            if window.holds(one["LastModified"]):
                found.append((one["LastModified"], _listed(place.bucket, one)))
    else:
        for day in window.days(_MOST_DAYS):
            prefix = Place(place.bucket, place.key + day.strftime(source.dates))
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
            found += [
                (moment, _listed(place.bucket, one))
                for one in session.objects(prefix, source.pattern)
            ]
    found.sort(key=lambda one: (one[0], one[1].uri), reverse=True)
    left = len(found) - source.limit
    remarks = [f"{left} older objects above the limit are left out"] if left > 0 else []
    return Listing([listed for _, listed in found[: source.limit]], remarks)


def _listed(bucket: str, found: ObjectTypeDef) -> Listed:
    state = f"{found.get('ETag', '')} {found['LastModified'].isoformat()}"
    return Listed(f"s3://{bucket}/{quoted(found['Key'])}", state)


def _folder(prefix: str) -> str:
    return prefix[: prefix.rfind("/") + 1]


def _wanted(below: str, pattern: str) -> bool:
    # A key that ends in a slash is what consoles store as a folder.
    return not below.endswith("/") and is_finished(below) and fnmatchcase(below, pattern)


def _status(error: BotoCoreError | ClientError) -> int | None:
    if not isinstance(error, ClientError):
        return None
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")


def _client(settings: Settings, access: Access) -> S3Client:
    endpoint, region = access.endpoint, access.region
    signing: Any = None
    if access.connection:
        found = find_credentials(access.connection)
        # As Airflow's AWS connections name them.
        endpoint = endpoint or found.extra.get("endpoint_url") or settings.s3_endpoint
        region = region or found.extra.get("region_name")
        if endpoint:
            found.for_host(urlsplit(endpoint).hostname or "")
        login, password = found.login, found.password
    elif endpoint is None:
        endpoint = settings.s3_endpoint
        key, secret = settings.s3_access_key, settings.s3_secret_key
        login = key.get_secret_value() if key else None
        password = secret.get_secret_value() if secret else None
    else:
        # No key of ours goes to a server that nobody named one for.
        login = password = None
        signing = UNSIGNED
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or settings.s3_region,
        aws_access_key_id=login,
        aws_secret_access_key=password,
        config=Config(
            signature_version=signing,
            # S3-compatible servers know neither the newer checksums nor bucket host names.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if endpoint else "auto"},
            connect_timeout=settings.fetch_timeout,
            read_timeout=settings.fetch_timeout,
            retries={"mode": "standard", "total_max_attempts": 2},
        ),
    )


def _guarded_http(timeout_s: float, net: Connections) -> Any:
    """Botocore's HTTP client, over connections that are checked."""

    class Plain(AWSHTTPConnection):
        def _new_conn(self) -> socket.socket:
            return net.connect(self.host, self.port)

    class Secure(AWSHTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return net.connect(self.host, self.port)

    class PlainPool(AWSHTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = Secure

    session: Any = URLLib3Session(timeout=timeout_s)  # type: ignore[arg-type]  # takes floats too
    # The one place where botocore says what it connects with.
    session._pool_classes_by_scheme.update(http=PlainPool, https=SecurePool)
    return session
