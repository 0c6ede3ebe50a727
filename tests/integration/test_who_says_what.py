"""What somebody said in several stories, asked of the real Elasticsearch as the reference shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
from elasticsearch import Elasticsearch

from newswire.config import ROOT, Settings
from newswire.search.client import ALIAS, open_client
from newswire.search.document import document
from newswire.search.quotes import Asked, said_by
from newswire.search.reader import get
from newswire.search.writer import IndexWriter
from newswire.setup import prepare
from newswire.stories.enriched import (
    Entity,
    EntityMention,
    Probabilities,
    Quote,
    ScoredSpan,
    Span,
    SpeakerStance,
    Summary,
)
from tests import shell
from tests.factories import a_quote, a_story, an_enriched_story

ALL = "newswire-stories-*"
TEXT = "Ruth Hallmann said that it was late."
SAYS = Quote(
    source=(Span(text="Ruth Hallmann", start=0, end=13),),
    cue=(Span(text="said", start=14, end=18),),
    content=(Span(text="that it was late", start=19, end=35),),
    speaker="Ruth Hallmann",
    direct=False,
)
IS = Entity(
    name="Ruth Hallmann",
    type="person",
    mentions=(EntityMention(text="Ruth Hallmann", start=0, end=13, form="name"),),
)
SIGNED = ("Sinead O'Connor", "Maeve O’Brien", "U.S. Army")
"""Names whose words have signs in them; documents ``named-0`` and on."""


def says(speaker: str) -> tuple[str, Quote]:
    """A body that quotes him, and the quote."""
    text, end = f"{speaker} said that it rained.", len(speaker)
    return text, Quote(
        source=(Span(text=speaker, start=0, end=end),),
        cue=(Span(text="said", start=end + 1, end=end + 5),),
        content=(Span(text="that it rained", start=end + 6, end=end + 20),),
        speaker=speaker,
        direct=False,
    )


AGAINST = SpeakerStance(
    speaker="Ruth Hallmann",
    target="nuclear-power",
    name="nuclear power",
    stance="against",
    probabilities=Probabilities(favor=0.1, against=0.8, neutral=0.1),
    evidence=(ScoredSpan(text="that it was late", start=19, end=35, score=0.8),),
)


@pytest.fixture(scope="module")
def client(stack: Settings) -> Iterator[Elasticsearch]:
    prepare(stack)
    with open_client(stack) as opened:
        IndexWriter(opened).write(
            [
                document(
                    an_enriched_story(
                        a_story(id=f"said-{name}", body=[{"text": TEXT}]),
                        summary=Summary(sentences=(a_quote(TEXT),)),
                        stances=(),
                        quotes=(SAYS,),
                        entities=(IS,),
                        speakers=speakers,
                    )
                )
                for name, speakers in (("one", (AGAINST,)), ("two", ()))
            ]
            + [
                document(
                    an_enriched_story(
                        a_story(id=f"named-{number}", body=[{"text": text}]),
                        summary=Summary(sentences=(a_quote(text),)),
                        stances=(),
                        quotes=(quote,),
                    )
                )
                for number, (text, quote) in enumerate(map(says, SIGNED))
            ]
        )
        opened.indices.refresh(index=ALIAS)
        yield opened
        for index in opened.indices.get(index=ALL):
            opened.indices.delete(index=index)


def found(client: Elasticsearch, query: dict[str, object]) -> list[str]:
    answer = client.search(index=ALIAS, query=query)
    return sorted(hit["_source"]["id"] for hit in answer["hits"]["hits"])


def test_the_queries_of_the_reference_find_who_said_what(client: Elasticsearch) -> None:
    text = (ROOT / "docs" / "reference.md").read_text("utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    quotes, speakers = (json.loads(f'{{"query{own}') for own in block.split('{"query')[1:])
    assert found(client, quotes["query"]) == ["said-one", "said-two"]
    assert found(client, speakers["query"]) == ["said-one"]


def test_names_are_facets_and_quotes_are_searched(client: Elasticsearch) -> None:
    answer = client.search(
        index=ALIAS,
        size=0,
        query={"prefix": {"id": "said-"}},
        aggs={"people": {"terms": {"field": "people"}}},
    )
    assert [
        (own["key"], own["doc_count"]) for own in answer["aggregations"]["people"]["buckets"]
    ] == [("Ruth Hallmann", 2)]
    words = {"nested": {"path": "quotes", "query": {"match": {"quotes.text": "late"}}}}
    assert found(client, words) == ["said-one", "said-two"]


def test_a_story_comes_back_with_who_said_what(client: Elasticsearch) -> None:
    story = get(client, "said-one")
    assert story is not None
    assert (story.quotes, story.entities, story.speakers) == ((SAYS,), (IS,), (AGAINST,))


def test_what_somebody_said_is_put_together_by_his_name(client: Elasticsearch) -> None:
    every = said_by(client, Asked("hallmann"))
    assert every.total == len(every.stories) == 2
    assert [own.quotes for own in every.stories] == [(SAYS,), (SAYS,)]
    (one,) = said_by(client, Asked("Hallmann, Ruth", target="nuclear-power")).stories
    assert (one.story.id, one.stances) == ("said-one", (AGAINST,))
    assert said_by(client, Asked("Ruth Ellery")).total == 0
    assert said_by(client, Asked("hallmann", until=date(1990, 1, 1))).stories == ()
    assert said_by(client, Asked("hallmann", size=1)).total == 2


@pytest.mark.parametrize(
    ("asked", "speaker"),
    [
        ("Sinead O'Connor", SIGNED[0]),
        ("o’connor", SIGNED[0]),
        ("Maeve O'Brien", SIGNED[1]),
        ("Maeve O’Brien", SIGNED[1]),
        ("U.S. Army", SIGNED[2]),
        ("army", SIGNED[2]),
    ],
)
def test_somebody_whose_name_has_signs_in_it_is_found(
    client: Elasticsearch, asked: str, speaker: str
) -> None:
    (one,) = said_by(client, Asked(asked)).stories
    assert one.quotes == (says(speaker)[1],)


def test_the_command_prints_his_words_and_where_he_stands(
    client: Elasticsearch, stack: Settings
) -> None:
    newswire = partial(shell.newswire, stack)
    shown = newswire("quotes", "Ruth Hallmann", "--target", "nuclear-power")
    assert "that it was late" in shown.stdout
    assert "Stance of Ruth Hallmann: against 0.80 toward nuclear power" in shown.stdout
    found = json.loads(newswire("quotes", "hallmann", "--json").stdout)
    assert found["total"] == 2
    nobody = newswire("quotes", "Nobody")
    assert (nobody.stdout, nobody.returncode) == ("", 0)
    assert "Nobody of that name" in nobody.stderr
    assert newswire("quotes", " ").returncode == 2
