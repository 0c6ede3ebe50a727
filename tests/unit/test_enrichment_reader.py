"""The reader around its model: windows, sentences, offsets. The model is one that knows words."""

from __future__ import annotations

import numpy as np

from newswire.config import ROOT
from newswire.enrichment.quotes.attributions import ROLES, TAGS
from newswire.enrichment.quotes.entities import TAGS as NAME_TAGS
from newswire.enrichment.quotes.reader import Reader, Reading, WindowAnswer
from newswire.enrichment.runtime import Floats, Integers, Threads
from newswire.enrichment.sentences import split_sentences
from newswire.enrichment.tokenizer import Tokenizer

TOKENIZER = Tokenizer(ROOT / "models" / "encoder")
PARTS = {"she": "source", "he": "source", "said": "cue", "rain": "content"}
NAMES = {"porto": "place"}
WORD_OF = {
    int(TOKENIZER.with_offsets([word])[0][0][0]): word for word in (*PARTS, *NAMES)
}  # each is one token


class Words:
    """Takes each word for what it is said to be, and every source for that of every cue."""

    windows = 0

    def __call__(self, tokens: Integers, cases: Integers) -> WindowAnswer:
        self.windows += 1
        words = [WORD_OF.get(int(token), "") for token in tokens]
        assert len(cases) == len(tokens)

        def roles(cues: Integers) -> Floats:
            out = np.zeros((len(cues), len(words), len(ROLES)), np.float32)
            for at, word in enumerate(words):
                part = PARTS.get(word, "")
                out[:, at, ROLES.index(part) if part in ROLES else 0] = 1
            return out

        return WindowAnswer(_sure(words, PARTS, TAGS), _sure(words, NAMES, NAME_TAGS), roles)


def _sure(words: list[str], kinds: dict[str, str], tags: tuple[str, ...]) -> Floats:
    out = np.zeros((len(words), len(tags)), np.float32)
    for at, word in enumerate(words):
        out[at, tags.index(f"B-{kinds[word]}") if word in kinds else 0] = 1
    return out


def read(text: str) -> tuple[Reading, Words]:
    model = Words()
    reader = Reader(model, TOKENIZER, Threads(1))
    (reading,) = reader.read([(text, split_sentences(text))])
    return reading, model


def test_spans_are_those_of_the_text() -> None:
    text = "In Porto, she said: rain."
    reading, _ = read(text)
    (own,) = reading.attributions
    found = [[text[a:b] for a, b in part] for part in (own.source, own.cue, own.content)]
    assert found == [["she"], ["said"], ["rain"]]
    assert [text[own.start : own.end] for own in reading.names] == ["Porto"]


def test_of_several_sources_the_one_in_the_cues_sentence_is_meant() -> None:
    text = "She left. He said rain."
    (own,) = read(text)[0].attributions
    assert [text[a:b] for a, b in own.source] == ["He"]
    text = "She left. There was said rain."
    (own,) = read(text)[0].attributions
    assert [text[a:b] for a, b in own.source] == ["She"]


def test_a_long_story_is_read_window_by_window_and_each_cue_once() -> None:
    text = "In Porto she said rain, and the harbour was calm again. " * 100
    reading, model = read(text)
    assert model.windows > 3
    assert len(reading.attributions) == len(reading.names) == 100
    starts = [own.cue[0][0] for own in reading.attributions]
    assert starts == sorted(set(starts))


def test_a_story_without_sentences_is_not_read() -> None:
    reading, model = read("")
    assert reading == Reading()
    assert model.windows == 0
