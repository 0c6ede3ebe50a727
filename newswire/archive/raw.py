"""Raw bytes, archived untouched before anything else is done with them.

The key is ``raw/<source>/<year>/<month>/<day>/<sha256>``: a day of a source is one prefix, which
is what a replay walks over, and the same bytes on the same day are one object. When an object was
archived is part of its metadata, so that parsing it again gives the very same story.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import quote

from newswire.archive.store import ObjectStore
from newswire.stories.model import RawReference

_LONGEST_URI = 1500
"""S3 takes 2 KB of metadata for an object; a longer URI is left out of it."""

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;[\x20-\x7e]*)?", re.ASCII)


class RawArchive:
    """The ``raw/`` part of the bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def archive(
        self, data: bytes, *, source: str, uri: str, media_type: str, now: datetime | None = None
    ) -> RawReference:
        """Store the bytes, or find them stored already today.

        Raises:
            DependencyUnavailable: they could not be stored.
        """
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        digest = hashlib.sha256(data).hexdigest()
        # S3 metadata is ASCII; a URI may not be.
        quoted = quote(uri, safe=":/?#[]@!$&'()*+,;=~")
        key = f"raw/{source}/{moment:%Y/%m/%d}/{digest}"
        new = self._store.put_new(
            key,
            data,
            content_type=_header(media_type),
            metadata={
                "archived-at": moment.isoformat(),
                "source": source,
                **({"uri": quoted} if len(quoted) <= _LONGEST_URI else {}),
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


def _header(media_type: str) -> str:
    """What a server declared, where S3 takes it as a header: it may have sent anything."""
    usable = len(media_type) <= 255 and _MEDIA_TYPE.fullmatch(media_type)
    return media_type if usable else "application/octet-stream"
