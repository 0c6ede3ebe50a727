"""The body of a search."""

from __future__ import annotations

import pytest

from newswire.search.reader import search_request


def test_words_are_looked_for_in_headline_summary_and_text() -> None:
    (query,) = search_request("harbour strike")["query"]["bool"]["must"]
    assert query == {
        "multi_match": {
            "query": "harbour strike",
            "fields": ["headline^3", "summary.text^2", "text"],
        }
    }


def test_nothing_asked_finds_everything_the_newest_first() -> None:
    request = search_request(None)
    assert request["query"] == {"match_all": {}}
    assert request["sort"] == ["_score", {"version_created": "desc"}]
    assert request["size"] == 10


def test_target_and_stance_must_be_those_of_one_and_the_same_tag() -> None:
    (query,) = search_request(None, target="strike", stance="against")["query"]["bool"]["must"]
    assert query["nested"]["path"] == "stances"
    assert query["nested"]["query"]["bool"]["filter"] == [
        {"term": {"stances.target": "strike"}},
        {"term": {"stances.stance": "against"}},
    ]


@pytest.mark.parametrize("text", [None, "words"])
def test_a_target_alone_is_enough(text: str | None) -> None:
    must = search_request(text, target="strike")["query"]["bool"]["must"]
    assert len(must) == (2 if text else 1)
    assert must[-1]["nested"]["query"]["bool"]["filter"] == [{"term": {"stances.target": "strike"}}]


def test_embeddings_are_not_sent_along() -> None:
    assert search_request("x")["_source"] == {"excludes": ["embedding"]}
