"""What was last seen of each document and published of each story: the memory of the fetch.

It lives beside the archive, in S3, so that any machine that fetches has the same. It is written
*after* Kafka has acknowledged: a crash in between publishes again, and never loses.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from newswire.archive.store import ObjectStore
from newswire.stories.model import Moment, RawReference


class _State(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


S = TypeVar("S", bound=_State)


class SeenContent(_State):
    """What a document held when it could last be fetched, and was dealt with."""

    sha256: str
    parser: int
    """Revision of the parsers that read it: newer ones read an unchanged document again."""
    etag: str | None = None
    last_modified: str | None = None
    listed: str | None = None
    """Its state as the listing of its source had it."""
    story_ids: tuple[str, ...] = ()
    held: dict[str, Moment] = {}
    """Embargoed stories, and until when: after that the same bytes are read again."""
    failures: dict[str, str] = {}
    """What failed, and so has its dead letter: a fingerprint of entry and cause, and its line."""
    failed_entries: tuple[str, ...] = ()
    """The fingerprints of the entries among them; where the document as a whole can't be read, as
    they were when it last could. What left the document leaves this too."""
    raw: RawReference


class SeenDocument(_State):
    """A document of a source, as it was at its last fetch."""

    uri: str
    content: SeenContent | None = None
    unreachable: dict[str, str] = {}
    """Why it could not be fetched, like ``failures``; empty where it could."""

    @property
    def story_ids(self) -> tuple[str, ...]:
        """The stories in it."""
        return self.content.story_ids if self.content else ()

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each thing that failed at the last fetch."""
        if self.unreachable or self.content is None:
            return tuple(self.unreachable.values())
        return tuple(self.content.failures.values())


class Said(_State):
    """What a source said last of a story."""

    fingerprint: str
    """See :func:`newswire.stories.identity.fingerprint`."""
    stated: int
    """The version as the copy itself has it."""
    version: int
    """The version that it was published as."""
    raw_key: str = ""
    """The archived bytes that it was read from."""


class PublishedStory(_State):
    """What was published of a story."""

    id: str
    version: int
    """The newest, or the later one under which the same was said again."""
    withdrawal: int = 0
    """Of that version: see :data:`newswire.stories.fold.WITHDRAWAL`."""
    said: dict[str, Said]
    """By source: two sources render the same story differently, and neither's rendering is news to
    it."""
    first_created: Moment


class Claim(_State):
    """What was taken for a story before it was published, by whoever came first."""

    first_created: Moment | None = None
    fingerprint: str | None = None


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

    def claim_first_created(self, story_id: str, moment: datetime) -> datetime:
        """The date of a story's first version: this one, unless another was claimed before.

        The index is computed from it, so that two tasks with two copies of a story must agree.
        """
        key = f"state/first-created/{_hash(story_id)}.json"
        return self._claim(key, Claim(first_created=moment)).first_created or moment

    def claim_version(self, story_id: str, version: int, fingerprint: str) -> bool:
        """Take a version for a copy. False where other copy has it."""
        key = f"state/versions/{_hash(story_id)}/{version}.json"
        return self._claim(key, Claim(fingerprint=fingerprint)).fingerprint == fingerprint

    def _claim(self, key: str, mine: Claim) -> Claim:
        data = mine.model_dump_json(exclude_none=True).encode()
        new = self._store.put_new(key, data, content_type="application/json", metadata={})
        return mine if new else self._read(key, Claim) or mine

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
