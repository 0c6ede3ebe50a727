from __future__ import annotations

import numpy as np
import pytest

from newswire.enrichment.quotes.attributions import ROLES, Attribution, attributions
from newswire.enrichment.quotes.casing import Case, case_at

WORDS = '[CLS] " We march , " she said , " today . " He agreed . [SEP]'.split()


TEXT = " ".join(word for word in WORDS if not word.startswith("["))


def offsets_of(words: list[str]) -> list[tuple[int, int]]:
    out, at = [], 0
    for word in words:
        special = word.startswith("[")
        out.append((-1, -1) if special else (at, at + len(word)))
        at += 0 if special else len(word) + 1
    return out


PARTS = [
    (1, 6, "content"), (6, 7, "source"), (7, 8, "cue"), (9, 13, "content"),
    (13, 14, "source"), (14, 15, "cue"),
]  # fmt: skip


def said(
    roles: dict[int, dict[int, str]],
    parts: list[tuple[int, int, str]] = PARTS,
    text: str = TEXT,
) -> list[Attribution]:
    """Attributions of the cues "said" and "agreed", by the roles of tokens toward each."""
    given = np.full((2, len(WORDS), len(ROLES)), 0.1, np.float32)
    given[..., 0] = 0.8
    for cue, own in roles.items():
        for token, role in own.items():
            given[cue, token] = 0.1
            given[cue, token, ROLES.index(role)] = 0.7 + 0.1 * cue
    return attributions(text, parts, given, offsets_of(WORDS))


def words(spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [TEXT[start:end] for start, end in spans]


def test_what_is_interrupted_is_one_content_with_the_source_of_its_cue() -> None:
    content = dict.fromkeys([1, 2, 3, 4, 5, 9, 10, 11, 12], "content")
    first, second = said({0: {**content, 6: "source"}, 1: {13: "source"}})
    assert words(first.content) == ['" We march , "', '" today . "']
    assert words(first.source) == ["she"]
    assert words(first.cue) == ["said"]
    assert words(second.source) == ["He"]
    assert second.content == ()


def test_a_content_belongs_to_the_cue_that_claims_it_most_as_a_whole() -> None:
    first, second = said(
        {0: dict.fromkeys([2, 3], "content"), 1: dict.fromkeys([1, 2, 3, 4], "content")}
    )
    assert first.content == ()
    assert words(second.content) == ['" We march , "']


def test_of_the_cues_that_claim_a_content_one_in_its_paragraph_has_it() -> None:
    roles = {0: dict.fromkeys([1, 2, 3], "content"), 1: dict.fromkeys([1, 2, 3], "content")}
    apart = TEXT.replace("said ,", "said\n\n")
    assert [words(own.content) for own in said(roles)] == [[], ['" We march , "']]
    assert [words(own.content) for own in said(roles, text=apart)] == [['" We march , "'], []]


def test_what_nobody_claims_goes_on_with_the_paragraph_before() -> None:
    claimed = {0: dict.fromkeys([1, 2], "content")}
    apart = [(1, 3, "content"), (4, 6, "content"), *PARTS[1:]]
    cut = [(1, 3, "content"), (3, 6, "content"), *PARTS[1:]]
    assert words(said(claimed, apart)[0].content) == ['" We']
    assert words(said(claimed, cut)[0].content) == ['" We', 'march , "']


def test_a_mark_alone_is_no_content_and_a_source_stands_in_its_cues_paragraph() -> None:
    roles = {0: {9: "content", 11: "content", 2: "source"}, 1: {}}
    parts = [(2, 3, "source"), PARTS[2], (9, 10, "content"), (11, 12, "content"), *PARTS[4:]]
    first, _ = said(roles, parts)
    assert (words(first.source), first.content) == (["We"], ())
    apart, _ = said(roles, parts, TEXT.replace(', "', "\n\n\n", 1))
    assert apart.source == ()


def test_what_no_cue_claims_is_nobodys_and_a_source_may_be_of_two_cues() -> None:
    first, second = said({0: {6: "source"}, 1: {6: "source"}})
    assert first.content == second.content == ()
    assert words(first.source) == words(second.source) == ["she"]


def test_without_cues_nothing_is_said() -> None:
    no_cue = [(1, 6, "content"), (6, 7, "source")]
    assert attributions(TEXT, no_cue, np.zeros((0, 17, 3), np.float32), offsets_of(WORDS)) == []


@pytest.mark.parametrize(
    ("word", "case"),
    [("12", Case.NO_LETTER), ("said", Case.LOWER), ("Ruiz", Case.CAPITALISED),
     ("I", Case.CAPITALISED), ("NATO", Case.UPPER), ("iPhone", Case.MIXED),
     ("McRae", Case.CAPITALISED)],
)  # fmt: skip
def test_the_case_of_a_piece_is_that_of_its_word(word: str, case: Case) -> None:
    text = f"- {word} -"
    assert case_at(text, 2, 3) is case
    assert case_at(text, 1 + len(word), 2 + len(word)) is case


def test_a_word_without_end_is_looked_at_in_part() -> None:
    assert case_at("a" * 100_000, 50_000, 50_001) is Case.LOWER
