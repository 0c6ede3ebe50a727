"""Who speaks, put together from a reading that the tests write down themselves."""

from __future__ import annotations

import re

import pytest
from test_enrichment_entities import made_up_name

from newswire.enrichment.quotes.attributions import Attribution
from newswire.enrichment.quotes.entities import Name
from newswire.enrichment.quotes.mentions import Lexicon
from newswire.enrichment.quotes.reader import Reading
from newswire.enrichment.quotes.resolver import Resolver
from newswire.enrichment.quotes.speakers import Cast, cast
from newswire.enrichment.sentences import split_sentences
from newswire.stories.enriched import EntityType

NOBODY = Resolver({"none": 1.0}, Lexicon({}, {"group": 0.1, "founder": 0.9}))
"""Weights that find nobody: what is found without them, rules find."""

LAST = Resolver({"he it": 5.0, "he nearest": 5.0}, Lexicon({}, {}))
"""Weights that take the nearest for every "he"."""

FOUND = Resolver({"phrase is called so": 5.0}, Lexicon({}, {"founder": 0.9}))
"""Weights that take who is called by the noun."""

TYPES: dict[str, EntityType] = {"P": "person", "O": "organisation", "L": "place"}


def heard(marked: str, resolver: Resolver = NOBODY) -> tuple[str, Cast]:
    """The cast of a text with its marks: ``{P Ann Ruiz}`` a name, ``<source|cue|content>``.

    A part of a quote begins with ``s:``, ``c:`` or ``q:`` and stands in brackets; ``/`` ends one.
    """
    text, names, quotes = "", [], []
    parts: dict[str, list[tuple[int, int]]] = {"s": [], "c": [], "q": []}
    opened: list[tuple[str, int]] = []
    for token in re.split(r"(\{[POL] |\}|\[[scq]:|\]|/)", marked):
        if token.startswith("{"):
            opened.append((token[1], len(text)))
        elif token == "}":
            kind, start = opened.pop()
            names.append(Name(start, len(text), TYPES[kind]))
        elif re.fullmatch(r"\[[scq]:", token):
            opened.append((token[1], len(text)))
        elif token == "]":
            kind, start = opened.pop()
            parts[kind].append((start, len(text)))
        elif token == "/":
            quotes.append(Attribution(tuple(parts["s"]), tuple(parts["c"]), tuple(parts["q"])))
            parts = {"s": [], "c": [], "q": []}
        else:
            text += token
    reading = Reading(tuple(quotes), tuple(sorted(names, key=lambda own: own.start)))
    return text, cast(text, split_sentences(text), reading, resolver)


def speakers(marked: str, resolver: Resolver = NOBODY) -> list[str | None]:
    _, found = heard(marked, resolver)
    return [own.speaker.name if own.speaker else None for own in found.said]


@pytest.mark.parametrize(
    ("source", "speaker"),
    [
        ("{P Ann Ruiz}", "Ann Ruiz"),
        ("{P Ann Ruiz}, head of the {O Porto Dockers}", "Ann Ruiz"),
        ("{O Porto Dockers} chair {P Ann Ruiz}", "Ann Ruiz"),
        ("a spokesman for the {O Porto Dockers}", "Porto Dockers"),
        ("the {O Porto Dockers} group", "Porto Dockers"),
        ("{P Ann Ruiz}'s lawyer", None),
        ("a friend of {P Ann Ruiz}", None),
        ("the {O Senate} chief", None),
        ("officials in {L Porto}", None),
        ("{L Porto}", "Porto"),
        ("{L Porto}-based {O Coastal Rail}", "Coastal Rail"),
    ],
)
def test_a_source_is_the_one_that_it_names_as_speaking(source: str, speaker: str | None) -> None:
    assert speakers(f"[s:{source}] [c:said] [q:that it rains]./") == [speaker]


def test_a_source_that_is_a_known_name_is_known_where_the_tagger_overlooks_it() -> None:
    story = "{P Ann Ruiz} met {P Bo Lind} and {P Eva Lind}. [s:%s] [c:hopes] [q:to march]/"
    for source, speaker in (("Ruiz herself", "Ann Ruiz"), ("Ruiz", "Ann Ruiz"), ("Lind", None)):
        assert speakers(story % source) == [speaker]


def test_without_a_name_the_resolver_tells_who_speaks() -> None:
    text = "{P Ann Ruiz} left.\n\n[s:He] [c:said] [q:that it rains]./"
    assert speakers(text, LAST) == ["Ann Ruiz"]
    assert speakers(text) == [None]


def test_nobody_calls_himself_by_his_name() -> None:
    story = "{P Karl Berg} met {P Ann Ruiz}. “[q:{P Ruiz} won],” [s:he] [c:said]./"
    assert speakers(story, LAST) == ["Karl Berg"]
    assert speakers(story.replace("won", "lost to {P Berg}"), LAST) == [None]
    called = "The founder {P Ann Ruiz} left. [s:The founder] [c:said] [q:{} won]./"
    assert speakers(called.replace("{}", "she"), FOUND) == ["Ann Ruiz"]
    assert speakers(called.replace("{}", "{P Ruiz}"), FOUND) == [None]


def test_the_only_one_that_is_called_so_speaks() -> None:
    called = "The {O Porto Dockers} group met. Days passed. "
    assert speakers(called + "[s:The group] [c:said] [q:that it rains]./") == ["Porto Dockers"]
    two = called + "The {O Lund Weavers} group met. "
    assert speakers(two + "[s:The group] [c:said] [q:that it rains]./") == [None]


def test_a_representative_is_of_whom_he_was_said_to_be_before() -> None:
    found = speakers(
        "The {O Porto Dockers} group met. "
        "[s:A representative of the group] [c:said] [q:it rains]./ "
        "[s:The representative] [c:added] [q:that it pours]./"
    )
    assert found == ["Porto Dockers", "Porto Dockers"]
    assert speakers("{O Lund} met. [s:The representative] [c:said] [q:it rains]./") == [None]


def test_a_name_right_beside_a_cue_without_a_source_is_its_source() -> None:
    for story in ("[q:“No,”] [c:said] {P Bo Lind}./", "{P Bo Lind} [c:said] [q:“No.”]/"):
        text, found = heard(story)
        (own,) = found.shown_quotes(text)
        assert ([span.text for span in own.source], own.speaker) == (["Bo Lind"], "Bo Lind")
    for story in (
        "[q:“No,”] [c:said] a friend of {P Bo Lind}./",
        "[q:“No,”] [c:told] {P Bo Lind}./",
        "[c:Urged] {P Bo Lind} [q:to go]./",
    ):
        assert speakers(story) == [None]


def test_its_representative_speaks_for_whom_it_stands_for() -> None:
    it = Resolver({"it it": 5.0}, Lexicon({}, {}))
    story = "{O Coastal Rail} closed a line. [s:Its spokesman] [c:said] [q:it was late]./"
    assert speakers(story, it) == ["Coastal Rail"]


def test_among_two_thousand_names_each_source_is_the_one_that_it_names() -> None:
    names = [made_up_name(number) for number in range(2_000)]
    story = " ".join(f"[s:{{P {name}}}] [c:said] [q:it rains]./" for name in names)
    assert speakers(story) == names


def test_she_behind_a_nameless_representative_is_her() -> None:
    story = (
        "The {O Porto Dockers} group met. "
        "[s:A representative of the group] [c:said] [q:it rains]./ {}"
        "[s:She] [c:added] [q:it pours]./ [s:She] [c:sighed] [q:it snows]./"
    )
    assert speakers(story.replace("{}", "")) == ["Porto Dockers"] * 3
    between = "[s:An officer] [c:said] [q:it hails]./ "
    assert speakers(story.replace("{}", between)) == ["Porto Dockers", None, None, None]
    assert speakers("{O Lund} met. [s:She] [c:said] [q:it rains]./") == [None]


def test_what_has_no_content_is_no_quote_and_a_quote_may_have_no_source() -> None:
    text, found = heard("{P Ann Ruiz} [c:spoke]./ It is [c:said] [q:that it rains]./")
    (said,) = found.said
    assert said.speaker is None
    (quote,) = found.shown_quotes(text)
    assert (quote.text, quote.source, quote.direct) == ("that it rains", (), False)


def test_quotation_marks_make_a_quote_direct_and_an_apostrophe_does_not() -> None:
    text, found = heard(
        "{P Ann Ruiz} left. [q:“It rains,”] [s:he] [c:said]./ [s:He] [c:said] [q:it's late]./"
    )
    assert [own.direct for own in found.shown_quotes(text)] == [True, False]


def test_an_entity_has_its_names_and_what_stands_for_it_in_the_texts_order() -> None:
    text, found = heard("{P Ann Ruiz} left. He said so, and {P Ruiz} slept.", LAST)
    (entity,) = found.shown_entities(text)
    assert [(own.text, own.form) for own in entity.mentions] == [
        ("Ann Ruiz", "name"), ("He", "pronoun"), ("Ruiz", "name"),
    ]  # fmt: skip
