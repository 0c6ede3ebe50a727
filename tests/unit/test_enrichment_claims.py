"""What a body says of a claim: which sentences are read, what is evidence, what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from newswire.config import ROOT
from newswire.enrichment.claims import ClaimJudge, ClaimRefused, read_claim
from newswire.enrichment.question import PASSAGE_WORDS, Question
from newswire.enrichment.reading import language_of
from newswire.enrichment.stance import Answer
from newswire.stories.language import LANGUAGE
from newswire.stories.model import Story
from tests.copies import body, paragraphs
from tests.factories import a_story

CLAIM = "Harbour pilots in Brindle Bay end their strike"
DENIAL = "The harbour pilots in Brindle Bay denied on Friday that their strike was at an end."
BACKED = "Harbour pilots in Brindle Bay ended their strike on Friday, the union confirmed."
ASIDE = "Plum cake is best when the plums are ripe and the butter is cold."


class ByWords:
    """Against where a passage says "denied", for where it says "confirmed", else unrelated."""

    name = "by-words"
    revision = "7" * 64

    def __init__(self) -> None:
        self.asked: list[Question] = []

    def predict(self, questions: Sequence[Question]) -> list[Answer]:
        self.asked += questions
        return [
            Answer(0.05, 0.85, 0.05, 0.05)
            if "denied" in question.text
            else Answer(0.85, 0.05, 0.05, 0.05)
            if "confirmed" in question.text
            else Answer(0.05, 0.05, 0.6, 0.3)
            if "strike" in question.text
            else Answer(0.05, 0.05, 0.1, 0.8)
            for question in questions
        ]


@pytest.fixture(scope="module")
def stance() -> ByWords:
    return ByWords()


@pytest.fixture(scope="module")
def judge(stance: ByWords) -> ClaimJudge:
    return ClaimJudge(ROOT / "models", threads=1, stance=stance)


def story(*texts: str, **differs: object) -> Story:
    return a_story(body=body(*texts), **differs)


def test_a_body_that_denies_disagrees_in_its_own_words(judge: ClaimJudge) -> None:
    told = story(ASIDE, DENIAL)
    (judgement,) = judge.judge(CLAIM, [told])
    assert judgement.label == "disagree"
    assert judgement.probabilities is not None
    assert sum(judgement.probabilities.model_dump().values()) == pytest.approx(1, abs=1e-3)
    (evidence,) = judgement.evidence
    assert told.text[evidence.start : evidence.end] == evidence.text == DENIAL
    assert evidence.score == pytest.approx(0.85)


def test_every_story_gets_its_own_judgement_whatever_stands_beside_it(judge: ClaimJudge) -> None:
    stories = [story(DENIAL), story(BACKED), story(ASIDE), story(DENIAL, ASIDE)]
    together = judge.judge(CLAIM, stories)
    assert [one.label for one in together] == ["disagree", "agree", "unrelated", "disagree"]
    assert together == [judge.judge(CLAIM, [one])[0] for one in stories]


def test_what_is_not_close_to_the_claim_is_unrelated_and_the_model_is_not_asked(
    judge: ClaimJudge, stance: ByWords
) -> None:
    stance.asked.clear()
    (judgement,) = judge.judge(CLAIM, [story(ASIDE)])
    assert (judgement.label, judgement.probabilities, judgement.evidence) == ("unrelated", None, ())
    assert stance.asked == []


def test_a_sentence_far_down_is_read_and_so_is_the_top(judge: ClaimJudge, stance: ByWords) -> None:
    stance.asked.clear()
    texts = [BACKED, *paragraphs("far", 30), DENIAL]
    judge.judge(CLAIM, [story(*texts)])
    passages = [question.text for question in stance.asked if question.kind == "report"]
    assert any(DENIAL in text for text in passages)
    assert any(text.startswith(BACKED) for text in passages)
    assert max(len(text.split()) for text in passages) <= PASSAGE_WORDS + 30
    assert len(stance.asked) <= 6, "bounded, however long a body is"


def test_a_body_without_prose_is_unrelated(judge: ClaimJudge) -> None:
    table = a_story(body=[{"kind": "table", "text": "Harbour pilots | 9"}])
    assert [one.label for one in judge.judge(CLAIM, [table])] == ["unrelated"]


def test_what_is_made_names_the_weights_that_made_it(judge: ClaimJudge) -> None:
    assert [(one.task, len(one.revision)) for one in judge.models] == [
        ("encoder", 64),
        ("stance", 64),
    ]
    assert judge.models[1].revision == ByWords.revision


def test_the_model_that_ships_is_read_with_its_own_labels() -> None:
    own = ClaimJudge(ROOT / "models", threads=1)
    told = [story(BACKED), story(ASIDE)]
    first, second = own.judge(CLAIM, told)
    assert (first.label, second.label) == ("agree", "unrelated")
    assert [one.task for one in own.models] == ["encoder", "stem", "stance"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "a claim without words"),
        (" \n\t", "a claim without words"),
        ("\U0001f525\U0001f525 !? 42", "a claim without words"),
        ("Weather", "'Weather' states nothing: a claim has 3 words or more"),
        ("word " * 500, "a claim of 500 words, over the limit of 60"),
        ("Le gouvernement annonce une nouvelle taxe sur le carbone", "another language (fr)"),
        ("政府は新しい税を発表した", "another language (ja)"),
    ],
    ids=["empty", "blank", "emoji", "one word", "500 words", "French", "Japanese"],
)
def test_what_is_no_claim_is_refused_with_the_cause(text: str, line: str) -> None:
    with pytest.raises(ClaimRefused) as refused:
        read_claim(text)
    assert line in str(refused.value)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("  Pilots \n end\tstrike ", "Pilots end strike"),
        ('"Pilots" end “strike \U0001f525', '"Pilots" end “strike \U0001f525'),
        ("Pilots\x00end \x1b[31mstrike", "Pilots end [31mstrike"),
    ],
    ids=["white space", "quotes and emoji", "control characters"],
)
def test_a_claim_is_one_line_of_what_can_be_printed(text: str, claim: str) -> None:
    assert read_claim(text) == claim


def test_a_story_that_states_no_language_is_looked_at() -> None:
    german = "Die Lotsen im Hafen haben am Freitag beschlossen, ihren Streik zu beenden. "
    for stated in ("en-GB", "eng", "EN", "und", "English", ""):
        assert language_of(story(DENIAL, language=stated or None)) == LANGUAGE, stated
    assert language_of(story(DENIAL, language="de")) == "de"
    assert language_of(story(german * 4, language=None)) == "de"
    russian = "Портовые лоцманы прекратили забастовку в пятницу, сообщил профсоюз."
    assert language_of(story(russian, language=None)) == "ru"
    assert language_of(story("Ω Ψ", language=None)) not in (LANGUAGE, None)
    assert language_of(story("Ω Ψ", language="en")) == LANGUAGE
    mark = {"reason": "language-mismatch", "detail": "reads as de"}
    assert language_of(story(german * 4, language="en", quality=[mark])) == "de"
