"""What is asked of reported words, by their cue."""

from __future__ import annotations

import pytest

from newswire.enrichment.quotes.attributions import Attribution
from newswire.enrichment.quotes.cues import Statement, statement


def stated(source: str, cue: str, content: str) -> tuple[Statement, list[str]]:
    text = f"On Monday {source} {cue} {content}."
    spans = (((text.index(part), text.index(part) + len(part)),) for part in (source, cue, content))
    said = Attribution(*spans)
    made = statement(text, said, said.content)
    return made, [text[start:end] for start, end in made.evidence]


@pytest.mark.parametrize("cue", ["said", "told reporters", "has also written", "according to"])
@pytest.mark.parametrize("content", ["that coal is clean", "“coal is clean”"])
def test_who_says_a_thing_means_it(cue: str, content: str) -> None:
    made, evidence = stated("Ann", cue, content)
    assert (made.words, made.turned, evidence) == (content, False, [content])


@pytest.mark.parametrize(
    ("cue", "content"),
    [
        ("denied", "that coal is clean"),
        ("rejects", "the idea that coal is clean"),
        ("dismissed", "claims that coal is clean"),
        ("refuses", "to support coal"),
        ("does not believe", "that coal is clean"),
        ("never said", "that coal is clean"),
    ],
)
def test_who_denies_a_clause_means_its_opposite_and_the_denial_is_shown(
    cue: str, content: str
) -> None:
    made, evidence = stated("Ann", cue, content)
    assert (made.words, made.turned, evidence) == (content, True, [f"{cue} {content}"])


@pytest.mark.parametrize("cue", ["opposes", "backs", "warned against", "ruled out", "rejected"])
def test_where_the_cue_is_the_side_it_is_asked_with_its_source(cue: str) -> None:
    made, evidence = stated("Ann", cue, "a coal mine")
    assert (made.words, made.turned) == (f"Ann {cue} a coal mine", False)
    assert evidence == [f"{cue} a coal mine"]


def test_words_in_quotation_marks_are_asked_alone() -> None:
    made, evidence = stated("Ann", "rejected", "“a coal mine”")
    assert (made.words, made.turned, evidence) == ("“a coal mine”", False, ["“a coal mine”"])


def test_a_cue_behind_its_content_is_not_shown_with_it() -> None:
    text = "That coal is clean, Ann denied."
    said = Attribution(((20, 23),), ((24, 30),), ((0, 18),))
    assert statement(text, said, said.content) == Statement(
        "That coal is clean", ((0, 18),), turned=True
    )
