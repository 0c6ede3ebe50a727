"""Raw bytes, archived untouched before anything else is done with them.

The key is ``raw/<source>/<year>/<month>/<day>/<sha256>``: a day of a source is one prefix, which
is what a replay walks over, and the same bytes on the same day are one object. When an object was
archived is part of its metadata, so that parsing it again gives the very same story.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, unquote

from newswire.archive.store import ObjectStore
from newswire.stories.model import RawReference

_LONGEST_URI = 1500
"""S3 takes 2 KB of metadata for an object; a longer URI is left out of it."""

_KEY = re.compile(r"raw/(?P<source>[^/]+)/(?P<day>\d{4}/\d\d/\d\d)/(?P<sha256>[0-9a-f]{64})")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;[\x20-\x7e]*)?", re.ASCII)


class RawArchive:
    """The ``raw/`` part of the bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def archive(
        self,
        data: bytes,
        *,
        source: str,
        uri: str,
        media_type: str,
        url: str | None = None,
        expect: str | None = None,
        now: datetime | None = None,
    ) -> RawReference:
        """Store the bytes, or find them stored already today.

        Args:
            data: the bytes.
            source: the name in ``sources.yaml``.
            uri: where they were fetched.
            media_type: as declared.
            url: where redirects led; the base of the links in them.
            expect: the one format that the source's documents have; none: any.
            now: when; default now.

        Raises:
            DependencyUnavailable: they could not be stored.
        """
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        digest = hashlib.sha256(data).hexdigest()
        key = f"raw/{source}/{moment:%Y/%m/%d}/{digest}"
        new = self._store.put_new(
            key,
            data,
            content_type=_header(media_type),
            metadata={
                "archived-at": moment.isoformat(),
                "source": source,
                **({"expect": expect} if expect else {}),
                **_addresses(uri=uri, url=url if url != uri else None),
            },
        )
        if not new:
            stored = self._store.metadata(key) or {}
            moment = datetime.fromisoformat(stored.get("archived-at", moment.isoformat()))
        return RawReference(
            bucket=self._store.bucket,
            key=key,
            sha256=digest,
            size=len(data),
            media_type=media_type,
            source=source,
            uri=uri,
            archived_at=moment,
        )

    def read(self, key: str) -> Archived | None:
        """Bytes that were archived, and what was noted of them; ``None`` where there are none.

        Raises:
            DependencyUnavailable: S3 does not answer.
        """
        stored = self._store.get(key)
        place = _KEY.fullmatch(key)
        if stored is None or place is None:
            return None
        uri = unquote(stored.metadata.get("uri", f"s3://{self._store.bucket}/{key}"))
        url = stored.metadata.get("url")
        noted = stored.metadata.get("archived-at")
        return Archived(
            data=stored.data,
            url=unquote(url) if url else uri,
            expect=stored.metadata.get("expect"),
            raw=RawReference(
                bucket=self._store.bucket,
                key=key,
                sha256=place["sha256"],
                size=len(stored.data),
                media_type=stored.content_type,
                source=place["source"],
                uri=uri,
                archived_at=datetime.fromisoformat(noted) if noted else _midnight(place["day"]),
            ),
        )

    def days(self, source: str | None = None) -> Iterator[Day]:
        """The days of a source, or of all, of which there is something; each source's in order."""
        prefixes = [f"raw/{source}/"] if source else list(self._store.folders("raw/"))
        for prefix in prefixes:
            for year in self._store.folders(prefix):
                for month in self._store.folders(year):
                    for day in self._store.folders(month):
                        name, date_of = day[len("raw/") :].rstrip("/").split("/", 1)
                        yield Day(name, _midnight(date_of).date(), day)

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys of everything that was archived under a prefix."""
        return (key for key in self._store.keys(prefix) if _KEY.fullmatch(key))


@dataclass(frozen=True)
class Archived:
    """Bytes from the archive."""

    data: bytes
    url: str
    """The base of the links in them."""
    expect: str | None
    """The one format that their source's documents had; none: any."""
    raw: RawReference
    """As it was when they were archived: the media type is the declared one."""


@dataclass(frozen=True)
class Day:
    """What was archived of a source on one day, in UTC."""

    source: str
    date: date
    prefix: str


def _midnight(day: str) -> datetime:
    return datetime.strptime(day, "%Y/%m/%d").replace(tzinfo=UTC)


def _addresses(**addresses: str | None) -> dict[str, str]:
    # S3 metadata is ASCII; a URI may not be.
    quoted = {
        name: quote(one, safe=":/?#[]@!$&'()*+,;=~") for name, one in addresses.items() if one
    }
    return {name: one for name, one in quoted.items() if len(one) <= _LONGEST_URI // len(quoted)}


def _header(media_type: str) -> str:
    """What a server declared, where S3 takes it as a header: it may have sent anything."""
    usable = len(media_type) <= 255 and _MEDIA_TYPE.fullmatch(media_type)
    return media_type if usable else "application/octet-stream"
