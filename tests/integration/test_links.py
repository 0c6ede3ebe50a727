"""Duplicates and threads in the index: found from whatever outlet, in whatever order."""

from __future__ import annotations

import sys
import threading
import time
from datetime import datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire.config import Settings
from newswire.contracts.topics import ENRICHED
from newswire.errors import DependencyUnavailable
from newswire.search import candidates
from newswire.search import linker as linking
from newswire.search.candidates import WITH_VECTORS, seen
from newswire.search.client import open_client
from newswire.search.document import INDEX_PREFIX, document
from newswire.search.linker import Linker
from newswire.search.reader import Query, get, search
from newswire.search.writer import IndexWriter
from newswire.stack import StackConfig, start_server, stop_server
from newswire.stories.enriched import EnrichedStory
from newswire.stories.links import links
from tests.copies import body, paragraphs
from tests.factories import NOON, a_story, an_embedding, an_enriched_story
from tests.services import drain, produce
from workers.index import build

ALL = f"{INDEX_PREFIX}*"
COPY = paragraphs("the harbour")


def told(
    name: str,
    minutes: float = 0,
    texts: list[str] = COPY,
    *,
    direction: int | None = None,
    **story: Any,
) -> EnrichedStory:
    """A story of an outlet; without a direction it means nothing in particular."""
    return an_enriched_story(
        a_story(
            **{
                "id": name,
                "first_created": NOON + timedelta(minutes=minutes),
                "body": body(*texts),
                "provider": f"Outlet of {name}",
                "headline": f"Headline of {name}",
            }
            | story
        ),
        embedding=None if direction is None else an_embedding(direction),
    )


def killed(name: str, minutes: float = 0, version: int = 9) -> EnrichedStory:
    created = NOON + timedelta(minutes=minutes)
    return EnrichedStory(
        story=a_story(
            id=name, version=version, first_created=created, pub_status="canceled", body=[]
        )
    )


def index(client: Elasticsearch, *records: EnrichedStory) -> int:
    """Write and link a batch as the worker does. Returns how many were written again."""
    documents = [document(record) for record in records]
    writer = IndexWriter(client)
    writer.write(documents)
    return Linker(client, writer).link(documents)


def whole(client: Elasticsearch) -> dict[str, dict[str, Any]]:
    """Every document by its story's id, whole, with its external version."""
    client.indices.refresh(index=ALL)
    answer = client.search(
        index=ALL,
        size=1000,
        version=True,
        source={"exclude_vectors": False},
        query={"match_all": {}},
    )
    return {
        hit["_source"]["id"]: {**hit["_source"], "_version": hit["_version"]}
        for hit in answer["hits"]["hits"]
    }


def duplicates(client: Elasticsearch) -> dict[str, str | None]:
    return {name: fields.get("duplicate_of") for name, fields in whole(client).items()}


def threads(client: Elasticsearch) -> dict[str, str | None]:
    return {name: fields.get("thread_id") for name, fields in whole(client).items()}


def test_the_copy_of_several_outlets_is_linked_to_the_earliest_and_none_is_dropped(
    stack: Settings, client: Elasticsearch
) -> None:
    agency = told("agency", slugline="HARBOUR-STRIKE/")
    renamed = told("new-slug", 20, slugline="PILOTS-VOTE/", headline="Another headline")
    edited = told(
        "outlet",
        30,
        [f"BRINDLE BAY (Example Wire) - {COPY[0]}", *COPY[1:], "(Reporting by A. Byline)"],
    )
    cut = told("short", 40, COPY[:4])
    other = told("other", 10, paragraphs("elsewhere"))
    produce(stack, ENRICHED, [agency, renamed, edited, cut, other])
    drain(stack, build(stack))
    assert duplicates(client) == {
        "agency": None, "new-slug": "agency", "outlet": "agency", "short": "agency", "other": None,
    }  # fmt: skip
    assert threads(client) == {
        "agency": "agency", "new-slug": "agency", "outlet": "agency", "short": "agency",
        "other": "other",
    }  # fmt: skip


def test_a_story_that_tells_an_earlier_one_further_is_in_its_thread_and_no_duplicate(
    client: Elasticsearch,
) -> None:
    first = told("first", 0, COPY[:4])
    longer = told("longer", 60, [*COPY[:4], *paragraphs("what came of it", 5)])
    index(client, first, longer)
    assert duplicates(client) == {"first": None, "longer": None}
    assert threads(client) == {"first": "first", "longer": "first"}


def test_a_story_is_in_the_thread_of_one_that_another_of_the_batch_is_a_copy_of(
    client: Elasticsearch,
) -> None:
    headline = "Harbour pilots vote to end strike"
    first = told("first", 0, direction=1, headline=headline)
    told_anew = told("anew", 60, paragraphs("in other words"), direction=1, headline=headline)
    copied = told("copied", 90, direction=2)
    index(client, first)
    index(client, told_anew, copied)
    assert threads(client) == {"first": "first", "anew": "first", "copied": "first"}
    assert duplicates(client) == {"first": None, "anew": None, "copied": "first"}


def test_stories_that_mean_the_same_under_like_headlines_are_one_thread_for_some_days(
    client: Elasticsearch,
) -> None:
    headline = "Harbour pilots vote to end strike"
    index(
        client,
        told("vote", 0, paragraphs(1), direction=3, headline=headline),
        told("again", 60, paragraphs(2), direction=3, headline="Pilots of harbour end strike"),
        told("another", 70, paragraphs(3), direction=3, headline="Museum opens"),
        told("elsewhere", 80, paragraphs(4), direction=4, headline=headline),
        told("next-week", 60 * 24 * 7, paragraphs(5), direction=3, headline=headline),
    )
    assert threads(client) == {
        "vote": "vote", "again": "vote", "another": "another", "elsewhere": "elsewhere",
        "next-week": "next-week",
    }  # fmt: skip


def test_the_order_of_arrival_means_nothing_to_links(client: Elasticsearch) -> None:
    records = [
        told("a"),
        told("b", 1, [*COPY[:6], *paragraphs("b", 2)]),
        told("c", 2, COPY[2:]),
        told("d", 3, COPY[:5]),
    ]
    seen = set()
    for order in permutations(records):
        for name in client.indices.get(index=ALL):
            client.indices.delete(index=name)
        for record in order:
            index(client, record)
        seen.add((*sorted(duplicates(client).items()), *sorted(threads(client).items())))
    assert len(seen) == 1
    assert dict(next(iter(seen))[4:])["d"] == "a"


def test_links_reach_over_the_end_of_a_month(client: Elasticsearch) -> None:
    may, june = (datetime.fromisoformat(f"2024-{day}T12:00:00Z") for day in ("05-30", "06-02"))
    index(client, told("june", first_created=june))
    index(client, told("may", first_created=may))
    assert duplicates(client) == {"june": "may", "may": None}


def test_when_the_origin_is_killed_its_copies_are_linked_anew_and_an_unkill_takes_them_back(
    client: Elasticsearch,
) -> None:
    index(client, told("a"), told("b", 1), told("c", 2))
    assert duplicates(client) == {"a": None, "b": "a", "c": "a"}
    index(client, killed("a"))
    assert duplicates(client) == {"a": None, "b": None, "c": "b"}
    assert threads(client) == {"a": None, "b": "b", "c": "b"}
    assert not {"signature", "bands", "thread_id"} & whole(client)["a"].keys()
    index(client, told("a", version=10))
    assert duplicates(client) == {"a": None, "b": "a", "c": "a"}


def test_a_version_with_other_copy_leaves_its_duplicates_and_loses_its_origin(
    client: Elasticsearch,
) -> None:
    index(client, told("a"), told("b", 1), told("c", 2))
    index(client, told("a", texts=paragraphs("rewritten"), version=2))
    assert duplicates(client) == {"a": None, "b": None, "c": "b"}
    index(client, told("c", 2, paragraphs("rewritten"), version=2))
    assert duplicates(client) == {"a": None, "b": None, "c": "a"}


def test_a_link_is_all_that_changes_in_a_document_its_version_too_stays(
    client: Elasticsearch,
) -> None:
    index(client, told("late", 5, direction=7, version=3))
    before = whole(client)["late"]
    index(client, told("early"))
    after = whole(client)["late"]
    assert after.pop("duplicate_of") == "early"
    assert (after.pop("thread_id"), before.pop("thread_id")) == ("early", "late")
    assert after == before
    assert after["embedding"][7] == 1


def test_a_replay_changes_no_link_and_writes_nothing(
    stack: Settings, client: Elasticsearch
) -> None:
    records = [told(f"{number}", number) for number in range(8)]
    assert index(client, *records) == 7
    before = whole(client)
    assert index(client, *reversed(records), records[0]) == 0
    assert whole(client) == before


def test_linking_that_was_cut_off_is_made_up_for_when_the_batch_comes_again(
    stack: Settings, stack_config: StackConfig, client: Elasticsearch
) -> None:
    index(client, told("late", 5))
    documents = [document(told("early"))]
    writer = IndexWriter(client)
    writer.write(documents)
    stop_server(stack.data_dir, "elasticsearch", kill=True)
    try:
        with pytest.raises(DependencyUnavailable):
            Linker(client, writer).link(documents)
    finally:
        start_server(stack_config, "elasticsearch")
    assert index(client, told("early")) == 1
    assert duplicates(client) == {"early": None, "late": "early"}


def test_two_workers_that_index_one_copy_at_the_same_moment_link_it(
    stack: Settings, client: Elasticsearch
) -> None:
    names = [f"{number:02}" for number in range(24)]
    barrier = threading.Barrier(2)
    failed: list[Exception] = []

    def work(mine: list[str]) -> None:
        try:
            with open_client(stack) as own:
                for name in mine:
                    barrier.wait(30)
                    index(own, told(name, -int(name)))
        except Exception as error:
            failed.append(error)
            barrier.abort()

    workers = [threading.Thread(target=work, args=(names[half::2],)) for half in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert failed == []
    # The last of them is the earliest: each one that came made all before it point to another.
    assert duplicates(client) == {name: "23" if name != "23" else None for name in names}
    assert set(threads(client).values()) == {"23"}


def test_more_copies_than_are_compared_follow_their_origin(
    client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MOST_COPIES", 3)
    monkeypatch.setattr(linking, "AT_ONCE", 4)
    names = [f"{number}" for number in range(20)]
    index(client, *(told(name, 10 + int(name)) for name in names))
    index(client, told("origin"))
    assert duplicates(client) == dict.fromkeys(names, "origin") | {"origin": None}
    index(client, killed("origin"))
    assert duplicates(client) == dict.fromkeys(names[1:], "0") | {"0": None, "origin": None}


def test_random_histories_of_copies_end_linked_as_the_pure_function_has_it(
    client: Elasticsearch,
) -> None:
    seed = Random().getrandbits(32)
    random = Random(seed)
    versions: list[EnrichedStory] = []
    for number in range(80):
        minutes = number * random.choice([1, 1, 700])
        for version in range(1, random.randint(2, 5)):
            # Each version has the copy of one of twelve, with a paragraph of its own.
            texts = [*paragraphs(random.randrange(12), 8), *paragraphs((number, version), 1)]
            versions.append(
                killed(f"{number}", minutes, version=version)
                if random.random() < 0.2
                else told(
                    f"{number}", minutes, texts, version=version,
                    direction=random.randrange(40), headline=f"Pilots strike in {number % 5}",
                )
            )  # fmt: skip
    random.shuffle(versions)
    while versions:
        size = random.randint(1, 40)
        index(client, *versions[:size])
        versions = versions[size:]
    client.indices.refresh(index=ALL)
    found = client.search(index=ALL, size=1000, source=WITH_VECTORS, query={"match_all": {}})
    stories = [one for one in map(seen, found["hits"]["hits"]) if one.usable]
    tellings = [one.telling for one in stories]
    sys.stderr.write(
        f"\nof {len(stories)} stories {sum(bool(one.has.duplicate_of) for one in stories)} are "
        f"duplicates, {sum(one.has.thread_id != one.telling.key for one in stories)} in a thread\n"
    )
    wrong = [one for one in stories if one.has != links(one.telling, tellings)]
    assert wrong == [], f"seed {seed}"


def test_readers_see_the_links_and_can_leave_duplicates_out(client: Elasticsearch) -> None:
    index(client, told("a"), told("b", 1))
    client.indices.refresh(index=ALL)
    copy = get(client, "b")
    assert copy is not None
    assert (copy.duplicate_of, copy.thread_id) == ("a", "a")
    assert [hit.story.id for hit in search(client, Query(duplicates=False)).hits] == ["a"]
    assert search(client, Query()).total == 2


def test_what_linking_costs(client: Elasticsearch) -> None:
    """Printed: the last 200 of some stories, a tenth of them copies; and of stories of one copy."""
    writer = IndexWriter(client)
    mixed = [
        told(f"{n}", n, paragraphs(n // 2 if n % 10 == 1 else n, 12), direction=n % 384)
        for n in range(1000)
    ]
    for name, records in (("mixed", mixed), ("of one copy", [told(f"s{n}") for n in range(600)])):
        for start in range(0, len(records), 200):
            documents = [document(record) for record in records[start : start + 200]]
            writer.write(documents)
            began = time.monotonic()
            rewritten = Linker(client, writer).link(documents)
            took = time.monotonic() - began
        sys.stderr.write(
            f"\nlinking the last 200 of {len(records):,} stories, {name}: "
            f"{took:.2f} s, {rewritten} written again\n"
        )
