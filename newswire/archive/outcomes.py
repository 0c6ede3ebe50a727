"""What became of each archived object: a note beside the archive, and the count of a day.

The outcome is part of a note's key, so that a listing is the whole count and nothing is read. Notes
are only ever added: an object that is taken in again may have several, and the best one counts, in
whatever order they were written. Nothing here is used to decide what is published: it counts
independently what the pipeline says of itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from newswire.archive.raw import Day, RawArchive
from newswire.archive.store import ObjectStore

_PREFIX = "state/outcomes/"
_NOTE = re.compile(r"[^/]+/\d{4}/\d\d/\d\d/(?P<sha256>[0-9a-f]{64})\.(?P<fate>[a-z]+)")


class Fate(StrEnum):
    """What became of an archived object; the worst first, and a better one hides a worse.

    A story that was held is published in the end, or superseded: so that is worth more.
    """

    DEAD = "dead"
    """No story could be had of it."""
    HELD = "held"
    """Nothing new in it but stories under an embargo that lasts."""
    DUPLICATE = "duplicate"
    """Nothing in it that had not been said before."""
    PUBLISHED = "published"
    """At least one story, or version of one, of it was produced."""


_BY_NAME = {fate.value: fate for fate in Fate}
_WORTH = {fate: worth for worth, fate in enumerate(Fate)}


@dataclass(frozen=True)
class Count:
    """What was archived of a source on one day, and what became of it; objects, not stories."""

    archived: int
    published: int
    duplicates: int
    held: int
    dead: int

    @property
    def unaccounted(self) -> int:
        """Archived, but nothing was noted: at work, or killed before it was done."""
        return self.archived - self.published - self.duplicates - self.held - self.dead


class Outcomes:
    """The ``state/outcomes/`` part of the bucket."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._archive = RawArchive(store)

    def note(self, raw_key: str, fate: Fate) -> None:
        """Note what became of an object; again and again does no harm.

        To be called once Kafka has acknowledged, and before anything remembers that the object
        was dealt with: killed in between, it is taken in, and noted, again.

        Args:
            raw_key: of the archived bytes.
            fate: what became of them this time.
        """
        published = _key(raw_key, Fate.PUBLISHED)
        if fate is not Fate.PUBLISHED and self._store.metadata(published) is not None:
            return  # as in nearly all that is replayed
        self._store.put_new(_key(raw_key, fate), b"", content_type="text/plain", metadata={})

    def is_noted(self, raw_key: str) -> bool:
        """Whether anything was noted of an object."""
        return any(True for _ in self._store.keys(_PREFIX + raw_key.removeprefix("raw/") + "."))

    def withdraw(self, raw_key: str, fate: Fate) -> None:
        """Remove a note that is true no more."""
        self._store.delete(_key(raw_key, fate))

    def count(self, day: Day) -> Count:
        """Count what was archived of a source on a day, and what was noted of it.

        The archive is listed first: what is archived meanwhile isn't missed.
        """
        fates: dict[str, Fate | None] = dict.fromkeys(map(_sha256, self._archive.keys(day.prefix)))
        for sha256, fate in self._notes(day):
            if sha256 in fates:
                best = fates[sha256]
                if best is None or _WORTH[fate] > _WORTH[best]:
                    fates[sha256] = fate
        counted = Counter(fates.values())
        return Count(
            archived=len(fates),
            published=counted[Fate.PUBLISHED],
            duplicates=counted[Fate.DUPLICATE],
            held=counted[Fate.HELD],
            dead=counted[Fate.DEAD],
        )

    def _notes(self, day: Day) -> Iterator[tuple[str, Fate]]:
        for key in self._store.keys(_PREFIX + day.prefix.removeprefix("raw/")):
            place = _NOTE.fullmatch(key.removeprefix(_PREFIX))
            if place and place["fate"] in _BY_NAME:
                yield place["sha256"], _BY_NAME[place["fate"]]


def _key(raw_key: str, fate: Fate) -> str:
    return f"{_PREFIX}{raw_key.removeprefix('raw/')}.{fate}"


def _sha256(raw_key: str) -> str:
    return raw_key.rpartition("/")[2]
