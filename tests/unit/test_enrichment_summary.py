"""Summaries by the model that ships, on stories that were written for the tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from enrichment_stories import NOW, story

from newswire.config import ROOT, load_settings
from newswire.enrichment.encoder import DIMENSION, LONGEST_PIECE, Encoded
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.reading import MOST_SENTENCES, sentences_of
from newswire.enrichment.runtime import Floats, Integers, Model
from newswire.enrichment.shipped import Shipped
from newswire.enrichment.summary.choice import Budget
from newswire.enrichment.summary.extractive import (
    ExtractiveSummarizer,
    SummaryRequest,
)
from newswire.enrichment.summary.rules import hangs_before, is_prose
from newswire.enrichment.summary.words import MOST_READ
from newswire.enrichment.targets import Watchlist
from newswire.ingest.unarchived import read_stories
from newswire.stories.model import Story

NO_TARGETS = Watchlist(revision=3, sha256="a" * 64, targets=())

SEED_STORY = ROOT.parent / "shared" / "stories" / "putin-mobilisation.txt"

VOTE = (
    "The council of Port Alder voted on Tuesday to close the old paper mill by the end of March.",
    "Some 340 people work there, and most of them live in the villages along the river.",
    "Mayor Ruth Ellery said the mill had lost nine million crowns in three years.",
    "The union called a strike for Friday and asked the government of Norland to step in.",
)


def enricher(budget: Budget | None = None) -> Enricher:
    return Enricher(
        models=ROOT / "models",
        watchlist=NO_TARGETS,
        threads=1,
        budget=budget,
        clock=lambda: NOW,
    )


@pytest.fixture(scope="module")
def usual() -> Iterator[Enricher]:
    made = enricher()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shipped() -> Iterator[Shipped]:
    made = Shipped.load(ROOT / "models", threads=1)
    yield made
    made.close()


def summary(own: Enricher, source: Story) -> list[str]:
    (made,) = own.enrich([source])
    return [span.text for span in made.summary.sentences]


@pytest.mark.parametrize(
    "furniture",
    [
        "Union leader Ann Lee (left) and mayor Ruth Ellery before the council's vote on the mill.",
        "FILE - In this Sept. 21, 2022 file photo, workers of the paper mill leave after a shift.",
        "(Reporting by Ann Lee in Port Alder on the paper mill; Editing by Bob Ray)",
        "COUNCIL OF PORT ALDER VOTES TO CLOSE THE OLD PAPER MILL.",
        "What the council of Port Alder voted for on Tuesday",
        "Read more: council of Port Alder votes to close the old paper mill.",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 4])
def test_captions_credits_and_crossheads_are_in_no_summary(
    usual: Enricher, furniture: str, place: int
) -> None:
    paragraphs = [*VOTE[:place], furniture, *VOTE[place:]]
    chosen = summary(usual, story(*paragraphs))
    assert furniture not in chosen
    assert chosen


def test_a_sentence_that_hangs_stands_after_the_one_that_it_hangs_on(usual: Enricher) -> None:
    paragraphs = (
        "Rain fell.",
        "Union leader Ann Lee opposes the plan of the council of Port Alder to close the mill.",
        "She said on Tuesday that the council of Port Alder would not close the mill by March.",
        "He said the council of Port Alder would close the paper mill with 340 jobs by March.",
    )
    (made,) = usual.enrich([story(*paragraphs)])
    places = [paragraphs.index(span.text) for span in made.summary.sentences]
    assert all(at - 1 in places for at in places if at > 1)


def test_where_everything_hangs_there_is_a_summary_all_the_same(usual: Enricher) -> None:
    source = story("He said he would go.", "She said she would stay at home until March.")
    assert summary(usual, source)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_summary_says_a_thing_twice(usual: Enricher, language: str) -> None:
    twelve = (
        "Ann Lee said it rained and never stopped.",
        "Ann Lee said it rained, and NEVER stopped!",
    )
    assert summary(usual, story(*twelve * 6, language=language)) == [twelve[0]]
    told = summary(usual, story(*VOTE[:1] * 6, VOTE[2], language=language))
    assert told == [VOTE[0], VOTE[2]]


def test_a_summary_is_within_its_budget() -> None:
    for budget in (Budget(1), Budget(2), Budget(characters=200), Budget(characters=5)):
        own = enricher(budget)
        chosen = summary(own, story(*VOTE))
        lead = summary(own, story(*VOTE, language="fr"))
        own.close()
        for sentences in (chosen, lead):
            assert 1 <= len(sentences) <= budget.sentences
            assert len(sentences) == 1 or len(" ".join(sentences)) <= (budget.characters or 1000)


LONG = [f"{sentence[:-1]} again {n}." for n in range(1600) for sentence in VOTE]


@pytest.mark.parametrize(
    "paragraphs",
    [LONG, ["word " * 100_000], [" ".join(LONG).replace(".", "")]],
    ids=["of sentences", "of one word", "without a full stop"],
)
def test_a_story_of_100_000_words_costs_no_more_than_what_is_read_of_one(
    shipped: Shipped, monkeypatch: pytest.MonkeyPatch, paragraphs: Sequence[str]
) -> None:
    seen: list[int] = []

    def run(model: Model, inputs: Mapping[str, Floats | Integers]) -> list[Floats]:
        seen.append(len(inputs["states"]))
        return plain(model, inputs)

    source = story(*paragraphs)
    assert len(source.text.split()) >= 100_000
    spans = tuple(sentences_of(source))
    tokens = shipped.encoder.tokenize([span.text for span in spans], LONGEST_PIECE)
    assert len(tokens) <= MOST_SENTENCES
    # Zeros for what the encoder says: how much is read goes by the tokens alone, and to encode all
    # of them would take most of the time.
    pieces = tuple(
        Encoded(np.zeros(DIMENSION, np.float32), ids, np.zeros((len(ids), DIMENSION), np.float32))
        for ids in tokens
    )
    model = shipped.summary
    plain = Model.__call__
    monkeypatch.setattr(Model, "__call__", run)
    (made,) = ExtractiveSummarizer(model, Budget()).summarize([SummaryRequest(spans, pieces)])
    assert made.sentences
    (read,) = seen
    assert read <= MOST_READ


@pytest.mark.parametrize("text", ["x", "…", "😀 \u200b😀", "« »", "(", "12 13 14", '"' * 300])
def test_odd_text_is_summarised_without_an_exception(usual: Enricher, text: str) -> None:
    assert summary(usual, story(text)) == [text]


def test_the_seed_storys_summary_reads_right(usual: Enricher) -> None:
    if not SEED_STORY.is_file():
        pytest.skip(f"{SEED_STORY} is missing")
    (source,) = read_stories(
        SEED_STORY.read_bytes(), load_settings(), uri=Path(SEED_STORY).name
    ).stories
    chosen = summary(usual, source)
    assert "called on President Vladimir Putin to order a large-scale mobilisation" in chosen[0]
    assert 2 <= len(chosen) <= 4
    assert all(is_prose(own) and not hangs_before(own) for own in chosen)
