"""What was last seen of each document and published of each story: the memory of the fetch.

It lives beside the archive, in S3, so that any machine that fetches has the same. It is written
*after* Kafka has acknowledged: a crash in between publishes again, and never loses.
"""

from __future__ import annotations

import hashlib
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from newswire.archive.store import ObjectStore
from newswire.stories.model import Moment, RawReference


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


S = TypeVar("S", bound=_State)


class SeenDocument(_State):
    """A document of a source, as it was when it was last fetched and dealt with."""

    uri: str
    sha256: str
    parser: str
    """Newswire's version: a newer parser reads an unchanged document again."""
    etag: str | None = None
    last_modified: str | None = None
    story_ids: tuple[str, ...] = ()
    raw: RawReference


class Said(_State):
    """What a source said last of a story."""

    fingerprint: str
    """See :func:`newswire.stories.identity.fingerprint`."""
    stated: int
    """The version as the copy itself has it."""
    version: int
    """The version that it was published as."""


class PublishedStory(_State):
    """What was published of a story."""

    id: str
    version: int
    """The newest."""
    said: dict[str, Said]
    """By source: two sources render the same story differently, and neither's rendering is news to
    it."""
    first_created: Moment


class SeenStore:
    """The ``state/`` part of the bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def document(self, source: str, uri: str) -> SeenDocument | None:
        """What is remembered of a document, if anything."""
        return self._read(_document_key(source, uri), SeenDocument)

    def remember_document(self, source: str, document: SeenDocument) -> None:
        """Remember a document that was dealt with."""
        self._write(_document_key(source, document.uri), document)

    def story(self, story_id: str) -> PublishedStory | None:
        """The newest version published of a story, if any."""
        return self._read(_story_key(story_id), PublishedStory)

    def remember_story(self, story: PublishedStory) -> None:
        """Remember a version that was published."""
        self._write(_story_key(story.id), story)

    def _read(self, key: str, kind: type[S]) -> S | None:
        stored = self._store.get(key)
        if stored is None:
            return None
        try:
            return kind.model_validate_json(stored.data)
        except ValidationError:
            # Unreadable memory is no memory: the document is published again, which harms nothing.
            return None

    def _write(self, key: str, state: _State) -> None:
        self._store.put(
            key, state.model_dump_json(exclude_none=True).encode(), content_type="application/json"
        )


def _document_key(source: str, uri: str) -> str:
    return f"state/documents/{source}/{_hash(uri)}.json"


def _story_key(story_id: str) -> str:
    return f"state/stories/{_hash(story_id)}.json"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
