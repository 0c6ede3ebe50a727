"""Which paragraphs of a quote are whose, by its marks."""

from __future__ import annotations

from newswire.enrichment.quotes.attributions import Attribution
from newswire.enrichment.quotes.paragraphs import by_marks


def contents(text: str, *said: tuple[str, tuple[str, ...]]) -> list[list[str]]:
    """What is left of contents, each told by its cue, with ``|`` for a paragraph's end."""
    text = text.replace("|", "\n\n")

    def at(words: str) -> tuple[int, int]:
        start = text.index(words)
        return start, start + len(words)

    read = [Attribution((), (at(cue),), tuple(at(own) for own in parts)) for cue, parts in said]
    return [[text[a:b] for a, b in own.content] for own in by_marks(text, read)]


def test_without_a_mark_a_content_ends_with_its_paragraph() -> None:
    text = 'Bo told us: "It will be closed and|The mayor left.'
    found = contents(text, ("told", ('"It will be closed and', "The mayor left.")))
    assert found == [['"It will be closed and']]
    assert contents("It rained|Go, Ann said", ("said", ("It rained", "Go,"))) == [["Go,"]]


def test_a_list_that_stands_apart_is_said_as_far_as_its_first_paragraph() -> None:
    found = contents("The plan says:|Close it.|Go home.", ("says:", ("Close it.", "Go home.")))
    assert found == [["Close it."]]


def test_a_paragraph_that_opens_with_a_mark_goes_on_with_an_open_quote() -> None:
    text = 'Bo said: "It rained.|"It will rain.|"And snow."|A spokesman said: "No."'
    bo, spokesman = ('"It rained.', '"It will rain.'), ('"And snow."', '"No."')
    found = contents(text, ("said:", bo), ("spokesman said:", spokesman))
    assert found == [['"It rained.', '"It will rain.', '"And snow."'], ['"No."']]


def test_curly_marks_open_and_close_too() -> None:
    text = "Bo said: “It rained.|“It will rain.”|A spokesman said: “No.”"
    found = contents(text, ("said:", ("“It rained.",)), ("spokesman", ("“It will rain.”", "“No.”")))
    assert found == [["“It rained.", "“It will rain.”"], ["“No.”"]]


def test_a_quote_that_was_closed_leaves_the_next_as_it_was_read() -> None:
    text = 'Bo said: "It rained."|"It will rain."|A spokesman said: "No."'
    read = ("said:", ('"It rained."',)), ("spokesman", ('"It will rain."', '"No."'))
    assert contents(text, *read) == [list(parts) for _, parts in read]


def test_a_paragraph_with_a_cue_of_its_own_has_its_own_speaker() -> None:
    text = 'Bo told us: "It will be closed and|"No," said Ann.'
    read = ("told", ('"It will be closed and',)), ("said", ('"No,"',))
    assert contents(text, *read) == [list(parts) for _, parts in read]
