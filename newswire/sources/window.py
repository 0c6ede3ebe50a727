"""Which part of a source's past a run takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

LONGEST_GAP = timedelta(days=7)
"""A run over the present makes up for no more: what is longer is for a backfill, and the last good
run may have been one of a backfill, years ago."""

_DAYS_OF = {4: 366, 7: 31, 10: 1}
"""By the length of a date in W3C's form, the most days that it may mean."""


@dataclass(frozen=True)
class Window:
    """From ``start`` on and before ``end``; ``None``: no bound on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, first: datetime, last: datetime | None = None) -> bool:
        """Whether a moment, or a part of the time up to ``last``, lies in it."""
        after = self.start is None or (last or first) >= self.start
        return after and (self.end is None or first < self.end)

    @property
    def is_past(self) -> bool:
        """Whether it has an end: what has no date can't be said to lie in it."""
        return self.end is not None

    def days(self, most: int) -> list[date]:
        """Every day (UTC) of which a part lies in it, the newest first, at most so many."""
        last = (self.end - timedelta(microseconds=1)) if self.end else datetime.now(UTC)
        count = most if self.start is None else (last.date() - self.start.date()).days + 1
        return [last.date() - timedelta(days=day) for day in range(min(count, most))]


def window_of(
    start: datetime | None,
    end: datetime | None,
    *,
    backfill: bool,
    done_until: datetime | None,
    lookback: timedelta,
    now: datetime,
) -> Window:
    """The window of a run.

    A run over the past takes what is dated in its interval and no more. A run over the present
    takes all that is there by now, from where the last good run ended, and looks back a while
    longer: what arrives late with an earlier date is not lost.

    Args:
        start: of the run's data interval; ``None``, or the same as its end: it has none.
        end: of the same.
        backfill: whether the run is part of a backfill.
        done_until: the end of the last good run's interval, if there was one.
        lookback: how much longer a run over the present looks back.
        now: the time.
    """
    if start is None or end is None or start == end:
        return Window()
    if backfill or now - end > max(end - start, timedelta(minutes=1)):
        return Window(start, end)
    gap = timedelta() if done_until is None else start - done_until
    return Window(start - min(max(gap, timedelta()), LONGEST_GAP) - lookback, None)


def stated_time(text: str) -> tuple[datetime, datetime] | None:
    """The first and the last moment that a date in W3C's form may mean; ``None``: it is no date.

    ``2024``, ``2024-05`` and ``2024-05-17`` are a year, a month and a day, of which nobody said in
    which zone; a time without a zone is taken as UTC.
    """
    stated = text.strip()
    try:
        if len(stated) > len("2024-05-17"):
            moment = datetime.fromisoformat(stated)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            return moment.astimezone(UTC), moment.astimezone(UTC)
        days = _DAYS_OF[len(stated)]
        # "2024" and "2024-05" begin with the first day of theirs.
        first = date.fromisoformat(stated + "2000-01-01"[len(stated) :])
        begin = datetime.combine(first, time(), UTC)
        return begin, begin + timedelta(days=days) - timedelta(microseconds=1)
    except (ValueError, OverflowError, KeyError):
        return None
