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
    "Ann Bo A. B. Ruiz Berg Mr. Mrs. The U.S. US UN United Nations of Porto Lund Bank a Union "
    "Ltd Limited AG".split()
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
        ("[P Ann von der Ruiz] spoke. [P Von der Ruiz] left.", 1),
        ("[P Ann Ruiz] spoke. [P Van Ruiz] left.", 2),
        ("[P Bo Ruiz] and [P Ann Ruiz] are two.", 2),
        ("[O Norvax AG] grew; [O Norvax] said so.", 1),
        ("[O Norvax] grew; [O Norvax AG] said so.", 1),
        ("[O Norvax Ltd.] is [O Norvax Limited].", 1),
        ("[O Norvax S.A.] is [O NORVAX SA].", 1),
        ("[O Norvax AG] and [O Porto AG] differ.", 2),
        ("[O Norvax AG] owns [O Norvax Inc.].", 2),
        ("[O Norvax AG] and [P Norvax] differ.", 2),
        ("[O Porto Motor Co.] and [O Porto Motor Credit Co.] differ.", 2),
        ("[O Coastal Rail Ltd] is [O Rail Ltd].", 1),
        ("[O Porto Broadcasting Corporation] is the [O PBC].", 1),
        ("[O Porto Electric Co] is [O PE].", 1),
        ("[P Mr Ruiz] met [P Mrs Ruiz].", 2),
        ("[P Sir Karl Ruiz] met [P Lady Ruiz].", 2),
        ("Mr. [P Ruiz] met Ms. [P Ruiz].", 2),
        ("[P Lee Ruiz] met Miss [P Ruiz], and they miss [P Ruiz].", 1),
        ("He saw the king. [P Ruiz] left. [P Mrs Ruiz] stayed.", 1),
        ("The actor [P Ann Ruiz] left. [P Mrs Ruiz] stayed.", 1),
        ("[P Dr Ruiz] met [P Mrs Ruiz].", 1),
        ("[P Mr King] met the [P King].", 1),
        ("[P Mrs King] spoke. [P King] left.", 1),
        ("[L NAIROBI] is [L Nairobi].", 1),
    ],
)
def test_names_are_merged_where_they_agree(marked: str, count: int) -> None:
    assert len(merged(marked)[1]) == count


@pytest.mark.parametrize(
    "marked",
    [
        "[P Karl Ruiz] came. [P Mr Ruiz] met [P Ann Ruiz]. [P Mr Ruiz] left. [P Mrs Ruiz] stayed.",
        "[P Ann Ruiz] came. [P Mrs Ruiz] met [P Karl Ruiz]. [P Mrs Ruiz] left. [P Mr Ruiz] stayed.",
        "[P Ann Ruiz] met [P Mr Karl Ruiz]. [P Mr Ruiz] left. [P Mrs Ruiz] and [P Mrs Ruiz] sat.",
    ],
)
def test_a_title_tells_a_man_from_a_woman_of_his_name(marked: str) -> None:
    both = {name.split()[-2]: mentions for name, mentions in names_of(marked)}
    assert set(both) == {"Karl", "Ann"}
    assert not any("Mrs" in own for own in both["Karl"])
    assert not any("Mr " in own for own in both["Ann"])


def test_who_has_a_title_in_front_of_the_only_full_name_is_not_that_one_where_another_is() -> None:
    assert names_of("[P Mr Ruiz] met [P Ann Ruiz]. [P Mrs Ruiz] left. [P Mr Ruiz] stayed.") == [
        ("Mr Ruiz", ["Mr Ruiz", "Mr Ruiz"]),
        ("Ann Ruiz", ["Ann Ruiz", "Mrs Ruiz"]),
    ]


def test_a_name_without_title_goes_to_the_nearer_of_both() -> None:
    assert names_of("[P Mr Ruiz] met [P Mrs Ruiz]. [P Ruiz] left.") == [
        ("Mr Ruiz", ["Mr Ruiz"]),
        ("Mrs Ruiz", ["Mrs Ruiz", "Ruiz"]),
    ]


@pytest.mark.parametrize(
    ("marked", "shown"),
    [
        ("[L NAIROBI] (AP) - In [L Nairobi] it rains.", ["Nairobi"]),
        ("[L NAIROBI] (AP) - It rains.", ["Nairobi"]),
        ("[L RIO DE JANEIRO], [L BRAZIL] - It rains.", ["Rio de Janeiro", "Brazil"]),
        ("[L PORT-AU-PRINCE], Haiti - It rains.", ["Port-au-Prince"]),
        ("[L ST. LOUIS] - It rains.", ["St. Louis"]),
        ("[L LA PAZ] - It rains.", ["La Paz"]),
        ("It rains.\n[L NAIROBI], May 3 - It rains.", ["Nairobi"]),
        ("[L ROME] - It rains.", ["Rome"]),
        ("[L UAE] - It rains.", ["UAE"]),
        ("[L WASHINGTON DC] - It rains.", ["WASHINGTON DC"]),
        ("[L UNESCO] said so.", ["UNESCO"]),
        ("The rain in [L UNESCO], they say.", ["UNESCO"]),
        ("[O UNICEF] - It rains.", ["UNICEF"]),
        ("[P PUTIN] left. [P Vladimir Putin] is away.", ["Vladimir Putin"]),
        ("[P VLADIMIR PUTIN] left. [P Vladimir Putin] is away.", ["Vladimir Putin"]),
        ("[P Vladimir PUTIN] left. [P Vladimir Putin] is away.", ["Vladimir Putin"]),
        ("[O NATO] met. [O Nato] agreed.", ["Nato"]),
        ("[O NORVAX AG] grew. [O Norvax AG] is glad.", ["Norvax AG"]),
        ("[O Norvax] grew. [O Norvax AG] is glad.", ["Norvax AG"]),
    ],
)
def test_a_name_is_shown_as_the_story_writes_it_below_its_dateline(
    marked: str, shown: list[str]
) -> None:
    assert [name for name, _ in names_of(marked)] == shown


def test_a_possessive_and_white_space_change_nothing() -> None:
    assert [name for name, _ in names_of("[P Ann\nRuiz's] plan; [P Ann Ruiz] said.")] == [
        "Ann Ruiz's"
    ]


def test_no_names_give_no_entities() -> None:
    assert merge("Nobody is named.", []) == []


def fits(full: str, short: str, kind: EntityType) -> bool:
    """Whether one may stand for the other, which has as many words or more; read off the rules."""
    (a, form), (b, other_form) = words_of(full, kind), words_of(short, kind)
    if a == b:
        return True
    if kind == "person":
        if len(b) == 1:
            return b[0] in (a[0], a[-1])
        one, other = sorted((a[0], b[0]), key=len)
        return a[-1] == b[-1] and (one == other or (len(one) == 1 and other.startswith(one)))
    if len(b) == 1 and len(b[0]) > 1 and short.replace(".", "").isupper():
        initials = ["".join(w[0] for w in own if w != "of") for own in (a, a + form) if own[1:]]
        return b[0] in initials
    if kind == "place":
        return False
    if other_form:
        whole = b + other_form
        return whole in (a[-len(whole) :], (a + form)[-len(whole) :])
    return len(b) > 1 and (b == a[: len(b)] or b in (a[-len(b) :], (a + form)[-len(b) :]))


def words_of(name: str, kind: EntityType) -> tuple[list[str], list[str]]:
    """The words that count, and the legal form."""
    words = [word.replace(".", "") for word in name.lower().split()]
    form: list[str] = []
    while kind == "organisation" and len(words) > 1 and words[-1] in ("ltd", "limited", "ag"):
        form.insert(0, words.pop())
    while len(words) > 1 and words[0] in ("mr", "mrs", "the"):
        del words[0]
    return words, form


def only_of(text: str, own: Name) -> str:
    """The gender of a title, or the legal form."""
    if own.type == "organisation":
        _, form = words_of(text[own.start : own.end], own.type)
        return form[-1].replace("limited", "ltd") if form else ""
    if own.type == "place":
        return ""
    before, words = text[: own.start].split()[-1:], text[own.start : own.end].split()
    titles = [word for word in (*before, *words[: len(words) > 1]) if word in ("Mr.", "Mrs.")]
    return "" if not titles else "female" if "Mrs." in titles else "male"


class Compared:
    """Groups that comparing each name with every other makes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.groups: list[list[Name]] = []
        self.only: list[str] = []

    def nearest(self, own: Name, only: str | None) -> tuple[bool, int, int] | None:
        """Of the groups that are only this: whether it is behind the name, how far, and which."""
        short = self.text[own.start : own.end]
        return min(
            (
                (own.start < other.start, abs(own.start - other.start), number)
                for number, group in enumerate(self.groups)
                if group[0].type == own.type
                and only in (None, self.only[number])
                and fits(self.text[group[0].start : group[0].end], short, own.type)
                for other in group
            ),
            default=None,
        )

    def take(self, own: Name) -> None:
        only = only_of(self.text, own)
        stages = (only, "") if only else (None,)
        found = next((one for own_only in stages if (one := self.nearest(own, own_only))), None)
        if found is None:
            self.groups.append([own])
            self.only.append(only)
        else:
            self.groups[found[2]].append(own)
            self.only[found[2]] = self.only[found[2]] or only

    def introduce(self, last_names: list[Name]) -> None:
        titled = sorted(last_names, key=lambda n: n.start)
        words = {own: words_of(self.text[own.start : own.end], own.type)[0] for own in titled}
        for word in dict.fromkeys(own[0] for own in words.values()):
            named: dict[str, list[Name]] = {}
            for own in titled:
                if words[own] == [word] and (only := only_of(self.text, own)):
                    named.setdefault(only, []).append(own)
            for only in sorted(named, key=lambda own: -len(named[own])):
                first = named[only][0]
                found = self.nearest(first, "")
                if len(named) == 2 and not self.nearest(first, only) and found and not found[0]:
                    self.only[found[2]] = only


def compared(text: str, names: list[Name]) -> Iterator[list[Name]]:
    """The groups that comparing each name with every other makes."""
    spelled = {own: words_of(text[own.start : own.end], own.type) for own in names}
    order = sorted(names, key=lambda n: (-len(spelled[n][0]), -len(spelled[n][1]), n.start))
    full = [own for own in order if len(spelled[own][0]) > 1]
    groups = Compared(text)
    for own in full:
        groups.take(own)
    groups.introduce([own for own in order[len(full) :] if own.type == "person"])
    for own in order[len(full) :]:
        groups.take(own)
    for group in groups.groups:
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


def test_four_times_the_titles_of_one_last_name_are_four_times_the_work() -> None:
    def work(many: int) -> int:
        names, text = [], ""
        for number in range(many):
            for name in (f"{made_up_name(number).split()[0]}x{number} Berg", "Mr Berg", "Mrs Berg"):
                names.append(Name(len(text), len(text) + len(name), "person"))
                text += name + " met "
        assert len(merge(text, names)) == many
        return steps(lambda: merge(text, names))

    assert work(240) < 5 * work(60)
