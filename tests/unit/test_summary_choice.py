"""The choice of a summary as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.enrichment.summary.choice import CANDIDATES, MOST, Budget, Weighed, choose


def weighed(*sentences: str, odds: dict[str, float] | None = None) -> Weighed:
    """Sentences of words that say something, each wanted as ``odds`` says, else surely."""
    words = sorted({word for sentence in sentences for word in sentence.split()})
    has = np.array([[word in sentence.split() for word in words] for sentence in sentences])
    return Weighed(
        has=has,
        odds=np.array([(odds or {}).get(word, 1.0) for word in words], np.float32),
        function_words=np.zeros(len(sentences), np.float32),
        lengths=np.array([len(sentence.split()) for sentence in sentences], np.float32),
        shares=np.full(len(sentences), 1 / len(sentences), np.float32),
    )


def alone(count: int) -> list[list[int]]:
    return [[at] for at in range(count)]


def taken(own: Weighed, budget: Budget | None = None) -> list[int]:
    count = len(own.lengths)
    return choose(own, alone(count), said(*[10] * count), budget or Budget())


def said(*characters: int) -> list[str]:
    """Different sentences of so many characters."""
    return [f"{number:x>{count}}" for number, count in enumerate(characters)]


def test_what_is_likely_in_a_good_summary_is_taken_in_story_order() -> None:
    own = weighed("rain cloud wind", "vote mill", "council reactor", odds={"rain": 0, "cloud": 0})
    assert taken(own, Budget(sentences=2)) == [1, 2]


def test_saying_a_thing_twice_gains_nothing() -> None:
    own = weighed("council vote reactor", "council vote reactor", "fish march", odds={"fish": 0.6})
    assert taken(own, Budget(sentences=2)) == [0, 2]


def test_a_sentence_of_unlikely_words_makes_no_summary_longer() -> None:
    own = weighed("council vote reactor mill", "a b c d e f g h", odds=dict.fromkeys("abcdefgh", 0))
    assert taken(own) == [0]


def test_sentences_that_stand_only_together_are_taken_together() -> None:
    own = weighed("council", "vote", "reactor mill fish march", odds={"council": 0.1, "vote": 0.1})
    texts = said(10, 10, 10)
    assert choose(own, [[0], [1], [1, 2]], texts, Budget(sentences=2)) == [1, 2]
    assert choose(own, [[0], [1], [1, 2]], texts, Budget(sentences=1)) in ([0], [1])


@given(st.integers(1, 4), st.integers(10, 200), st.integers(1, 9))
def test_a_summary_is_within_its_budget(sentences: int, characters: int, count: int) -> None:
    own = weighed(*(f"word{n} other{n} third{n}" for n in range(count)))
    chosen = taken(own, Budget(sentences, characters))
    assert 1 <= len(chosen) <= min(sentences, count, MOST)
    assert 11 * len(chosen) - 1 <= characters
    assert chosen == sorted(set(chosen))


def test_one_sentence_is_taken_where_none_is_within_the_budget() -> None:
    own = weighed("council vote", "reactor mill", "fish")
    assert choose(own, alone(3), said(90, 70, 80), Budget(characters=50)) == [1]


def test_without_a_sentence_there_is_no_choice() -> None:
    assert choose(weighed("council"), [], said(10), Budget()) == []


@pytest.mark.parametrize("count", [1, 5, 400])
def test_the_choice_does_not_depend_on_the_order_of_equals(count: int) -> None:
    own = weighed(*(["council vote"] * count))
    assert taken(own, Budget(sentences=1)) == [0]


RAIN = "Ann Lee said it rained and never stopped."
RAIN_ANEW = "ann lee said:  it rained, and never stopped!"


def test_the_same_sentence_is_never_taken_twice() -> None:
    wanted = ("rain cloud", "rain storm", "rain wind", "mill")
    own = weighed(*wanted)
    assert choose(own, alone(4), [RAIN, RAIN, RAIN_ANEW, "The mill shut."], Budget()) == [0, 3]
    # Nor as part of what stands together.
    texts = ["The mill shut.", RAIN, RAIN_ANEW, "It rained."]
    assert choose(own, [[1], [2, 3]], texts, Budget()) in ([1], [2, 3])
    assert choose(own, [[1, 2]], texts, Budget()) == [1]


def test_a_refrain_leaves_room_for_what_else_is_said() -> None:
    own = weighed(*["rain cloud"] * (2 * CANDIDATES), "mill")
    texts = [RAIN] * (2 * CANDIDATES) + ["The mill shut."]
    assert choose(own, alone(len(texts)), texts, Budget()) == [0, 2 * CANDIDATES]
