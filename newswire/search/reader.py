"""Find stories and show one: the queries behind the command line, as a dashboard would ask them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from pydantic import BaseModel, ConfigDict, ValidationError

from newswire.errors import NewswireError
from newswire.search.client import ALIAS, WHOLE, unavailable_means_wait
from newswire.search.document import IndexedStory, document_id
from newswire.stories.enriched import Stance

MARK = ("<em>", "</em>")
"""What stands around a word that was found, in a fragment."""

MOST_CHARS = 1000
"""Of the words of a search. Elasticsearch's parser takes a time that grows with their square:
15,000 words keep a server busy for minutes."""

_WORDS_IN = ["headline^3", "summary.text^2", "text"]
NOT_READ = ["embedding", "text", "signature", "bands"]
"""Of a document: what no reader of a story needs."""
_MOST_NAMED = 5


class RefusedSearch(NewswireError):
    """Elasticsearch will not answer this question, now or later."""


class AmbiguousId(NewswireError):
    """The beginning of the ids of several stories."""


@dataclass(frozen=True)
class Query:
    """What is looked for. All that is given must hold; nothing given finds every story."""

    words: str = ""
    """In headline, summary and text, in any of their English forms: all of ``two words``, either of
    ``one | other``, ``"a phrase"``, ``begin*``, ``-without``. Whatever stands there means
    something: there are no errors of syntax."""
    target: str | None = None
    """The story has a stance toward it: an id of the watch-list."""
    stance: Stance | None = None
    """The stance, of that target where one is given."""
    provider: str | None = None
    """The provider's whole name, in any case."""
    since: date | None = None
    """Versions of this day, in UTC, and later."""
    until: date | None = None
    """Versions of this day, in UTC, and earlier."""
    duplicates: bool = True
    """Also those whose copy an earlier story has."""
    size: int = 10
    """Most stories."""


class Hit(BaseModel):
    """One story that was found."""

    model_config = ConfigDict(frozen=True)

    story: IndexedStory
    score: float
    """BM25; 0 where no words were asked for."""
    fragments: tuple[str, ...] = ()
    """Where the words were found in the text, each word between :data:`MARK`."""


class Found(BaseModel):
    """The best hits, and how many there are in all."""

    model_config = ConfigDict(frozen=True)

    total: int
    hits: tuple[Hit, ...]


def search(client: Elasticsearch, query: Query) -> Found:
    """Search the alias: the best first, of equals the newest. No alias yet: nothing is found.

    Raises:
        RefusedSearch: the words are too many.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    must: list[dict[str, Any]] = []
    filters: list[dict[str, Any]] = []
    if query.words.strip():
        if len(query.words) > MOST_CHARS:
            raise RefusedSearch(
                f"a search of {len(query.words):,} characters, over the limit of {MOST_CHARS:,}",
                "ask for fewer words",
            )
        must.append(
            {
                "simple_query_string": {
                    "query": query.words,
                    "fields": _WORDS_IN,
                    "default_operator": "and",
                }
            }
        )
    stances = [
        {"term": {f"stances.{name}": value}}
        for name, value in (("target", query.target), ("stance", query.stance))
        if value
    ]
    if stances:
        filters.append({"nested": {"path": "stances", "query": {"bool": {"filter": stances}}}})
    if query.provider:
        filters.append({"term": {"provider": {"value": query.provider, "case_insensitive": True}}})
    if days := days_of(query.since, query.until):
        filters.append({"range": {"version_created": days}})
    originals = [] if query.duplicates else [{"exists": {"field": "duplicate_of"}}]
    with refusals():
        answer = client.search(
            index=ALIAS,
            size=query.size,
            query={"bool": {"must": must, "filter": filters, "must_not": originals}},
            sort=["_score", {"version_created": "desc"}],
            track_total_hits=True,
            source_excludes=NOT_READ,
            highlight={
                "pre_tags": [MARK[0]],
                "post_tags": [MARK[1]],
                "fields": {"text": {"number_of_fragments": 1, "fragment_size": 160}},
            },
            **WHOLE,
        )
    return Found(
        total=answer["hits"]["total"]["value"],
        hits=tuple(
            Hit(
                story=read_story(hit["_id"], hit["_source"]),
                score=hit["_score"] or 0.0,
                fragments=tuple(hit.get("highlight", {}).get("text", ())),
            )
            for hit in answer["hits"]["hits"]
        ),
    )


def get(client: Elasticsearch, story_id: str) -> IndexedStory | None:
    """A usable story by its id, its ``_id``, or the beginning of an id that no other has.

    Returns:
        ``None`` if there is none.

    Raises:
        AmbiguousId: several stories' ids begin so.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    exactly = {"ids": {"values": [document_id(story_id), story_id]}}
    for query in (exactly, {"prefix": {"id": story_id}}):
        with refusals():
            answer = client.search(
                index=ALIAS,
                query=query,
                size=_MOST_NAMED,
                source_excludes=NOT_READ,
                **WHOLE,
            )
        stories = [read_story(hit["_id"], hit["_source"]) for hit in answer["hits"]["hits"]]
        if len(stories) > 1:
            total = answer["hits"]["total"]["value"]
            more = ", …" if total > len(stories) else ""
            raise AmbiguousId(
                f"{total} stories have an id that begins with {story_id}: "
                f"{', '.join(story.id for story in stories)}{more}",
                "give more of it",
            )
        if stories:
            return stories[0]
    return None


def days_of(since: date | None, until: date | None) -> dict[str, str]:
    """The bounds of a range of whole days, both included; empty where none is given."""
    # `||/d` takes the whole day: its beginning for `gte`, its end for `lte`.
    bounds = (("gte", since), ("lte", until))
    return {name: f"{day.isoformat()}||/d" for name, day in bounds if day}


@contextmanager
def refusals() -> Iterator[None]:
    """What Elasticsearch refuses as one clear error, and waits where it doesn't answer."""
    try:
        with unavailable_means_wait():
            yield
    except ApiError as error:
        raise RefusedSearch(
            f"Elasticsearch refuses the search: {_innermost(error)[:300]}",
            "ask for something simpler",
        ) from error


def _innermost(error: ApiError) -> str:
    cause = error.body.get("error", {}) if isinstance(error.body, dict) else {}
    roots = cause.get("root_cause") if isinstance(cause, dict) else None
    return str(roots[0].get("reason", error)) if roots else str(error)


def read_story(document: str, fields: dict[str, Any]) -> IndexedStory:
    """The story of a hit: its ``_id`` and its ``_source``.

    Raises:
        NewswireError: the document is none of Newswire's.
    """
    try:
        return IndexedStory.model_validate(fields)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise NewswireError(
            f"the document {document} in {ALIAS} is no story of Newswire's: {where}: "
            f"{error.errors()[0]['msg']}",
            "remove it, or let `newswire work index` write it again",
        ) from error
