"""What linking one story costs where hundreds are like it: requests are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire.search import candidates
from newswire.search.document import document
from newswire.search.linker import Linker
from newswire.search.writer import IndexWriter
from newswire.stories.enriched import EnrichedStory
from tests.copies import paragraphs
from tests.integration.test_links import duplicates, index, told

FEW, MANY = 12, 36
STORY = paragraphs("harbour strike", 14)


class Counted:
    """What a client asked for."""

    requests = 0
    searches = 0
    """Of those, and within them."""


@contextmanager
def counting(client: Elasticsearch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """Counts what the client sends while the block runs."""
    counted = Counted()
    send = client.transport.perform_request

    def count(method: str, target: str, **given: Any) -> Any:
        counted.requests += 1
        if "/_msearch" in target:
            counted.searches += len(given["body"]) // 2
        elif "/_search" in target and method == "POST":
            counted.searches += 1
        return send(method, target, **given)

    with monkeypatch.context() as patch:
        patch.setattr(client.transport, "perform_request", count)
        yield counted


def near(name: str, minutes: float, version: int = 1) -> EnrichedStory:
    """One of many tellings of one event: some of its paragraphs, and never quite another's."""
    random = Random(name)
    return told(
        name,
        minutes,
        [text for text in STORY if random.random() < 0.75],
        direction=3,
        headline="Harbour pilots vote to end strike",
        version=version,
    )


@pytest.mark.parametrize("like_it", [FEW, MANY])
def test_a_live_story_costs_as_much_among_many_near_duplicates_as_among_few(
    client: Elasticsearch, monkeypatch: pytest.MonkeyPatch, like_it: int
) -> None:
    monkeypatch.setattr(candidates, "MOST_COPIES", 5)
    monkeypatch.setattr(candidates, "MOST_TELLINGS", 5)
    index(client, *(near(f"{number}", number) for number in range(like_it)))
    named = {name for name in duplicates(client).values() if name}
    assert len(named) > 1  # not all are copies of the first
    middle = min(named - {"0"})
    for record in (near("live", like_it), near(middle, float(middle), version=2)):
        documents = [document(record)]
        writer = IndexWriter(client)
        writer.write(documents)
        with counting(client, monkeypatch) as counted:
            Linker(client, writer).link(documents)
        sys.stderr.write(
            f"\n{record.story.id} among {like_it}: {counted.requests} requests, "
            f"{counted.searches} searches\n"
        )
        assert counted.requests <= 20
        assert counted.searches <= 12
