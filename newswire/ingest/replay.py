"""Everything that was ever archived, parsed again by the parsers of today.

What they read as before is no news, and nothing is published. What they read differently goes to
the topic under the version that it has, and replaces it in the index. Nothing asks a source.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from newswire.archive.raw import RawArchive
from newswire.archive.store import open_store
from newswire.bus.groups import consumer_group, lag
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.errors import ConfigError
from newswire.ingest.again import ArchiveReader
from newswire.ingest.report import DocumentReport

_LOOKED_AT_EVERY_S = 2.0
"""Between two looks at how far the workers are."""


@dataclass(frozen=True)
class Selection:
    """Which archived documents are wanted. All that is given must hold."""

    prefix: str = "raw/"
    """The beginning of their keys: ``raw/<source>/<year>/<month>/<day>/``, or less of it."""
    since: date | None = None
    """Archived on this day, in UTC, or later."""
    until: date | None = None
    """Archived on this day, in UTC, or earlier."""

    @classmethod
    def parse(
        cls, place: str, bucket: str, since: date | None = None, until: date | None = None
    ) -> Selection:
        """Read a place as people write it.

        Args:
            place: ``s3://BUCKET/PREFIX``, a prefix in the bucket, or a source's name.
            bucket: the archive.
            since: see :attr:`since`.
            until: see :attr:`until`.

        Raises:
            ConfigError: it is in another bucket, or outside of the raw bytes.
        """
        prefix = place
        if place.startswith("s3://"):
            named, _, prefix = place.removeprefix("s3://").partition("/")
            if named != bucket:
                raise ConfigError(
                    f"{place} is not in the archive, the bucket {bucket}",
                    "set NEWSWIRE_S3_BUCKET for another archive",
                )
        elif "/" not in place:
            prefix = f"raw/{place}/"
        if not prefix.startswith("raw/") and prefix:
            raise ConfigError(
                f"{place} holds no archived bytes", "they are under raw/SOURCE/YEAR/MONTH/DAY/"
            )
        return cls(prefix or "raw/", since, until)


class Pace:
    """Keeps a replay behind live news, and below a rate."""

    def __init__(
        self,
        settings: Settings,
        *,
        rate: float,
        most_lag: int,
        waiting: Callable[[int], None] = lambda behind: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Args:
        settings: where Kafka is.
        rate: documents a second, at most.
        most_lag: records that the enriching workers may be behind; beyond, the replay waits.
        waiting: told how far they are behind, while it waits.
        sleep: waits so many seconds.
        """
        self._settings = settings
        self._interval = 1 / rate
        self._most_lag = most_lag
        self._waiting = waiting
        self._sleep = sleep
        self._next = time.monotonic()
        self._next_look = self._next

    def wait(self) -> None:
        """Return when the next document may go.

        Raises:
            DependencyUnavailable: Kafka does not answer.
        """
        self._sleep(max(0.0, self._next - time.monotonic()))
        if time.monotonic() >= self._next_look:
            while (behind := self._lag()) > self._most_lag:
                self._waiting(behind)
                self._sleep(_LOOKED_AT_EVERY_S)
            self._next_look = time.monotonic() + _LOOKED_AT_EVERY_S
        self._next = max(self._next + self._interval, time.monotonic())

    def _lag(self) -> int:
        return lag(self._settings, consumer_group("enrich"), STORIES)


def replay(
    settings: Settings,
    selection: Selection,
    pace: Pace,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[DocumentReport]:
    """Take archived documents in again, day by day, and report of each.

    Interrupted, it can be begun again: what was done has no effect any more.

    Args:
        settings: where the archive and the topics are, and the limits.
        selection: which documents.
        pace: waits before each of them.
        clock: tells whether an embargo is over.

    Raises:
        DependencyUnavailable: Kafka or S3 doesn't answer.
    """
    store = open_store(settings)
    archive = RawArchive(store)
    with Publisher(settings, "/newswire/replay") as publisher:
        reader = ArchiveReader(settings, store, publisher, letters=False, clock=clock)
        for key in _keys(archive, selection):
            pace.wait()
            yield reader.document(key)


def _keys(archive: RawArchive, selection: Selection) -> Iterator[str]:
    for day in archive.days():
        wanted = day.prefix.startswith(selection.prefix) or selection.prefix.startswith(day.prefix)
        if not wanted or not _is_within(day.date, selection):
            continue
        yield from archive.keys(max(day.prefix, selection.prefix, key=len))


def _is_within(day: date, selection: Selection) -> bool:
    return (selection.since is None or selection.since <= day) and (
        selection.until is None or day <= selection.until
    )
