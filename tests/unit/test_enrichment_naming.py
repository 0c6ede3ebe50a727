from __future__ import annotations

import re

import pytest

from newswire.enrichment.quotes.entities import Name
from newswire.enrichment.quotes.naming import mended
from newswire.stories.enriched import EntityType

TYPES: dict[str, EntityType] = {"P": "person", "O": "organisation", "L": "place"}
INITIALS = {kind: initial for initial, kind in TYPES.items()}


def names(marked: str) -> list[str]:
    """The mended names, ``type name``, of a text whose tagged names stand in ``{P …}``."""
    text, tagged = "", []
    for part in re.split(r"(\{[POL] [^}]*\})", marked):
        if part.startswith("{"):
            tagged.append(Name(len(text), len(text) + len(part) - 4, TYPES[part[1]]))
            text += part[3:-1]
        else:
            text += part
    return [f"{INITIALS[own.type]} {text[own.start : own.end]}" for own in mended(text, tagged)]


@pytest.mark.parametrize(
    ("marked", "found"),
    [
        ("{O The Kremlin} spoke.", ["O Kremlin"]),
        ("{O The} dog barked.", []),
        ("{P Ann Ruiz's} plan.", ["P Ann Ruiz"]),
        ("{O World Trade Union (}WTU)", ["O World Trade Union"]),
        ("{O Agency's Research in} Porto", ["O Agency's Research"]),
        ("{P Lord Ruiz of} {L Porto} spoke.", ["P Lord Ruiz of Porto"]),
        ("{P Lord Ruiz of} the house spoke.", ["P Lord Ruiz"]),
        ("{O Bank of} {P Ann Ruiz}", ["O Bank", "P Ann Ruiz"]),
        ("{O SEA-}3 cable", ["O SEA"]),
        ("It met the Soldiers' Widows of {L Porto} group.", ["O Soldiers' Widows of Porto"]),
        ("It met the Bank of {L Porto}.", ["O Bank of Porto"]),
        ("{L Porto} slept. It met the Dockers Union of Porto.",
         ["L Porto", "O Dockers Union of Porto"]),
        ("Most of {L Porto} slept.", ["L Porto"]),
        ("She is President of {L Porto}.", ["L Porto"]),
        ("the harbour of {L Porto}", ["L Porto"]),
        ("the Managing Director of {L Porto}", ["L Porto"]),
        ("It met {P Ann Ruiz} Dockers Union of {L Porto}.",
         ["P Ann Ruiz", "O Dockers Union of Porto"]),
        ("It met {P Ann Ruiz} {O Dockers} {O Union} of {L Porto}.",
         ["P Ann Ruiz", "O Dockers Union of Porto"]),
        ("It met {O Dockers} {O Union} of {L Porto}.", ["O Dockers Union of Porto"]),
        ("It met {L Lund} {P Ann Ruiz} of {L Porto}.", ["L Lund", "P Ann Ruiz", "L Porto"]),
        ("{L West Yorkshire} Police said so.", ["O West Yorkshire Police"]),
        ("The {O Liberal} Democrats and the {O Lib} Dems.", ["O Liberal Democrats", "O Lib Dems"]),
        ("The {O Social Democrats} {O Liberal} Party.", ["O Social Democrats", "O Liberal"]),
        ("{L West Yorkshire Police} said so.", ["O West Yorkshire Police"]),
        ("{L West Yorkshire} {O Police} said so.", ["O West Yorkshire Police"]),
        ("{L Porto} Police {O Federation} said so.", ["O Porto Police Federation"]),
        ("{L Porto} {O Police Union} said so.", ["O Porto Police Union"]),
        ("{L Porto} {P Police Chief Ann Ruiz} spoke.", ["L Porto", "P Police Chief Ann Ruiz"]),
        ("{L Porto} Police Chief {P Ann Ruiz} spoke.", ["O Porto Police", "P Ann Ruiz"]),
        ("the {L Porto} police said so.", ["L Porto"]),
        ("{L PORTO} POLICE SAID SO.", ["L PORTO"]),
        ("He is in {L Porto}. Police said so.", ["L Porto"]),
        ("{L Porto}\nPolice said so.", ["L Porto"]),
        ("{L Porto}'s Police said so.", ["L Porto"]),
        ("the {L Porto} City Council met.", ["O Porto City Council"]),
        ("the {L Porto} Chamber of Commerce met.", ["O Porto Chamber of Commerce"]),
        ("the {L Porto} Airport Authority met.", ["O Porto Airport Authority"]),
        ("{L Porto} University Hospital shut.", ["O Porto University Hospital"]),
        ("{L Lund} {O University} of {L Porto} shut.", ["O Lund University of Porto"]),
        ("{L Porto} University Street is shut.", ["L Porto"]),
        ("the {L West Bank} and the {L Soviet Union}", ["L West Bank", "L Soviet Union"]),
        ("{L Porto} {L Airport} is shut.", ["L Porto Airport"]),
        ("{L Porto} International Airport is shut.", ["L Porto International Airport"]),
        ("{L PORTO}, {L Portugal} ({L AP}) - It rains.", ["L PORTO", "L Portugal", "O AP"]),
        ("{L LONDON} ({L Reuters}) — It rains.", ["L LONDON", "O Reuters"]),
        ("{L SAITAMA}, Dec. 9 ({L Ruiz}) - It rains.", ["L SAITAMA", "O Ruiz"]),
        ("{L SAITAMA}, Dec. 9 {L Kyodo} - It rains.", ["L SAITAMA", "O Kyodo"]),
        ("{L SAITAMA}, {L Japan} - It rains.", ["L SAITAMA", "L Japan"]),
        ("{L PARIS} ({L France}) - It rains.", ["L PARIS", "L France"]),
        ("It rains in {L Hyderabad} ({L AP}).", ["L Hyderabad", "L AP"]),
    ],
)  # fmt: skip
def test_names_end_where_they_end(marked: str, found: list[str]) -> None:
    assert names(marked) == found


def test_a_spelling_has_the_type_that_it_has_most_often() -> None:
    marked = "{L Kremlin} said. {O Kremlin} denied. {O Kremlin} slept."
    assert names(marked) == ["O Kremlin"] * 3


def test_a_last_name_is_a_person_where_the_whole_one_is() -> None:
    assert names("{P Ann Ruiz} met {O Ruiz}.") == ["P Ann Ruiz", "P Ruiz"]


def test_names_of_a_long_body_are_all_kept() -> None:
    assert len(names("{L Porto} slept. " * 2000)) == 2000
