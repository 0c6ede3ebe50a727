"""What the summary model reads of a story."""

from __future__ import annotations

import numpy as np
import pytest

from newswire.config import ROOT
from newswire.enrichment.runtime import Integers
from newswire.enrichment.summary.words import COUNTS, PLACES, SENTENCE, WordReader
from newswire.enrichment.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(ROOT / "models" / "encoder")


@pytest.fixture(scope="module")
def reader(tokenizer: Tokenizer) -> WordReader:
    return WordReader(tokenizer)


def tokens(tokenizer: Tokenizer, *sentences: str) -> list[Integers]:
    return tokenizer(sentences, 192)


def test_a_token_is_read_for_each_word_that_says_something(
    tokenizer: Tokenizer, reader: WordReader
) -> None:
    ids = tokens(tokenizer, "The council voted for it.", "Councillors said: the council is out!")
    story = reader(ids)
    names = {number: token for token, number in tokenizer.vocabulary.items()}
    texts = ["".join(names[own].removeprefix("##") for own in word) for word in story.pieces]
    assert texts == ["council", "voted", "councillors"]
    assert story.words.tolist() == [SENTENCE, 0, 1, SENTENCE, 2, 0]
    assert story.sentences.tolist() == [0, 0, 0, 1, 1, 1]
    assert story.counts.tolist() == [0, 2, 1, 0, 1, 2]
    assert story.lengths.tolist() == [5, 6]
    assert story.own.tolist() == [0, 3]
    together = np.concatenate(ids)
    assert [names[own] for own in together[story.kept][[0, 1, 3]]] == ["[CLS]", "council", "[CLS]"]


def test_a_story_is_read_as_far_as_its_sentences_fit(
    tokenizer: Tokenizer, reader: WordReader
) -> None:
    ids = tokens(tokenizer, *["Council votes on reactor plan."] * 9)
    story = reader(ids, 13)
    assert len(story.lengths) == 2
    assert len(story.kept) == 10
    assert len(reader(ids, 3).kept) == 3


def test_places_and_counts_stay_within_the_models_tables(
    tokenizer: Tokenizer, reader: WordReader
) -> None:
    story = reader(tokens(tokenizer, *["Fish."] * 200))
    inputs = story.inputs
    assert inputs["places"].max() == PLACES - 1
    assert inputs["counts"].max() == COUNTS - 1


def test_a_sentence_without_words_is_read_by_its_own_token(
    tokenizer: Tokenizer, reader: WordReader
) -> None:
    story = reader(tokens(tokenizer, "", "…?!", "the of and"))
    assert story.words.tolist() == [SENTENCE] * 3
    assert story.pieces == ()
