"""What a search refuses before it is asked, and what it makes of an answer."""

from __future__ import annotations

from typing import Any, cast

import pytest
from elasticsearch import ApiError, Elasticsearch

from newswire.errors import NewswireError
from newswire.search.document import document
from newswire.search.reader import MOST_CHARS, AmbiguousId, Query, RefusedSearch, get, search
from tests.factories import NOON, a_story, an_enriched_story


class Answering:
    """A cluster that answers every search with the same hits, or an error."""

    def __init__(self, *fields: dict[str, Any], error: ApiError | None = None) -> None:
        self._error = error
        self._hits = [{"_id": "d1", "_score": None, "_source": one} for one in fields]

    def search(self, **_: object) -> dict[str, Any]:
        if self._error:
            raise self._error
        return {"hits": {"total": {"value": len(self._hits)}, "hits": self._hits}}


def cluster(*fields: dict[str, Any], error: ApiError | None = None) -> Elasticsearch:
    return cast(Elasticsearch, Answering(*fields, error=error))


def indexed(**story: Any) -> dict[str, Any]:
    return document(an_enriched_story(a_story(**story)), now=NOON).fields


def test_a_search_that_would_keep_the_server_busy_for_minutes_is_not_asked() -> None:
    with pytest.raises(RefusedSearch, match="of 1,001 characters, over the limit of 1,000; ask"):
        search(cluster(), Query("x" * (MOST_CHARS + 1)))
    assert search(cluster(), Query("x" * MOST_CHARS)).total == 0


def test_a_refusal_is_one_line_with_its_innermost_cause() -> None:
    body = {"error": {"reason": "all shards failed", "root_cause": [{"reason": "too\nmany"}]}}
    error = ApiError("search_phase", cast(Any, type("Meta", (), {"status": 400})), body)
    with pytest.raises(RefusedSearch) as refused:
        search(cluster(error=error), Query("x"))
    assert str(refused.value) == (
        "Elasticsearch refuses the search: too many; ask for something simpler"
    )


def test_a_document_that_is_no_story_is_named_with_the_field_at_fault() -> None:
    broken = indexed() | {"version": "first"}
    with pytest.raises(NewswireError, match=r"the document d1 in stories .* version: .*; remove"):
        search(cluster(broken), Query())


def test_the_beginning_of_several_ids_is_refused_and_they_are_named() -> None:
    with pytest.raises(AmbiguousId, match="2 stories have an id that begins with t: t:1, t:2; "):
        get(cluster(indexed(id="t:1"), indexed(id="t:2")), "t")
