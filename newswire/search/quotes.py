"""What somebody said in all stories, and where he stands: his quotes put together by his name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from elasticsearch import Elasticsearch
from pydantic import BaseModel, ConfigDict

from newswire.search.client import ALIAS
from newswire.search.document import IndexedStory
from newswire.search.reader import NOT_READ, days_of, read_story, refusals
from newswire.stories.enriched import Quote, SpeakerStance

MOST_CHARS = 200
"""Of a name that is looked for."""

_WORD = re.compile(r"\w+")


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
    filters: list[dict[str, Any]] = [_nested("quotes", _is_called("quotes", asked.name))]
    if asked.target:
        stance = [_is_called("speakers", asked.name), {"term": {"speakers.target": asked.target}}]
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
            ignore_unavailable=True,
            allow_no_indices=True,
        )
    stories = [read_story(hit["_id"], hit["_source"]) for hit in answer["hits"]["hits"]]
    return Found(
        total=answer["hits"]["total"]["value"],
        stories=tuple(_said(story, asked) for story in stories),
    )


def _said(story: IndexedStory, asked: Asked) -> Said:
    wanted = _words(asked.name)
    return Said(
        story=story,
        quotes=tuple(own for own in story.quotes if wanted <= _words(own.speaker or "")),
        stances=tuple(
            own
            for own in story.speakers
            if wanted <= _words(own.speaker) and asked.target in (None, own.target)
        ),
    )


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.lower()))


def _nested(path: str, query: dict[str, Any]) -> dict[str, Any]:
    return {"nested": {"path": path, "query": query}}


def _is_called(path: str, name: str) -> dict[str, Any]:
    words: Sequence[str] = _WORD.findall(name)
    return {"match": {f"{path}.speaker.text": {"query": " ".join(words), "operator": "and"}}}
