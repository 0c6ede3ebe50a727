"""The decisions between the models: batches and tags."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.enrichment.encoder import pack
from newswire.enrichment.hub.batching import batches
from newswire.enrichment.runtime import Threads, usable_threads
from newswire.enrichment.stance import Answer
from newswire.enrichment.tags import MOST_EVIDENCE, tag
from newswire.enrichment.targets import Target
from newswire.stories.enriched import Span, StanceTag

TARGET = Target(id="x", name="X", kind="topic")


def spans(count: int) -> list[Span]:
    return [Span(text="s", start=n, end=n + 1) for n in range(count)]


def told(spans: list[Span], answers: list[Answer], headline: Answer | None = None) -> StanceTag:
    made = tag(TARGET, spans, answers, headline)
    assert made is not None
    return made


def odds(favor: float, against: float, unrelated: float = 0.0) -> Answer:
    return Answer(favor, against, 1 - favor - against - unrelated, unrelated)


@given(st.lists(st.integers(2, 300), max_size=40))
def test_windows_hold_every_piece_in_order_within_their_size(lengths: list[int]) -> None:
    runs = pack(lengths, 192)
    assert [number for run in runs for number in run] == list(range(len(lengths)))
    assert all(len(run) == 1 or sum(lengths[n] for n in run) <= 192 for run in runs)


@given(st.lists(st.integers(2, 300), max_size=40))
def test_batches_hold_every_row_within_the_padded_budget(lengths: list[int]) -> None:
    groups = batches(lengths, 512)
    assert sorted(n for group in groups for n in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or len(group) * max(lengths[n] for n in group) <= 512


def test_threads_keep_the_order_and_pass_on_an_error() -> None:
    threads = Threads(2)
    try:
        assert threads.map(lambda n: n * n, range(20)) == [n * n for n in range(20)]
        with pytest.raises(ZeroDivisionError):
            threads.map(lambda n: 1 // n, [1, 0])
    finally:
        threads.close()


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"cpu.max": "100000 100000\n"}, 1),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"}, 1),
    ],
)
def test_a_containers_limit_bounds_the_threads(
    tmp_path: Path, files: dict[str, str], wanted: int
) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "ascii")
    assert usable_threads(tmp_path) == wanted


def test_without_a_limit_all_threads_of_the_process_are_used(tmp_path: Path) -> None:
    unlimited = usable_threads(tmp_path)
    (tmp_path / "cpu.max").write_text("max 100000\n", "ascii")
    assert usable_threads(tmp_path) == unlimited >= 1


def test_one_clear_call_outweighs_passing_mentions() -> None:
    answers = [odds(0.9, 0.05)] + [odds(0.02, 0.03)] * 3
    made = told(spans(4), answers)
    assert made.stance == "favor"
    assert [span.start for span in made.evidence] == [0]


def test_the_headline_counts_but_is_no_evidence() -> None:
    answers = [odds(0.2, 0.5)]
    assert told(spans(1), answers).stance == "against"
    made = told(spans(1), answers, headline=odds(0.9, 0.05))
    assert made.stance == "favor"
    assert [span.start for span in made.evidence] == [0]


def test_evidence_is_the_surest_sentences_first_and_few() -> None:
    answers = [odds(0.1, 0.6), odds(0.1, 0.8), odds(0.8, 0.1), odds(0.1, 0.7), odds(0.0, 0.9)]
    made = told(spans(5), answers)
    assert made.stance == "against"
    assert [span.start for span in made.evidence] == [4, 1, 3]
    assert len(made.evidence) == MOST_EVIDENCE


def test_what_speaks_for_both_sides_alike_is_neutral_and_shows_each() -> None:
    made = told(spans(2), [odds(0.9, 0.05), odds(0.07, 0.9)])
    assert made.stance == "neutral"
    assert [(span.start, span.score) for span in made.evidence] == [(0, 0.9), (1, 0.9)]
    made = told(spans(1), [odds(0.45, 0.46)])
    assert made.stance == "neutral"
    assert [span.start for span in made.evidence] == [0]


def test_a_tag_always_has_evidence_and_probabilities_that_sum_to_one() -> None:
    # The mean is neutral, while neither sentence is.
    made = told(spans(2), [odds(0.36, 0.3), odds(0.3, 0.36)])
    assert made.evidence
    total = made.probabilities.favor + made.probabilities.against + made.probabilities.neutral
    assert total == pytest.approx(1, abs=1e-3)


def test_of_equal_chances_the_tag_claims_least() -> None:
    assert told(spans(1), [odds(0.4, 0.2)]).stance == "neutral"


def test_a_sentence_that_has_nothing_to_do_with_the_target_counts_for_nothing() -> None:
    answers = [odds(0.05, 0.05, unrelated=0.85), odds(0.1, 0.8)]
    made = told(spans(2), answers)
    assert made.stance == "against"
    assert made.probabilities.against == pytest.approx(0.8, abs=1e-3)
    assert [span.start for span in made.evidence] == [1]
    assert tag(TARGET, spans(1), answers[:1], headline=odds(0.9, 0.05)) is None
