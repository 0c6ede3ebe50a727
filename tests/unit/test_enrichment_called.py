"""What a story calls its people and organisations, and that it is they who speak then."""

from __future__ import annotations

import pytest
from test_enrichment_entities import made_up_name, merged, steps
from test_enrichment_speakers import speakers

from newswire.enrichment.quotes.called import Called


def only(marked: str, phrase: str) -> str | None:
    text, entities = merged(marked)
    found = Called(text, entities).only(phrase)
    return None if found is None else entities[found].name


@pytest.mark.parametrize(
    ("story", "phrase", "who"),
    [
        ("French President [P Ann Ruiz] came.", "the president", "Ann Ruiz"),
        ("French President [P Ann Ruiz] came.", "The French president", "Ann Ruiz"),
        ("French President [P Ann Ruiz] came.", "the Danish president", None),
        ("[P President Ruiz] came.", "the president", "President Ruiz"),
        ("Police chief [P Ann Ruiz] came.", "the chief", "Ann Ruiz"),
        ("Police chief [P Ann Ruiz] came.", "the police chief", "Ann Ruiz"),
        ("U.S. Senator [P Ann Ruiz] met Admiral [P Bo Lund].", "the admiral", "Bo Lund"),
        ("Texas Gov. [P Ann Ruiz] came.", "the governor", "Ann Ruiz"),
        ("[P Ann Ruiz], a Democrat from [L Porto], won.", "The Democrat", "Ann Ruiz"),
        ("[P Ann Ruiz], 45, mayor of [L Porto], won.", "the mayor", "Ann Ruiz"),
        ("[P Ann Ruiz], 45, mayor of [L Porto], won.", "the mayor of Porto", "Ann Ruiz"),
        ("[P Ann Ruiz], 45, mayor of [L Porto], won.", "the mayor of Lund", None),
        ("Judge [P Ann Ruiz] met Judge [P Bo Lund].", "the judge", None),
        ("Trade Minister [P Ann Ruiz] met Energy Minister [P Bo Lund].", "the minister", None),
        ("Trade Minister [P Ann Ruiz] met Energy Minister [P Bo Lund].", "the energy minister",
         "Bo Lund"),
        ("Vice President [P Ann Ruiz] came.", "the president", None),
        ("Vice President [P Ann Ruiz] came.", "the vice president", "Ann Ruiz"),
        ("A former ally of President [P Ann Ruiz] came.", "the president", "Ann Ruiz"),
        ("Mayor [P Ann Ruiz] came.", "the mayors", None),
        ("Mayor [P Ann Ruiz] came.", "a mayor", None),
        ("He left. [P Ann Ruiz] came.", "the left", None),
        ("President [L Porto] won.", "the president", None),
    ],
)  # fmt: skip
def test_a_title_tells_who_a_definite_noun_is(story: str, phrase: str, who: str | None) -> None:
    assert only(story, phrase) == who


@pytest.mark.parametrize(
    ("story", "phrase", "who"),
    [
        ("[L Lund]'s [O Foreign Ministry] met.", "The ministry", "Foreign Ministry"),
        ("[L Lund]'s [O Foreign Ministry] met.", "The trade ministry", None),
        ("[O Foreign Ministry] met [O Ministry of Defence].", "The ministry", None),
        ("[O Foreign Ministry] met [O Ministry of Defence].", "the defence ministry",
         "Ministry of Defence"),
        ("The [O Bank of Porto] met.", "the bank", "Bank of Porto"),
        ("[O Justice Department] met.", "the justice", None),
        ("[O Coastal Rail Ltd.] met.", "the company", "Coastal Rail Ltd."),
        ("[O Coastal Rail Ltd.] met.", "the firm", "Coastal Rail Ltd."),
        ("[O Coastal Rail Ltd.] met [O Norvax AG].", "the company", None),
        ("[O Coastal Rail] met.", "the company", None),
    ],
)  # fmt: skip
def test_a_name_tells_what_an_organisation_is(story: str, phrase: str, who: str | None) -> None:
    assert only(story, phrase) == who


def test_the_only_one_of_a_title_or_of_such_a_name_speaks() -> None:
    titled = "Mayor {P Ann Ruiz} met {P Bo Lund}. “[q:We wait],” [s:the mayor] [c:said]./"
    assert speakers(titled) == ["Ann Ruiz"]
    assert speakers(titled.replace("We wait", "{P Ruiz} waits")) == [None]
    ministry = "{L Porto}'s {O Foreign Ministry} met. [s:The ministry] [c:said] [q:it rains]./"
    assert speakers(ministry) == ["Foreign Ministry"]


def test_four_times_the_titles_are_four_times_the_work() -> None:
    def work(many: int) -> int:
        text, entities = merged(" ".join(f"Mayor [P {made_up_name(n)}] ran." for n in range(many)))
        return steps(lambda: Called(text, entities))

    assert work(160) < 5 * work(40)
