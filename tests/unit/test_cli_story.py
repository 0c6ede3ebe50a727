"""A story as people see it in the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from newswire.cli.story import print_stance, print_story
from newswire.search.document import IndexedStory, document
from newswire.stories.enriched import Summary
from tests.factories import a_generated_summary, a_quote, a_stance, a_story, an_enriched_story


@pytest.mark.parametrize(
    ("summary", "head"),
    [
        (Summary(sentences=(a_quote(),)), "Summary"),
        (
            a_generated_summary(),
            "Summary  written by a model, 1 left out that the body doesn't support",
        ),
        (
            Summary(sentences=(a_quote(),), dropped=2),
            "Summary  quoted, 2 left out that the body doesn't support",
        ),
        (
            Summary(sentences=(a_quote(),), lead=True),
            "Summary  the first sentences: the models read English only",
        ),
    ],
    ids=["quoted", "written", "nothing-left", "lead"],
)
def test_a_summary_says_whether_it_quotes(summary: Summary, head: str) -> None:
    file = io.StringIO()
    story = IndexedStory.model_validate(document(an_enriched_story(summary=summary)).fields)
    print_story(story, console=Console(file=file, width=200))
    lines = [line.strip() for line in file.getvalue().splitlines()]
    assert lines[lines.index(head) + 1] == summary.text


@pytest.mark.parametrize(
    ("stated", "read", "shown"),
    [
        ("en-GB", "en", []),
        (None, None, []),
        (None, "de", ["Language  de"]),
        ("de-AT", "de", ["Language  de"]),
        ("en-GB", "de", ["Language  de, though it states en-GB"]),
    ],
)
def test_a_language_that_is_not_english_is_named(
    stated: str | None, read: str | None, shown: list[str]
) -> None:
    file = io.StringIO()
    enriched = an_enriched_story(a_story(language=stated), language=read)
    story = IndexedStory.model_validate(document(enriched).fields)
    print_story(story, console=Console(file=file, width=200))
    assert [line for line in file.getvalue().splitlines() if "Language" in line] == shown


@pytest.mark.parametrize(
    ("chances", "shown"),
    [
        ((0.1, 0.1, 0.8), "neutral 0.80"),
        ((0.48, 0.5, 0.02), "neutral (favor 0.48, against 0.50)"),
    ],
)
def test_a_neutral_stance_says_whether_it_is_divided(
    chances: tuple[float, float, float], shown: str
) -> None:
    file = io.StringIO()
    probabilities = dict(zip(("favor", "against", "neutral"), chances, strict=True))
    tag = a_stance(stance="neutral", probabilities=probabilities)
    print_stance(Console(file=file, width=200), tag)
    assert file.getvalue().splitlines()[0] == f"Stance {shown} toward the strike  [strike]"
