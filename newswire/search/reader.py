"""Find stories and show one: the queries behind the command line, as a dashboard would ask them."""

from __future__ import annotations

from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from newswire.search.client import ALIAS, unavailable_means_wait
from newswire.search.document import document_id
from newswire.stories.model import Stance

_SOURCE = {"excludes": ["embedding"]}


def search_request(
    text: str | None, *, target: str | None = None, stance: Stance | None = None, size: int = 10
) -> dict[str, Any]:
    """The body of a search: words in headline, summary and text; a stance toward a target."""
    must: list[dict[str, Any]] = []
    if text:
        fields = ["headline^3", "summary.text^2", "text"]
        must.append({"multi_match": {"query": text, "fields": fields}})
    stances = [
        {"term": {f"stances.{name}": value}}
        for name, value in (("target", target), ("stance", stance))
        if value
    ]
    if stances:
        must.append({"nested": {"path": "stances", "query": {"bool": {"filter": stances}}}})
    return {
        "size": size,
        "query": {"bool": {"must": must}} if must else {"match_all": {}},
        "sort": ["_score", {"version_created": "desc"}],
        "highlight": {
            "fields": {
                "headline": {"number_of_fragments": 0},
                "text": {"number_of_fragments": 1, "fragment_size": 160},
            }
        },
        "_source": _SOURCE,
    }


def search(client: Elasticsearch, request: dict[str, Any]) -> dict[str, Any]:
    """Run a search over the alias; an alias that isn't there yet holds no stories."""
    arguments = {name.removeprefix("_"): value for name, value in request.items()}
    source = arguments.pop("source", None)
    with unavailable_means_wait():
        answer = client.search(
            index=ALIAS, source=source, ignore_unavailable=True, allow_no_indices=True, **arguments
        )
    return dict(answer.body)


def get(client: Elasticsearch, story_id: str) -> dict[str, Any] | None:
    """A usable story's document by the story's id or by its ``_id``; ``None`` if there is none."""
    ids = [document_id(story_id), story_id]
    query = {"ids": {"values": ids}}
    with unavailable_means_wait():
        try:
            answer = client.search(index=ALIAS, query=query, source=_SOURCE, size=1)
        except NotFoundError:
            return None
    hits = answer["hits"]["hits"]
    return dict(hits[0]["_source"]) if hits else None
