"""Which story it is, whether two versions say the same, and the keys that follow from that."""

from __future__ import annotations

import hashlib

from newswire.stories.model import Story

_NOT_CONTENT = {"version", "version_created", "first_created", "raw", "quality", "parser"}


def fingerprint(story: Story) -> str:
    """A hash of all that a version says, apart from when and where it was fetched, what read it and
    what is doubtful about it.

    Two versions with one fingerprint are the same copy fetched twice.
    """
    content = story.model_dump_json(exclude=_NOT_CONTENT, exclude_none=True)
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def kafka_key(story: Story) -> bytes:
    """The record key: all versions of a story are in one partition, in order."""
    return story.key.encode("utf-8")
