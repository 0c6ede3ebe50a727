from __future__ import annotations

import pytest

from training.quote_scores import attributed, exact, overlap, spans

GOLD = {"source": [(0, 3)], "cue": [(4, 8)], "content": [(10, 20), (30, 40)]}


def test_exact_scores_count_equal_spans_in_the_same_document() -> None:
    assert exact([spans([GOLD], "content")], [{(10, 20), (30, 41)}]) == 0.5
    assert exact([{(1, 2)}, set()], [set(), {(1, 2)}]) == 0
    assert exact([set()], [set()]) == 0


def test_overlap_is_shared_characters_of_the_larger() -> None:
    assert overlap([(0, 10)], [(5, 10)]) == 0.5
    assert overlap([(0, 4), (6, 10)], [(0, 10)]) == 0.8
    assert overlap([], []) == 0


def test_a_content_must_go_to_its_own_source() -> None:
    other = {**GOLD, "source": [(50, 53)]}
    half = {**GOLD, "content": [(10, 20)]}
    less = {**GOLD, "content": [(10, 19)]}
    assert attributed([[GOLD]], [[GOLD]]) == 1
    assert attributed([[GOLD]], [[half]]) == 1
    assert attributed([[GOLD]], [[less]]) == 0
    assert attributed([[GOLD]], [[other]]) == 0
    # One that is found twice counts once; one without a source isn't counted.
    assert attributed([[GOLD]], [[GOLD, GOLD]]) == pytest.approx(2 / 3)
    assert attributed([[{**GOLD, "source": []}, GOLD]], [[GOLD]]) == 1
