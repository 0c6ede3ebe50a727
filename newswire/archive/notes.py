"""Small texts that a fetch is to find again at its next run: until when a server wants to be left
alone, its robots.txt. They lie in S3, beside the memory of documents: all tasks have the same.
"""

from __future__ import annotations

import hashlib

from newswire.archive.store import ObjectStore


class StoredNotes:
    """The ``state/notes/`` part of the bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def read(self, name: str) -> bytes | None:
        """A note, if there is one."""
        stored = self._store.get(_key(name))
        return None if stored is None else stored.data

    def write(self, name: str, note: bytes) -> None:
        """Keep a note, over what was there."""
        self._store.put(_key(name), note, content_type="application/json")


def _key(name: str) -> str:
    return f"state/notes/{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}.json"
