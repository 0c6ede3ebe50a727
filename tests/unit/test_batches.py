"""How a run's documents are split over tasks, and their reports put together again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.ingest.batches import MOST_LINES, Batch, BatchReport, merge, split, summarise
from newswire.ingest.report import DocumentReport, Outcome, Totals


def documents(count: int) -> Batch:
    return Batch(uris=tuple(f"/in/{number}" for number in range(count)), source="desk")


def dead(uri: str, *errors: str) -> DocumentReport:
    lines = errors or (f"{uri}: empty",)
    return DocumentReport(uri=uri, outcome=Outcome.DEAD, errors=lines, letters=len(lines))


def published(uri: str, stories: int = 1) -> DocumentReport:
    return DocumentReport(uri=uri, outcome=Outcome.PUBLISHED, published=stories)


@given(count=st.integers(0, 300), parts=st.integers(1, 64))
def test_every_document_is_in_one_batch_and_no_batch_is_much_larger(count: int, parts: int) -> None:
    batches = split(documents(count), parts)
    sizes = [len(batch.uris) for batch in batches]
    assert tuple(uri for batch in batches for uri in batch.uris) == documents(count).uris
    assert len(batches) == min(parts, count)
    assert all(sizes)
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


def test_a_batch_keeps_the_rules_of_its_source() -> None:
    whole = Batch(uris=("/a", "/b"), source="desk", internal=True, expect="feed")
    assert split(whole, 2) == [
        Batch(uris=(uri,), source="desk", internal=True, expect="feed") for uri in ("/a", "/b")
    ]


def test_reports_of_batches_add_up() -> None:
    run = merge([summarise([published("/a", 3), dead("/b")]), summarise([published("/c")])])
    assert run.totals == Totals(documents=3, published=4, failed=1, dead_letters=1)
    assert str(run.totals) == (
        "3 documents, 0 unchanged; stories: 4 published, 0 held; 1 failed, 1 new dead letters"
    )
    assert run.dead == 1
    assert run.errors == ("/b: empty",)


def test_a_run_without_documents_has_zeros_and_is_not_dead() -> None:
    run = merge([])
    assert run.totals == Totals()
    assert not run.all_dead


@pytest.mark.parametrize(
    ("reports", "all_dead"),
    [
        ([dead("/a"), dead("/b")], True),
        ([dead("/a"), published("/b")], False),
        ([dead("/a"), DocumentReport(uri="/b", outcome=Outcome.UNCHANGED)], False),
    ],
)
def test_a_run_is_dead_when_every_document_is(
    reports: list[DocumentReport], all_dead: bool
) -> None:
    assert merge([summarise([report]) for report in reports]).all_dead is all_dead


def test_a_report_repeats_the_first_lines_only() -> None:
    many = [dead(f"/{number}") for number in range(MOST_LINES + 5)]
    run = merge([summarise(many), summarise(many)])
    assert run.errors == summarise(many).errors
    assert len(run.errors) == MOST_LINES
    assert run.totals.dead_letters == 2 * len(many)


def test_a_failure_that_has_its_letter_counts_as_failed_and_still_makes_a_run_dead() -> None:
    before = DocumentReport(uri="/a", outcome=Outcome.DEAD, errors=("/a: empty",), letters=0)
    run = merge([summarise([before])])
    assert run.all_dead
    assert (run.totals.failed, run.totals.dead_letters) == (1, 0)


def test_a_report_says_of_each_held_story_until_when() -> None:
    until = datetime(2031, 5, 17, 8, tzinfo=timezone(timedelta(hours=2)))
    held = DocumentReport(uri="/a", outcome=Outcome.HELD, story_ids=("s",), held={"s": until})
    run = merge([summarise([held]), summarise([published("/b")])])
    assert run.totals.held == 1
    assert run.embargoes == ("/a: s is held until 2031-05-17 06:00 UTC",)
    assert not run.all_dead


def test_of_a_document_with_a_held_story_only_that_one_is_held() -> None:
    held = DocumentReport(
        uri="/a", outcome=Outcome.HELD, story_ids=("s", "t"), held={"s": datetime.now(UTC)}
    )
    assert [held.became(story_id) for story_id in held.story_ids] == ["held", "unchanged"]


def test_a_report_survives_the_way_through_airflow() -> None:
    report = summarise([dead("/a"), published("/b")])
    assert BatchReport.model_validate(report.model_dump(mode="json")) == report
