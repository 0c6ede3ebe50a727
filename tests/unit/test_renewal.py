"""When the next stale stories may go, and what became of those that went."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from pydantic import JsonValue

from newswire import renewal
from newswire.config import load_settings
from newswire.errors import ContractViolation
from newswire.renewal import MOST_AT_ONCE, Turn
from newswire.search.renewable import Found
from newswire.stories.enriched import GENERATIONS

SETTINGS = load_settings()


class Time:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


Behind = Callable[..., None]


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Behind:
    """Says how far the workers are behind at each look; the last holds on."""

    def say(*records: int) -> None:
        looks: Iterator[int] = iter(records)
        monkeypatch.setattr(renewal, "_behind", lambda _: next(looks, records[-1]))

    return say


def a_turn(time: Time, rate: float = 3600, within_s: float = math.inf) -> Turn:
    return Turn(SETTINGS, rate=rate, within_s=within_s, clock=time.clock, sleep=time.sleep)


def test_an_hour_has_no_more_stories_than_its_budget(behind: Behind) -> None:
    behind(0)
    for rate in (10, 450, 3600):
        time = Time()
        turn = a_turn(time, rate=rate, within_s=3600)
        sent = 0
        while turn.comes():
            sent += turn.size
            turn.spend(turn.size)
        assert rate * 0.95 <= sent <= rate + turn.size


def test_time_in_which_live_news_came_first_is_not_made_good_in_a_burst(behind: Behind) -> None:
    behind(0)
    time = Time()
    turn = a_turn(time)
    assert turn.comes()
    time.now += 1000
    turn.spend(8)
    assert turn.comes()
    assert time.now == 1108


@pytest.mark.parametrize(
    ("rate", "size"), [(1, 1), (449, 1), (450, 1), (3600, 8), (10**9, MOST_AT_ONCE)]
)
def test_a_batch_is_a_few_seconds_of_the_budget(rate: float, size: int) -> None:
    assert a_turn(Time(), rate=rate).size == size


def test_nothing_goes_while_the_workers_have_something_to_do(behind: Behind) -> None:
    behind(3, 1, 0)
    time = Time()
    told: list[int] = []
    turn = Turn(SETTINGS, rate=1, waiting=told.append, clock=time.clock, sleep=time.sleep)
    assert turn.all_is_through()
    assert told == [3, 1]


def test_when_the_time_is_over_nothing_goes_whatever_waits(behind: Behind) -> None:
    behind(1)
    time = Time()
    turn = a_turn(time, within_s=10)
    assert not turn.comes()
    assert time.now == pytest.approx(110, abs=1)
    behind(0)
    later = a_turn(time, rate=1, within_s=10)
    assert later.comes()
    later.spend(1)
    before = time.now
    assert not later.comes()
    assert time.now == before, "an hour that would be too late is not waited for"


def a_found(**fields: JsonValue) -> Found:
    return Found("newswire-stories-2024.05", "a1", (7 << 20) | 5, fields, [])


@pytest.mark.parametrize(
    ("version", "fate"),
    [
        ((7 << 20) | 5, "unchanged"),
        ((7 << 20) | 8, "unchanged"),
        ((7 << 20) | 9, "renewed"),
        ((7 << 20) | 10, "renewed"),
        ((8 << 20) | 5, "overtaken"),
        ((7 << 20) | GENERATIONS, "overtaken"),
        ((7 << 20) | (GENERATIONS + 1), "overtaken"),
        (None, "overtaken"),
    ],
)
def test_what_became_of_a_story_is_told_by_its_external_version(
    version: int | None, fate: str
) -> None:
    assert a_found().became(version, 9) == fate


def test_a_document_that_is_no_story_says_where_it_can_be_had_again() -> None:
    with pytest.raises(ContractViolation, match=r"a1 of newswire-stories-2024.05 .*id: .*replay"):
        _ = a_found(version=7).story
