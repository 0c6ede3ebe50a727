from __future__ import annotations

import re

import pytest

from newswire.enrichment.quotes.entities import Entity, EntityType, Name, merge

TYPES: dict[str, EntityType] = {"P": "person", "O": "organisation", "L": "place"}


def merged(marked: str) -> tuple[str, list[Entity]]:
    """The entities of a text whose names stand in brackets: ``[P Ann Ruiz]``."""
    text, names = "", []
    for part in re.split(r"(\[[POL] [^\]]*\])", marked):
        if part.startswith("["):
            name = part[3:-1]
            names.append(Name(len(text), len(text) + len(name), TYPES[part[1]]))
            text += name
        else:
            text += part
    return text, merge(text, names)


def names_of(marked: str) -> list[tuple[str, list[str]]]:
    text, entities = merged(marked)
    return [(own.name, [text[m.start : m.end] for m in own.mentions]) for own in entities]


def test_a_last_name_is_the_full_name_before_or_after_it() -> None:
    assert names_of("[P Ruiz] quits. [P Ann Ruiz] said so; [P Ms. Ruiz] left.") == [
        ("Ann Ruiz", ["Ruiz", "Ann Ruiz", "Ms. Ruiz"])
    ]


def test_two_people_of_one_last_name_stay_two_and_the_nearer_takes_the_short_name() -> None:
    found = names_of("[P Ann Ruiz] met [P Karl Ruiz]. [P Ruiz] spoke. [P Ann] left.")
    assert found == [("Ann Ruiz", ["Ann Ruiz", "Ann"]), ("Karl Ruiz", ["Karl Ruiz", "Ruiz"])]


@pytest.mark.parametrize(
    ("marked", "count"),
    [
        ("[O Harbour Workers of Porto] and the [O HWP] marched.", 1),
        ("[O The Porto Herald] and the [O Porto Herald] agree.", 1),
        ("[O Bank of Porto] and [O Bank of Lund] differ.", 2),
        ("[L Porto] and [O Porto] differ.", 2),
        ("[L U.S.] and [L US] are one.", 1),
        ("[P A. Ruiz] and [P Ann Ruiz] are one.", 1),
        ("[P Bo Ruiz] and [P Ann Ruiz] are two.", 2),
    ],
)
def test_names_are_merged_where_they_agree(marked: str, count: int) -> None:
    assert len(merged(marked)[1]) == count


def test_a_possessive_and_white_space_change_nothing() -> None:
    assert [name for name, _ in names_of("[P Ann\nRuiz's] plan; [P Ann Ruiz] said.")] == [
        "Ann Ruiz's"
    ]


def test_no_names_give_no_entities() -> None:
    assert merge("Nobody is named.", []) == []
