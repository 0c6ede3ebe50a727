"""What somebody said in all stories, and where he stands: his quotes put together by his name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from elasticsearch import Elasticsearch
from pydantic import BaseModel, ConfigDict

from newswire.search.client import ALIAS, WHOLE
from newswire.search.document import IndexedStory
from newswire.search.reader import NOT_READ, days_of, read_story, refusals
from newswire.stories.enriched import Quote, SpeakerStance

MOST_CHARS = 200
"""Of a name that is looked for."""

# As the analyser `standard` cuts the names in the index (UAX #29): an apostrophe or a full stop
# between two letters is inside of a word. Cut finer, "O'Connor" is nobody's name.
_WORD = re.compile(r"(?:\w|(?<=[^\W\d_])['.](?=[^\W\d_])|(?<=\d)['.,](?=\d))+")
_APOSTROPHES = "'’"


@dataclass(frozen=True)
class Asked:
    """Whose words are looked for."""

    name: str
    """All of its words stand in the speaker's name: "Hallmann" finds "Ruth Hallmann"."""
    target: str | None = None
    """He has a stance toward it: an id of the watch-list."""
    since: date | None = None
    """Versions of this day, in UTC, and later."""
    until: date | None = None
    """Versions of this day, in UTC, and earlier."""
    size: int = 10
    """Most stories."""


class Said(BaseModel):
    """What somebody says in one story."""

    model_config = ConfigDict(frozen=True)

    story: IndexedStory
    quotes: tuple[Quote, ...]
    stances: tuple[SpeakerStance, ...]


class Found(BaseModel):
    """The newest stories, and in how many he speaks."""

    model_config = ConfigDict(frozen=True)

    total: int
    stories: tuple[Said, ...]


def said_by(client: Elasticsearch, asked: Asked) -> Found:
    """The stories in which somebody is quoted, the newest first, with his words in each.

    Raises:
        RefusedSearch: Elasticsearch refuses the search.
        DependencyUnavailable: it does not answer.
    """
    filters: list[dict[str, Any]] = [_nested("quotes", is_called("quotes", asked.name))]
    if asked.target:
        stance = [is_called("speakers", asked.name), {"term": {"speakers.target": asked.target}}]
        filters.append(_nested("speakers", {"bool": {"filter": stance}}))
    if days := days_of(asked.since, asked.until):
        filters.append({"range": {"version_created": days}})
    with refusals():
        answer = client.search(
            index=ALIAS,
            size=asked.size,
            query={"bool": {"filter": filters}},
            sort=[{"version_created": "desc"}],
            track_total_hits=True,
            source_excludes=NOT_READ,
            **WHOLE,
        )
    stories = [read_story(hit["_id"], hit["_source"]) for hit in answer["hits"]["hits"]]
    return Found(
        total=answer["hits"]["total"]["value"],
        stories=tuple(_said(story, asked) for story in stories),
    )


def _said(story: IndexedStory, asked: Asked) -> Said:
    wanted = words(asked.name)
    return Said(
        story=story,
        quotes=tuple(own for own in story.quotes if wanted <= words(own.speaker or "")),
        stances=tuple(
            own
            for own in story.speakers
            if wanted <= words(own.speaker) and asked.target in (None, own.target)
        ),
    )


def words(name: str) -> set[str]:
    """What a name is found by: its words in lower case, apostrophes as typewriters have them."""
    return set(_WORD.findall(_with_apostrophe(name.lower(), "'")))


def is_called(path: str, name: str) -> dict[str, Any]:
    """The query for speakers in whose name all words of ``name`` stand."""
    # The index keeps either apostrophe as it was sent, and nobody knows which one that was.
    spellings = dict.fromkeys(_with_apostrophe(name, own) for own in _APOSTROPHES)
    matches = [
        {"match": {f"{path}.speaker.text": {"query": own, "operator": "and"}}} for own in spellings
    ]
    return {"bool": {"should": matches, "minimum_should_match": 1}}


def _with_apostrophe(name: str, apostrophe: str) -> str:
    return re.sub(f"[{_APOSTROPHES}]", apostrophe, name)


def _nested(path: str, query: dict[str, Any]) -> dict[str, Any]:
    return {"nested": {"path": path, "query": query}}
