"""Whatever a story holds: no exception, no tag without evidence, and no more work than a bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from newswire.config import ROOT, load_settings
from newswire.enrichment import encoder as encoding
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.reading import MOST_SENTENCES, Read, sentences_of
from newswire.enrichment.runtime import Integers
from newswire.ingest.unarchived import read_stories
from newswire.stories.enriched import Enrichment
from newswire.stories.model import Story
from training.bench_odd import GERMAN, WATCHLIST, WHALING, a_story, stories

ODD = stories(2_000)


@pytest.fixture(scope="module")
def enricher() -> Iterator[Enricher]:
    made = Enricher(
        models=ROOT / "models",
        watchlist=WATCHLIST,
        threads=1,
        clock=lambda: datetime(2024, 2, 3, tzinfo=UTC),
    )
    yield made
    made.close()


def spans(value: object) -> Iterator[tuple[int, int, str]]:
    """Every span in what was made, wherever it stands."""
    if isinstance(value, Mapping):
        if {"start", "end", "text"} <= value.keys():
            yield int(str(value["start"])), int(str(value["end"])), str(value["text"])
        for own in value.values():
            yield from spans(own)
    elif isinstance(value, list | tuple):
        for own in value:
            yield from spans(own)


def one(enricher: Enricher, source: Story) -> Enrichment:
    (made,) = enricher.enrich([source])
    return made


@pytest.mark.parametrize("name", ODD)
def test_an_odd_story_is_no_exception_and_what_is_said_of_it_stands_in_it(
    enricher: Enricher, name: str
) -> None:
    source = ODD[name]
    made = one(enricher, source)
    for start, end, text in spans(made.model_dump()):
        assert source.text[start:end] == text
    assert len(made.summary.sentences) <= 4
    assert all(tag.evidence for tag in made.stances)
    # It is a contract: what is made can be read again.
    assert Enrichment.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    "name", ["an empty body", "nothing at all", "one word", "quotation marks alone"]
)
def test_a_story_that_says_nothing_gets_no_stance(enricher: Enricher, name: str) -> None:
    assert one(enricher, ODD[name]).stances == ()


def test_orders_in_a_story_are_text_like_any_other(enricher: Enricher) -> None:
    (tag,) = one(enricher, ODD["orders to a model"]).stances
    assert tag.target == "whaling"
    assert {own.text for own in tag.evidence} == {WHALING.strip()}
    # They don't move what the rest of the story says either.
    (alone,) = one(enricher, a_story(WHALING)).stances
    assert tag.stance == alone.stance == "against"


def test_a_body_in_another_language_is_told_by_itself_and_gets_its_lead(
    enricher: Enricher,
) -> None:
    source = ODD["another language, not stated"]
    assert source.language is None
    assert Read(source, ()).language == "de"
    made = one(enricher, source)
    assert [own.text for own in made.summary.sentences] == [
        own.text for own in list(sentences_of(source))[:3]
    ]
    assert made.stances == ()
    english = a_story(GERMAN).model_copy(update={"language": "en"})
    assert Read(english, ()).language == "en"
    assert Read(a_story(WHALING * 6), ()).language == "en"
    assert Read(a_story("Kurz."), ()).language == "en"


def test_the_language_of_a_document_that_states_none_is_named(enricher: Enricher) -> None:
    text = f"Walfang soll verboten werden\n\n{GERMAN}\n"
    (source,) = read_stories(text.encode(), load_settings(), uri="walfang.txt").stories
    assert any("reads as de" in mark.detail for mark in source.quality)
    assert one(enricher, source).stances == ()


def test_a_story_of_100000_words_costs_what_its_first_sentences_do(
    enricher: Enricher, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0
    windows = encoding.Encoder.encode_windows

    def counted(
        self: encoding.Encoder, given: Iterable[Sequence[Integers]]
    ) -> list[list[encoding.Encoded]]:
        nonlocal read
        given = list(given)
        read += sum(len(piece) for window in given for piece in window)
        return windows(self, given)

    monkeypatch.setattr(encoding.Encoder, "encode_windows", counted)
    long = a_story(*[WHALING * 10] * 1200)
    assert len(long.text.split()) > 100_000
    assert len(list(sentences_of(long))) == MOST_SENTENCES
    one(enricher, long)
    assert read < MOST_SENTENCES * 20
