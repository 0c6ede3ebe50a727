from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import pytest

from newswire.enrichment.quotes.entities import Name, NamedEntity, NameIndex, merge
from newswire.stories.enriched import EntityType

TYPES: dict[str, EntityType] = {"P": "person", "O": "organisation", "L": "place"}


WORDS = (
    "Ann Bo A. B. Ruiz Berg Mr. The U.S. US UN United Nations of Porto Lund Bank a Union".split()
)


def steps(work: Callable[[], object]) -> int:
    """Lines that are run, each time that one is: the same on a machine that is busy."""
    count = 0

    def trace(frame: FrameType, event: str, given: Any) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def made_up_name(number: int) -> str:
    """One of 11,560 names: a first name of 40, no title among them, and a last one of 289."""
    return f"{'ABCDEFHJ'[number % 8]}{'aeiou'[number // 8 % 5]}n Ru{number % 289}iz"


def merged(marked: str) -> tuple[str, list[NamedEntity]]:
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


def fits(full: str, short: str, kind: EntityType) -> bool:
    """Whether one may stand for the other, which has as many words or more; read off the rules."""
    a, b = words_of(full), words_of(short)
    if a == b:
        return True
    if kind == "person":
        if len(b) == 1:
            return b[0] in (a[0], a[-1])
        one, other = sorted((a[0], b[0]), key=len)
        return a[-1] == b[-1] and (one == other or (len(one) == 1 and other.startswith(one)))
    if len(b) == 1 and len(b[0]) > 1 and short.replace(".", "").isupper():
        return len(a) > 1 and b[0] == "".join(word[0] for word in a if word != "of")
    return kind == "organisation" and len(b) > 1 and b in (a[: len(b)], a[-len(b) :])


def words_of(name: str) -> list[str]:
    words = [word.replace(".", "") for word in name.lower().split()]
    while len(words) > 1 and words[0] in ("mr", "the"):
        del words[0]
    return words


def compared(text: str, names: list[Name]) -> Iterator[list[Name]]:
    """The groups that comparing each name with every other makes."""
    groups: list[list[Name]] = []
    for own in sorted(names, key=lambda n: (-len(words_of(text[n.start : n.end])), n.start)):
        short = text[own.start : own.end]
        fitting = [
            group
            for group in groups
            if group[0].type == own.type
            and fits(text[group[0].start : group[0].end], short, own.type)
        ]
        far = [
            min((own.start < n.start, abs(own.start - n.start)) for n in group) for group in fitting
        ]
        if fitting:
            fitting[far.index(min(far))].append(own)
        else:
            groups.append([own])
    for group in groups:
        yield sorted(group, key=lambda n: n.start)


@pytest.mark.parametrize("seed", range(40))
def test_names_are_merged_as_if_each_were_compared_with_every_other(seed: int) -> None:
    chance = random.Random(seed)
    names, text = [], ""
    for _ in range(80):
        name = " ".join(chance.choice(WORDS) for _ in range(chance.choice((1, 1, 2, 2, 3, 4))))
        names.append(Name(len(text), len(text) + len(name), TYPES[chance.choice("POL")]))
        text += name + " "
    expected = sorted(compared(text, names), key=lambda group: group[0].start)
    assert [list(own.mentions) for own in merge(text, names)] == expected


def test_the_names_in_a_part_of_a_text_are_those_that_stand_in_it_whole() -> None:
    text, entities = merged("[P Ann Ruiz] met [O Porto Dockers] and [P Ruiz] left [L Porto].")
    index = NameIndex(entities)

    def within(part: str) -> list[tuple[str, str]]:
        start = text.index(part)
        found = index.within((start, start + len(part)))
        return [(entities[number].name, text[a:b]) for number, (a, b) in found]

    both = [("Porto Dockers", "Porto Dockers"), ("Ann Ruiz", "Ruiz")]
    assert within("Porto Dockers and Ruiz") == both
    assert within(" met Porto Dockers and Ruiz left ") == both
    assert within("Ruiz met Porto Dock") == []
    assert within(text)[-1] == ("Porto", "Porto")


def test_four_times_the_names_are_four_times_the_work() -> None:
    def work(many: int) -> int:
        names, text = [], ""
        for number in range(many):
            name = made_up_name(number)
            names.append(Name(len(text), len(text) + len(name), "person"))
            text += name + " "
        assert len(merge(text, names)) == many
        return steps(lambda: merge(text, names))

    assert work(240) < 5 * work(60)
