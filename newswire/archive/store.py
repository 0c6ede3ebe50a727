"""The S3 bucket under the archive: small, conditional, and honest about who is at fault.

Everything here raises :class:`DependencyUnavailable` where S3 doesn't answer as it should, never
:class:`BadInput`: what can't be stored waits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from newswire.config import Settings
from newswire.errors import DependencyUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

_ABSENT = {"404", "NoSuchKey", "NotFound", "NoSuchBucket"}
_ALREADY_THERE = {"412", "PreconditionFailed"}
_OURS_ALREADY = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists", "409"}


@dataclass(frozen=True)
class StoredObject:
    """An object's bytes and the metadata that it was stored with."""

    data: bytes
    metadata: Mapping[str, str]
    content_type: str


class ObjectStore:
    """One bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    def ensure_bucket(self) -> bool:
        """Create the bucket where it isn't there. Returns whether it was created."""
        try:
            self._client.head_bucket(Bucket=self.bucket)
            return False
        except (ClientError, BotoCoreError) as error:
            if _code(error) not in _ABSENT:
                raise self._unavailable(error) from error
        try:
            self._client.create_bucket(Bucket=self.bucket)
            return True
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _OURS_ALREADY:
                return False
            raise self._unavailable(error) from error

    def put_new(
        self, key: str, data: bytes, *, content_type: str, metadata: Mapping[str, str]
    ) -> bool:
        """Store an object that is never overwritten. Returns ``False`` if it was there already."""
        try:
            self._client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=data,
                ContentType=content_type,
                Metadata=dict(metadata),
                IfNoneMatch="*",
            )
            return True
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _ALREADY_THERE:
                return False
            raise self._unavailable(error) from error

    def put(self, key: str, data: bytes, *, content_type: str) -> None:
        """Store an object, over what was there."""
        try:
            self._client.put_object(
                Bucket=self.bucket, Key=key, Body=data, ContentType=content_type
            )
        except (ClientError, BotoCoreError) as error:
            raise self._unavailable(error) from error

    def get(self, key: str) -> StoredObject | None:
        """The object, or ``None`` where there is none."""
        try:
            answer = self._client.get_object(Bucket=self.bucket, Key=key)
            return StoredObject(answer["Body"].read(), answer["Metadata"], answer["ContentType"])
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _ABSENT:
                return None
            raise self._unavailable(error) from error

    def metadata(self, key: str) -> Mapping[str, str] | None:
        """The object's metadata without its bytes, or ``None`` where there is none."""
        try:
            return self._client.head_object(Bucket=self.bucket, Key=key)["Metadata"]
        except (ClientError, BotoCoreError) as error:
            if _code(error) in _ABSENT:
                return None
            raise self._unavailable(error) from error

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key under a prefix, in the order of their UTF-8 bytes; read page by page."""
        for page in self._pages(prefix, ""):
            yield from (found["Key"] for found in page.get("Contents", ()))

    def folders(self, prefix: str) -> Iterator[str]:
        """The parts under a prefix that end in ``/``, each with the prefix, in order."""
        for page in self._pages(prefix, "/"):
            yield from (found["Prefix"] for found in page.get("CommonPrefixes", ()))

    def delete(self, key: str) -> None:
        """Remove an object; one that isn't there is removed already."""
        try:
            self._client.delete_object(Bucket=self.bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            raise self._unavailable(error) from error

    def _pages(self, prefix: str, delimiter: str) -> Iterator[ListObjectsV2OutputTypeDef]:
        try:
            yield from self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=prefix, Delimiter=delimiter
            )
        except (ClientError, BotoCoreError) as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> DependencyUnavailable:
        return DependencyUnavailable(
            f"S3 bucket {self.bucket} does not answer: {error}",
            "check NEWSWIRE_S3_ENDPOINT, or start the servers with `newswire up`",
        )


def open_store(settings: Settings) -> ObjectStore:
    """The configured bucket. Connects at the first call, not here."""
    return ObjectStore(s3_client(settings), settings.s3_bucket)


def s3_client(settings: Settings) -> S3Client:
    """A client of the configured S3. Connects at the first call, not here."""
    access, secret = settings.s3_access_key, settings.s3_secret_key
    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=access.get_secret_value() if access else None,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        config=Config(
            # S3-compatible servers know neither the newer checksums nor bucket host names.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if settings.s3_endpoint else "auto"},
            connect_timeout=5,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 4},
        ),
    )


def _code(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", ""))
    return ""
