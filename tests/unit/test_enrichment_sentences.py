from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.enrichment.sentences import LONGEST, split_sentences


def split(text: str) -> list[str]:
    return [text[extent.start : extent.end] for extent in split_sentences(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The U.S. Army said Gen. J. R. Smith will leave.", "He joined in Jan. 1990."],
        ["PORT ALDER, Sept. 21 (Newswire) - The council met.", "It voted."],
        ["Stalin issued Order No. 227 in 1942.", "It was short."],
        ["He was asked.", "The answer was no.", "Nobody minded."],
        ["He works for Kestrel Inc. Chairman Bob Hale.", "She lives in the U.S.", "The rest left."],
        ["It opens at 5 p.m. on Monday.", "It closes at 9 p.m.", "The bar stays open."],
        ["Prices rose 3.5 percent to $1.20.", "St. Louis, Mo., was cheaper."],
        ["Sen. Ann Doe (R-Ala.) agreed.", "Prof. Lee vs. Dr. May was close."],
        ['"We are here."', '"No," he said.', '"Is it?" she asked.', '"It is."'],
        ["“We must go,” he said.", "“They won’t.”", "They went."],
        ["Really?", "Yes!", "Well... maybe.", "So it goes."],
        ["He said it (as before.)", "Then he left."],
        ["Search firm Yodel! Inc. bought it.", "Great!", "Incidents followed."],
        ["He was fined Rs. 500 under para. 4.", "eBay sold it.", "iPhones fell."],
        ["They said “never again.”", "The crowd cheered.", "“Enough!” the mayor cried."],
        ["ROME (dpa/Newswire).- The pope spoke.", "Rep. Ray (D-N.Y.) listened."],
    ],
)
def test_wire_copy_is_split_where_a_reader_would(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_a_blank_line_ends_a_sentence_without_a_stop() -> None:
    assert split("No stop here\n\nAnother one") == ["No stop here", "Another one"]


def test_only_the_stretch_asked_for_is_split() -> None:
    text = "One here. Two here. Three here."
    assert [text[e.start : e.end] for e in split_sentences(text, 10, 19)] == ["Two here."]


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    parts = split("word " * 1000)
    assert all(len(part) <= LONGEST for part in parts)
    assert sum(part.count("word") for part in parts) == 1000


def test_a_long_run_of_stops_takes_no_more_than_linear_time() -> None:
    begin = time.perf_counter()
    split("." * 200_000)
    split("A. " * 60_000)
    split('"' * 200_000)
    assert time.perf_counter() - begin < 3


@given(st.text(alphabet="aB.!? \n\"'”U.S1(é😀", max_size=200))
def test_no_character_but_white_space_is_lost_and_order_is_kept(text: str) -> None:
    extents = split_sentences(text)
    covered = set()
    for extent in extents:
        assert extent.start < extent.end
        assert not text[extent.start].isspace()
        assert not text[extent.end - 1].isspace()
        covered.update(range(extent.start, extent.end))
    assert [e.start for e in extents] == sorted(e.start for e in extents)
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)
