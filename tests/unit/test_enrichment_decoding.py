from __future__ import annotations

import numpy as np

from newswire.enrichment.quotes.decoding import Decoder

TAGS = ("O", "B-cue", "I-cue", "B-content", "I-content")
TEXT = "She denounced rearmament, twice"
OFFSETS = [(-1, -1), (0, 3), (4, 7), (7, 13), (14, 16), (16, 20), (20, 24), (24, 25), (26, 31),
           (-1, -1)]  # fmt: skip
"""[CLS] She | den ounced | re arma ment | , | twice [SEP]"""


def likely(*tags: str, sure: float = 0.9) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Each token's tag with ``sure``, the rest shared by the others."""
    out = np.full((len(tags), len(TAGS)), (1 - sure) / (len(TAGS) - 1), np.float32)
    for token, tag in enumerate(tags):
        out[token, TAGS.index(tag)] = sure
    return out


def test_a_word_has_one_tag_whatever_one_of_its_pieces_says() -> None:
    tags = ["O", "O", "B-cue", "I-cue", "B-content", "O", "I-content", "O", "O", "O"]
    assert Decoder(TAGS).spans(TEXT, OFFSETS, likely(*tags)) == [(2, 4, "cue"), (4, 7, "content")]


def test_what_it_costs_to_begin_a_span_keeps_a_long_one_whole() -> None:
    probabilities = likely(*["O", *["B-content"], *["I-content"] * 7, "O"])
    probabilities[4:7] = likely("O", "O", "O", sure=0.55)
    probabilities[7] = likely("B-content", sure=0.5)
    probabilities[7, TAGS.index("I-content")] = 0.4
    cut = [(1, 4, "content"), (7, 9, "content")]
    assert Decoder(TAGS).spans(TEXT, OFFSETS, probabilities) == cut
    assert Decoder(TAGS, {"content": 2.0}).spans(TEXT, OFFSETS, probabilities) == [
        (1, 9, "content")
    ]


def test_an_inside_never_stands_without_its_own_beginning() -> None:
    tags = ["O", "O", "B-cue", "I-cue", "I-content", "I-content", "I-content", "O", "O", "O"]
    found = Decoder(TAGS).spans(TEXT, OFFSETS, likely(*tags))
    assert found == [(2, 4, "cue"), (4, 7, "content")]


def test_two_spans_side_by_side_are_two() -> None:
    tags = ["O", "B-content", "B-content", "I-content", "O", "O", "O", "O", "O", "O"]
    found = Decoder(TAGS).spans(TEXT, OFFSETS, likely(*tags))
    assert found == [(1, 2, "content"), (2, 4, "content")]


def test_a_window_without_text_has_no_spans() -> None:
    assert Decoder(TAGS).spans("", [(-1, -1), (-1, -1)], likely("B-cue", "I-cue")) == []


def test_only_kinds_that_may_go_over_a_lines_end_do() -> None:
    text = "PORTO\n She left"
    offsets = [(0, 5), (7, 10), (11, 15)]
    for kind, found in (("cue", (1, 3, "cue")), ("content", (0, 3, "content"))):
        tags = likely(f"B-{kind}", f"I-{kind}", f"I-{kind}")
        assert Decoder(TAGS, across=("content",)).spans(text, offsets, tags) == [found]


def test_what_goes_over_a_paragraphs_end_is_two() -> None:
    text = "PORTO\n\nShe left"
    tags = likely("B-content", "I-content", "I-content")
    found = Decoder(TAGS, across=("content",)).spans(text, [(0, 5), (7, 10), (11, 15)], tags)
    assert found == [(0, 1, "content"), (1, 3, "content")]
