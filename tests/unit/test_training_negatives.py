from __future__ import annotations

from newswire.enrichment.question import Question, content_words
from training.negatives import unrelated
from training.questions import LABELS, Row

SAID = {
    "The harbour should be dredged": [
        "Larger ships need a deeper channel.",
        "Dredging kills the oyster beds.",
    ],
    "Schools should close in heat": [
        "Pupils can't learn at thirty degrees in a harbour town.",
        "Parents have to work.",
    ],
    "The oyster season should be shorter": ["Stocks fall every year."],
} | {f"Of {word} there should be less": [f"Less {word}."] for word in "abcdefgh"}
ROWS = [
    Row(f"{target}-{number}", "Perspectrum", Question("claim", text, target), number % 2, "train")
    for target, texts in SAID.items()
    for number, text in enumerate(texts)
]


def test_unrelated_pairs_are_of_two_targets_that_share_no_word() -> None:
    made = list(unrelated(ROWS, {"claim": 200}, seed=1))
    assert made
    for row in made:
        assert row.label == LABELS.index("unrelated")
        assert row.question.text not in SAID[row.question.target]
        (own,) = (target for target, texts in SAID.items() if row.question.text in texts)
        # All of them have "should": it says nothing.
        assert content_words(own) & content_words(row.question.target) <= {"shoul", "there", "less"}


def test_half_of_them_are_hard_the_passage_has_a_word_of_the_target() -> None:
    made = list(unrelated(ROWS, {"claim": 200}, seed=1))
    hard = [
        row for row in made
        if content_words(row.question.target) & content_words(row.question.text)
    ]  # fmt: skip
    assert {"harbo", "oyste"} <= {
        word
        for row in hard
        for word in content_words(row.question.target) & content_words(row.question.text)
    }
    assert len(hard) >= 0.3 * len(made)


def test_the_same_seed_gives_the_same_pairs_and_a_kind_without_rows_gives_none() -> None:
    one, same, other = (list(unrelated(ROWS, {"claim": 50}, seed)) for seed in (1, 1, 2))
    assert one == same != other
    assert list(unrelated(ROWS, {"topic": 50}, 1)) == []
