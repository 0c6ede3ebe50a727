"""What quotation marks, and who spoke right before, tell of "he" and "she"."""

from __future__ import annotations

import pytest
from test_enrichment_entities import steps
from test_enrichment_speakers import LAST, heard, speakers

from newswire.enrichment.quotes.mentions import Lexicon
from newswire.enrichment.quotes.resolver import Resolver


def meant(marked: str) -> list[tuple[str, str]]:
    """The pronouns of a story and whom they are found to stand for."""
    text, found = heard(marked, LAST)
    return [(text[own.start : own.end], entity.name) for own, entity in found.meant]


def test_within_his_marks_nobody_speaks_of_himself_as_he() -> None:
    story = "{P Bo Lund} met {P Karl Berg}. [s:{P Berg}] [c:said:] [q:“He is ill.”]/"
    assert meant(story) == [("He", "Bo Lund")]
    assert meant(story.replace("“", "").replace("”", "")) == [("He", "Karl Berg")]
    assert meant(story.replace("“", "‘").replace("”", "’")) == [("He", "Bo Lund")]
    part = "{P Bo Lund} met {P Karl Berg}. [s:{P Berg}] [c:said] [q:he was “ill”]./"
    assert meant(part) == [("he", "Karl Berg")]
    behalf = (
        "{P Bo Lund} met {P Karl Berg}. [s:A spokesman for {P Berg}] [c:said:] [q:“He is ill.”]/"
    )
    assert meant(behalf) == [("He", "Karl Berg")]


def test_who_speaks_is_found_before_those_whom_he_speaks_of() -> None:
    story = "{P Bo Lund} met {P Karl Berg}. [q:“He is ill,”] [s:he] [c:said]./"
    assert meant(story) == [("He", "Bo Lund"), ("he", "Karl Berg")]
    assert speakers(story, LAST) == ["Karl Berg"]


def test_he_of_whom_it_is_reported_what_he_says_is_meant_first() -> None:
    story = "{P Karl Berg} came. [s:{P Bo Lund}, a friend of {P Berg},] [c:said] [q:%s was ill]./"
    assert meant(story % "that he") == meant(story % "he") == [("he", "Bo Lund")]
    assert meant(story % "that the man, he hoped,") == [("he", "Karl Berg")]
    assert meant(story % "him who") == [("him", "Karl Berg")]
    assert meant(story % "his friend") == [("his", "Karl Berg")]
    assert meant(story.replace("{P Bo", "Mrs {P Bo") % "that he") == [("he", "Karl Berg")]
    spokesman = story.replace("a friend of {P Berg}", "a spokesman for {P Berg}")
    assert meant(spokesman % "that he") == [("he", "Karl Berg")]


def test_whose_first_name_is_the_other_genders_is_not_meant_by_a_rule() -> None:
    carol = Resolver({"he it": 5.0, "he agrees": 5.0}, Lexicon({"carol": 0.8}, {}))
    story = "{P Karl Berg} fell. [s:{P Carol Moss}] [c:said] [q:he was shot]./"
    assert [entity.name for _, entity in heard(story, carol)[1].meant] == ["Karl Berg"]


def test_he_who_speaks_is_the_only_one_who_is_named_in_his_paragraph() -> None:
    far = "{P Karl Berg} and {P Eva Lind} came.\n\n"
    near = "{P Bo Lund} disagreed. [q:“It rains,”] [s:he] [c:said]./"
    nobody = Resolver({"none": 9.0}, Lexicon({}, {}))
    assert speakers(far + near, nobody) == ["Bo Lund"]
    assert speakers(far + near.replace("rains", "rains, {P Eva Lind}"), nobody) == ["Bo Lund"]
    assert speakers(far + "{P Eva Lind} left. " + near, nobody) == [None]
    assert speakers(far + near.replace("{P Bo", "Mrs {P Bo"), nobody) == [None]


SPOKE = "{P Ann Ruiz} met {P Bo Lund}. [s:{P Ruiz}] [c:said] [q:{P Lund} was ill]./ "


@pytest.mark.parametrize(
    ("further", "speaker"),
    [
        ("[s:He] [c:added:] [q:“It rains.”]/", "Ann Ruiz"),
        ("[q:“{P Lund} is very ill,”] [s:he] [c:added]./", "Ann Ruiz"),
        ("\n\n[s:He] [c:added:] [q:“It rains.”]/", "Bo Lund"),
        ("{P Lund} slept. [s:He] [c:added:] [q:“It rains.”]/", "Bo Lund"),
        ("It rained on and on. " * 8 + "[s:He] [c:added:] [q:“It rains.”]/", "Bo Lund"),
    ],
)
def test_he_who_speaks_on_is_he_who_spoke_where_nobody_was_named_since(
    further: str, speaker: str
) -> None:
    assert speakers(SPOKE + further, LAST)[-1] == speaker


def test_she_who_speaks_on_is_no_man_and_not_whom_somebody_speaks_for() -> None:
    story = SPOKE.replace("{P Ann", "Mrs. {P Ann") + "[s:He] [c:added:] [q:“It rains.”]/"
    assert speakers(story, LAST)[-1] == "Bo Lund"
    behalf = SPOKE.replace("[s:", "[s:A spokesman for ") + "[s:He] [c:added:] [q:“It rains.”]/"
    assert speakers(behalf, LAST)[-1] == "Bo Lund"


def test_four_times_the_voices_are_four_times_the_work() -> None:
    def work(many: int) -> int:
        one = "{P Ann Ruiz} met. [s:He] [c:said] [q:“He is {P Bo Lund}”]./ "
        return steps(lambda: heard(one * many, LAST))

    assert work(80) < 5 * work(20)
