"""Quotation marks: where they open, and what stands between them."""

from __future__ import annotations

import pytest

from newswire.enrichment.quotes.marks import any_in, marked, opens, stays_open


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('He said: "It rains." Then "it pours".', ["It rains.", "it pours"]),
        ("He said: “It rains.” Then «it pours».", ["It rains.", "it pours"]),
        ('It never "closes\n\nand "goes on"', ["closes", "goes on"]),
        ('A 6" board is "long".', ["long"]),
        ('It never "closes', ["closes"]),
        ("It rains.", []),
    ],
)
def test_what_stands_in_quotation_marks(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in marked(text)] == found


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ('"It rains.', True),
        ('"It rains."', False),
        ("“It rains, „yes“", True),
        ("«It rains.»", False),
        ('It is 6" long.', False),
        ("It rains.", False),
    ],
)
def test_a_mark_stays_open_where_none_closes_it(text: str, is_open: bool) -> None:
    assert stays_open(f'"{text}"', 1, 1 + len(text)) is is_open


def test_a_single_mark_opens_a_word_and_an_apostrophe_does_not() -> None:
    assert opens("‘Go,’ he said", 0)
    assert not opens("it's", 2)
    assert any_in("He said ‘go’ to all")
    assert not any_in("the unions' plan isn't dead")
