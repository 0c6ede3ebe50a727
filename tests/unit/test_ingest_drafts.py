"""Which drafts of a document count, and which of their dates are believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import pytest

from newswire.errors import ContractViolation
from newswire.ingest.drafts import (
    EARLIEST,
    MOST_AHEAD,
    one_for_each_story,
    why_left_out,
    with_believable_dates,
)
from newswire.stories.draft import Draft
from newswire.stories.finish import finish
from tests.factories import NOON, a_draft, a_raw_reference

HOUR = timedelta(hours=1)


def headlines(drafts: list[Draft]) -> list[str | None]:
    return [draft.headline for draft in drafts]


def test_the_newest_counts_wherever_it_stands() -> None:
    drafts = [
        a_draft(headline="old", version_created=NOON),
        a_draft(headline="new", version_created=NOON + HOUR),
        a_draft(headline="undated", version_created=None),
        a_draft(headline="created later", version_created=None, first_created=NOON + HOUR / 2),
    ]
    for order in permutations(drafts):
        choice = one_for_each_story(order)
        assert headlines(choice.taken) == ["new"]
        assert sorted(map(str, headlines(choice.left_out))) == ["created later", "old", "undated"]


@pytest.mark.parametrize("date", [NOON, None])
def test_of_equals_the_last_counts(date: datetime | None) -> None:
    choice = one_for_each_story(
        [a_draft(headline=one, version_created=date) for one in ("a", "b", "c")]
    )
    assert headlines(choice.taken) == ["c"]
    assert headlines(choice.left_out) == ["a", "b"]


def test_a_stated_version_counts_before_the_date() -> None:
    choice = one_for_each_story(
        [a_draft(headline="2", version=2), a_draft(version=1, version_created=NOON + HOUR)]
    )
    assert headlines(choice.taken) == ["2"]


def test_an_exact_repeat_is_dropped_without_a_word() -> None:
    choice = one_for_each_story([a_draft(), a_draft(id="other"), a_draft()])
    assert [draft.id for draft in choice.taken] == [a_draft().id, "other"]
    assert choice.left_out == []


def test_what_is_left_out_is_named_alike_at_every_fetch_whichever_draft_counts() -> None:
    left = a_draft(headline="left", version_created=NOON - HOUR)
    said = {
        str(why_left_out(one_for_each_story([left, a_draft(headline=winner)]).left_out[0]))
        for winner in ("a", "b")
    }
    assert said == {"'left' has the id of a newer entry of the same document"}


@pytest.mark.parametrize(
    "absurd",
    [
        datetime(2999, 1, 1, tzinfo=UTC),
        NOON + MOST_AHEAD + timedelta(seconds=1),
        EARLIEST - timedelta(seconds=1),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_date_that_can_not_be_true_gives_way_to_the_arrival_and_is_kept_aside(
    absurd: datetime,
) -> None:
    raw = a_raw_reference(archived_at=NOON)
    draft = with_believable_dates(a_draft(first_created=absurd, version_created=absurd), NOON)
    story = finish(draft, raw)
    assert story.first_created == story.version_created == NOON
    stated = absurd.isoformat()
    assert story.extra == {
        "dates_not_believed": {"first_created": stated, "version_created": stated}
    }


@pytest.mark.parametrize("moment", [EARLIEST, datetime(1970, 1, 1, tzinfo=UTC), NOON + MOST_AHEAD])
def test_a_date_that_can_be_true_is_left_alone(moment: datetime) -> None:
    draft = a_draft(first_created=moment, version_created=moment)
    assert with_believable_dates(draft, NOON) is draft


def test_each_date_is_judged_by_itself() -> None:
    absurd = datetime(2999, 1, 1, tzinfo=UTC)
    draft = a_draft(first_created=absurd, version_created=NOON - HOUR, extra={"kept": "too"})
    judged = with_believable_dates(draft, NOON)
    assert judged == replace(
        draft,
        first_created=None,
        extra={"kept": "too", "dates_not_believed": {"first_created": absurd.isoformat()}},
    )
    assert draft.extra == {"kept": "too"}


def test_a_date_without_a_zone_breaks_the_contract_and_nothing_else() -> None:
    naive = datetime(2024, 5, 17, 12)
    choice = one_for_each_story([a_draft(version_created=naive), a_draft()])
    assert choice.taken == [a_draft()]
    judged = with_believable_dates(a_draft(first_created=naive), NOON)
    with pytest.raises(ContractViolation, match="without a time zone"):
        finish(judged, a_raw_reference())
