from __future__ import annotations

import pytest

from newswire.search.quotes import is_called, words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ruth Hallmann", {"ruth", "hallmann"}),
        ("Hallmann, Ruth", {"ruth", "hallmann"}),
        ("Sinead O'Connor", {"sinead", "o'connor"}),
        ("Sinead O’Connor", {"sinead", "o'connor"}),
        ("U.S. Army", {"u.s", "army"}),
        ("Farmers' Union", {"farmers", "union"}),
        ("Jean-Luc Ott", {"jean", "luc", "ott"}),
        ("Group 3.5", {"group", "3.5"}),
        ("A.1", {"a", "1"}),
    ],
)
def test_a_name_is_cut_into_the_words_that_the_index_has(name: str, expected: set[str]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize("name", ["Sinead O'Connor", "Sinead O’Connor"])
def test_a_name_is_looked_for_whole_and_with_either_apostrophe(name: str) -> None:
    matches = is_called("quotes", name)["bool"]["should"]
    assert [own["match"]["quotes.speaker.text"] for own in matches] == [
        {"query": "Sinead O'Connor", "operator": "and"},
        {"query": "Sinead O’Connor", "operator": "and"},
    ]


def test_a_name_without_an_apostrophe_is_looked_for_once() -> None:
    (match,) = is_called("speakers", "U.S. Army")["bool"]["should"]
    assert match["match"]["speakers.speaker.text"]["query"] == "U.S. Army"
