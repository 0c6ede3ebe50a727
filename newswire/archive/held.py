"""Stories under an embargo, until it ends: where their bytes are, and when that is.

They lie in the archive, beside what was last seen of each document: no restart forgets them. The
end of the embargo is the beginning of the key, so that one listing finds what is due. The
copy itself is in the raw bytes only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from newswire.archive.store import ObjectStore
from newswire.stories.model import Moment

_PREFIX = "state/held/"
_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
_KEY = re.compile(
    re.escape(_PREFIX) + r"(?P<until>[^/]+)/(?P<story>[0-9a-f]{64})-(?P<version>\d+)\.json"
)


class HeldStory(BaseModel):
    """A version of a story that must not be published yet."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    """See :attr:`newswire.stories.model.Story.key`."""
    version: int
    until: Moment
    raw_key: str
    """Where its bytes are."""


@dataclass(frozen=True, order=True)
class _Place:
    version: int
    until: datetime
    key: str


class HeldStore:
    """The ``state/held/`` part of the bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def hold(self, story: HeldStory) -> None:
        """Keep a version back; again and again does no harm."""
        self._store.put(
            self._key(story), story.model_dump_json().encode(), content_type="application/json"
        )

    def due(
        self, now: datetime, superseded: Callable[[HeldStory], None] = lambda story: None
    ) -> Iterator[HeldStory]:
        """The versions whose embargo has ended.

        Of each story only the newest version counts: a version that came later decides, also where
        it moved the embargo. The others are dropped here.

        Args:
            now: the time.
            superseded: told of each version that is dropped.
        """
        stories: dict[str, list[_Place]] = {}
        for key in self._store.keys(_PREFIX):
            place = _KEY.fullmatch(key)
            if place:
                until = datetime.strptime(place["until"], _TIME).replace(tzinfo=UTC)
                stories.setdefault(place["story"], []).append(
                    _Place(int(place["version"]), until, key)
                )
        for places in stories.values():
            *older, newest = sorted(places)
            for one in older:
                dropped = self._read(one.key)
                if dropped:
                    superseded(dropped)
                self._store.delete(one.key)
            if newest.until <= now:
                story = self._read(newest.key)
                if story:
                    yield story

    def drop(self, story: HeldStory) -> None:
        """Forget a version that was dealt with."""
        self._store.delete(self._key(story))

    def _read(self, key: str) -> HeldStory | None:
        stored = self._store.get(key)
        if stored is None:
            return None  # another run dealt with it meanwhile
        try:
            return HeldStory.model_validate_json(stored.data)
        except ValidationError:
            # Nobody but us writes here. The document's own memory has it read again, too.
            return None

    def _key(self, story: HeldStory) -> str:
        digest = hashlib.sha256(story.key.encode("utf-8", "replace")).hexdigest()
        return f"{_PREFIX}{story.until.astimezone(UTC):{_TIME}}/{digest}-{story.version}.json"
