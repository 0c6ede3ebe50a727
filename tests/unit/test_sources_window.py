"""Which part of its past a run of a source takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from newswire.sources.window import Window, stated_time, window_of

DAY = timedelta(days=1)
NOW = datetime(2024, 5, 17, 12, 3, tzinfo=UTC)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2024, 5, day, hour, minute, tzinfo=UTC)


def window(
    start: datetime | None,
    end: datetime | None,
    *,
    backfill: bool = False,
    done_until: datetime | None = None,
) -> Window:
    return window_of(
        start, end, backfill=backfill, done_until=done_until, lookback=timedelta(hours=2), now=NOW
    )


def test_a_run_over_the_past_takes_its_interval_and_no_more() -> None:
    assert window(at(3), at(4), done_until=at(1)) == Window(at(3), at(4))


def test_a_run_over_the_present_takes_what_is_there_by_now_and_looks_back() -> None:
    assert window(at(17, 11), at(17, 12)) == Window(at(17, 9), None)


def test_a_run_after_a_gap_goes_on_where_the_last_good_one_ended() -> None:
    assert window(at(17, 11), at(17, 12), done_until=at(14)) == Window(at(13, 22), None)
    # Years ago that was a backfill.
    assert window(at(17, 11), at(17, 12), done_until=datetime(2020, 1, 1, tzinfo=UTC)) == Window(
        at(10, 9), None
    )
    later = at(17, 13)
    assert window(at(17, 11), at(17, 12), done_until=later) == Window(at(17, 9), None)


def test_a_backfill_keeps_to_its_interval_also_where_that_is_the_present() -> None:
    exact = Window(at(17, 11), at(17, 12))
    assert window(at(17, 11), at(17, 12), backfill=True, done_until=at(1)) == exact


def test_a_run_without_an_interval_takes_all() -> None:
    assert window(None, None) == Window(None, None)
    # So Airflow has it of a run that was triggered by hand, where there is no schedule.
    assert window(at(17, 12), at(17, 12)) == Window(None, None)


def test_a_window_holds_its_begin_and_not_its_end() -> None:
    one = Window(at(3), at(4))
    assert [one.holds(moment) for moment in (at(2, 23), at(3), at(3, 23), at(4))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert Window(None, at(4)).holds(at(1))
    assert Window(at(3), None).holds(at(9))


def test_a_date_lies_in_every_window_that_it_may_mean() -> None:
    whole_day = stated_time("2024-05-03")
    assert whole_day is not None
    assert Window(at(3, 22), at(3, 23)).holds(*whole_day)
    assert not Window(at(4), at(5)).holds(*whole_day)
    assert not Window(at(2), at(3)).holds(*whole_day)


def test_the_days_of_a_window_are_every_day_of_which_a_part_lies_in_it() -> None:
    days = [date(2024, 5, 4), date(2024, 5, 3)]
    assert Window(at(3, 12), at(5)).days(99) == days
    assert Window(at(3), at(4, 0, 1)).days(99) == days
    assert Window(at(1), at(5)).days(2) == days


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-05-17T10:00:00+02:00", at(17, 8), at(17, 8)),
        ("2024-05-17T10:00Z", at(17, 10), at(17, 10)),
        (" 2024-05-17T10:00:00 ", at(17, 10), at(17, 10)),
        ("2024-05-17", at(17), at(18) - timedelta(microseconds=1)),
        ("2024-05", at(1), datetime(2024, 6, 1, tzinfo=UTC) - timedelta(microseconds=1)),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
         - timedelta(microseconds=1)),
    ],
)  # fmt: skip
def test_a_date_means_the_time_that_it_states(text: str, first: datetime, last: datetime) -> None:
    assert stated_time(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "17.05.2024", "9999", "0001-01-01T00:00:00+23:00"]
)
def test_what_is_no_date_means_none(text: str) -> None:
    assert stated_time(text) is None
