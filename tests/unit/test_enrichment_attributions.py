from __future__ import annotations

import numpy as np
import pytest

from newswire.enrichment.attributions import ROLES, TAGS, Attribution, attributions, runs
from newswire.enrichment.casing import Case, case_at


def tagged(*names: str) -> list[int]:
    return [TAGS.index(name) for name in names]


def test_runs_of_tags_are_parts_and_one_without_a_beginning_begins_itself() -> None:
    tags = tagged("B-cue", "I-cue", "B-cue", "O", "I-content", "I-content", "I-source")
    assert runs(tags, TAGS) == [
        (0, 2, "cue"), (2, 3, "cue"), (4, 6, "content"), (6, 7, "source"),
    ]  # fmt: skip
    assert runs([], TAGS) == []


WORDS = '[CLS] " We march , " she said , " today . " He agreed . [SEP]'.split()


def offsets_of(words: list[str]) -> list[tuple[int, int]]:
    out, at = [], 0
    for word in words:
        special = word.startswith("[")
        out.append((-1, -1) if special else (at, at + len(word)))
        at += 0 if special else len(word) + 1
    return out


def said(roles: dict[int, dict[int, str]]) -> list[Attribution]:
    """Attributions of cues at ``7`` (said) and ``14`` (agreed)."""
    given = np.full((2, len(WORDS), len(ROLES)), 0.1, np.float32)
    given[..., 0] = 0.5
    for cue, own in roles.items():
        for token, role in own.items():
            given[cue, token, ROLES.index(role)] = 0.8 + 0.1 * cue
    return attributions([(7, 8), (14, 15)], given, offsets_of(WORDS))


def words(spans: tuple[tuple[int, int], ...]) -> list[str]:
    text = " ".join(word for word in WORDS if not word.startswith("["))
    return [text[start:end] for start, end in spans]


def test_what_is_interrupted_is_one_content_with_the_source_of_its_cue() -> None:
    content = dict.fromkeys([1, 2, 3, 4, 5, 9, 10, 11, 12], "content")
    first, second = said({0: {**content, 6: "source"}, 1: {13: "source"}})
    assert words(first.content) == ['" We march , "', '" today . "']
    assert words(first.source) == ["she"]
    assert words(first.cue) == ["said"]
    assert words(second.source) == ["He"]
    assert second.content == ()


def test_a_token_is_the_content_of_the_cue_that_claims_it_most() -> None:
    first, second = said({0: {2: "content", 3: "content"}, 1: {3: "content"}})
    assert words(first.content) == ["We"]
    assert words(second.content) == ["march"]


def test_a_cue_and_what_stands_for_no_text_are_never_a_part() -> None:
    first, _ = said({0: {7: "content", 0: "content", 16: "source"}})
    assert first.content == ()
    assert first.source == ()


def test_without_cues_nothing_is_said() -> None:
    assert attributions([], np.zeros((0, 3, 3), np.float32), [(0, 1)] * 3) == []


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
