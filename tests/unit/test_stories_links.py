"""What is the same copy, and what the same event: shingles and links, without an index."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.stories.links import COPY_DAYS, Links, Order, Telling, headline_words, links
from newswire.stories.shingles import (
    BANDS,
    FEWEST_SHINGLES,
    SHINGLE_WORDS,
    Signature,
    bands,
    containment,
    signature,
    similarity,
)
from tests.copies import paragraphs
from tests.factories import an_embedding

COPY = paragraphs("the harbour")


def of(*texts: str) -> Signature:
    made = signature("\n\n".join(texts))
    assert made is not None
    return made


def telling(key: str, minutes: float = 0, copy: Signature | None = None, **differs: Any) -> Telling:
    given: dict[str, Any] = {
        "key": key,
        "order": Order(int(minutes * 60_000), True, key),
        "copy": copy,
        "headline": headline_words("Harbour pilots end their strike"),
        "embedding": None,
    }
    return Telling(**(given | differs))


def a_vector(direction: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(an_embedding(direction), np.float32)


@given(st.text())
def test_any_text_has_one_signature_that_is_kept_as_ascii(text: str) -> None:
    made = signature(text)
    assert made == signature(text)
    if made is not None:
        assert similarity(made, made) == containment(made, made) == 1
        assert len(bands(made)) == len(set(bands(made))) == BANDS
        assert Signature.unpack(made.pack().encode("ascii").decode()) == made


def test_signatures_are_the_same_in_every_process_and_version() -> None:
    # The index has years of them.
    assert (
        of("The harbour pilots of Brindle Bay ended their strike on Friday at noon.").pack()[:32]
        == "AAAACwSLkqQFAZYcBk8xTiI2PCQTa70Q"
    )


@given(st.integers(0, 2**32), st.floats(0.3, 0.9))
def test_the_estimate_is_near_the_share_of_shingles_in_common(seed: int, kept: float) -> None:
    random = Random(seed)
    words = [f"w{random.randrange(10**6)}" for _ in range(600)]
    cut = words[: int(len(words) * kept)]
    exact = (len(cut) - SHINGLE_WORDS + 1) / (len(words) - SHINGLE_WORDS + 1)
    whole, part = of(" ".join(words)), of(" ".join(cut))
    # Six standard errors.
    assert similarity(part, whole) == pytest.approx(exact, abs=6 * 0.045)
    assert containment(part, whole) > 0.5


def test_case_punctuation_dateline_and_notes_are_no_part_of_the_copy() -> None:
    printed = [
        f"BRINDLE BAY, May 17 (Example Wire) - {COPY[0].upper()}",
        *(text.replace(" ", ", ", 3).replace("a", "a", 1) for text in COPY[1:]),
        "(Reporting by A. Byline; Editing by B. Desk)",
        "© 2024 Example Wire. All rights reserved.",
    ]
    assert similarity(of(*printed), of(*COPY)) == 1


def test_words_with_apostrophes_and_wide_characters_are_the_same_words() -> None:
    straight = "The port's pilots didn't sail until Friday's vote ended the long strike at 12"
    curly = straight.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}").replace("12", "\uff11\uff12")
    assert similarity(of(straight), of(curly)) == 1


def test_scripts_without_spaces_have_shingles_too() -> None:
    text = "港口领航员周五投票决定结束罢工船只中午恢复航行"
    assert similarity(of(text), of(text[:-2] + "停泊")) > 0.6
    assert similarity(of(text), of("市议会昨天通过了新的公园预算并将于明年开始施工")) < 0.2


def test_a_text_too_short_is_nobodys_copy() -> None:
    fewest = FEWEST_SHINGLES + SHINGLE_WORDS - 1
    assert signature(" ".join(f"w{n}" for n in range(fewest - 1))) is None
    assert signature(" ".join(f"w{n}" for n in range(fewest))) is not None
    assert signature("More to follow") is None


def test_like_texts_share_a_band_and_strangers_none() -> None:
    for seed in range(50):
        texts = paragraphs(seed, 10)
        assert set(bands(of(*texts))) & set(bands(of(*texts[:6])))
        assert not set(bands(of(*texts))) & set(bands(of(*paragraphs(f"other {seed}", 10))))


def test_the_earliest_story_of_the_same_copy_is_the_origin_and_has_none_itself() -> None:
    copy = of(*COPY)
    stories = [telling(name, minutes, copy) for name, minutes in (("c", 5), ("b", 2), ("a", 2))]
    assert links(stories[0], stories) == Links("a", "a")
    assert links(stories[1], stories) == Links("a", "a")
    assert links(stories[2], stories) == Links(None, "a")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (COPY, Links("first", "first")),
        ([*COPY[:5], *paragraphs("edited", 3)], Links(None, "first")),
        ([*COPY[:7], *paragraphs("edited", 1)], Links("first", "first")),
        (COPY[:4], Links("first", "first")),
        ([*COPY, *paragraphs("told further", 10)], Links(None, "first")),
        ([*COPY[:2], *paragraphs("new", 8)], Links(None, "second")),
        (paragraphs("else"), Links(None, "second")),
    ],
    ids=["as-it-was", "half-new", "edited", "cut", "told-further", "quotes-it", "another"],
)
def test_copy_is_what_is_the_same_edited_a_little_or_cut(texts: list[str], expected: Links) -> None:
    first = telling("first", 0, of(*COPY))
    assert links(telling("second", 1, of(*texts)), [first]) == expected


def test_copies_are_looked_for_over_weeks_and_no_longer() -> None:
    copy = of(*COPY)
    minutes = COPY_DAYS / timedelta(minutes=1)
    first = telling("first", 0, copy)
    assert links(telling("in-time", minutes, copy), [first]).duplicate_of == "first"
    assert links(telling("too-late", minutes + 1, copy), [first]) == Links(None, "too-late")


@pytest.mark.parametrize(
    ("headline", "direction", "hours", "thread"),
    [
        ("Strike of harbour pilots is over", 1, 48, "first"),
        ("Strike of harbour pilots is over", 1, 100, "second"),
        ("Strike of harbour pilots is over", 2, 1, "second"),
        ("A strike", 1, 1, "second"),
    ],
    ids=["same-event", "days-later", "other-meaning", "other-headline"],
)
def test_an_event_is_one_by_meaning_and_headline_within_days(
    headline: str, direction: int, hours: int, thread: str
) -> None:
    first = telling("first", embedding=a_vector(1))
    second = telling(
        "second", hours * 60, headline=headline_words(headline), embedding=a_vector(direction)
    )
    assert links(second, [first]) == Links(None, thread)


@given(st.permutations(range(8)))
def test_the_order_in_which_others_are_given_means_nothing(order: list[int]) -> None:
    stories = [telling(f"{n}", n, of(*COPY[n % 3 :])) for n in range(8)]
    expected = [links(one, stories) for one in stories]
    assert [links(one, [stories[n] for n in order]) for one in stories] == expected
