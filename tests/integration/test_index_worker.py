"""The index worker on the real servers: nothing twice, nothing older, nothing lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any

import pytest
from elasticsearch import ApiError, Elasticsearch
from kafka import KafkaAdminClient, KafkaProducer

from newswire.bus.groups import consumer_group, lag
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED
from newswire.search.client import ALIAS
from newswire.search.document import document_id, external_version
from newswire.search.reader import get
from newswire.search.templates import apply_templates
from newswire.stack import StackConfig, start_server, stop_server
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import PubStatus, Story
from tests.copies import body, paragraphs
from tests.factories import a_raw_reference, a_story, an_enriched_story
from tests.services import contents, drain, eventually, letters, produce, start_group_at
from workers.index import IndexStep, build
from workers.main import work

GROUP = consumer_group("index")
ALL = "newswire-stories-*"

pytestmark = pytest.mark.usefixtures("client")


def index(stack: Settings, *records: EnrichedStory) -> IndexStep:
    """Produce records and run the worker over them."""
    produce(stack, ENRICHED, records)
    step = build(stack)
    drain(stack, step)
    return step


def version(number: int, **story: Any) -> EnrichedStory:
    return an_enriched_story(
        a_story(id="one", version=number, headline=f"Version {number}", **story), generation=1
    )


def test_a_story_is_one_document_under_an_id_and_a_version_that_follow_from_it(
    stack: Settings, client: Elasticsearch
) -> None:
    step = index(stack, version(7))
    assert step.written == {"indexed": 1}
    (found,) = contents(client, ALL).items()
    assert found[0] == document_id("one")
    assert found[1]["version"] == 7
    answer = client.get(index="newswire-stories-2024.05", id=found[0])
    assert answer["_version"] == external_version(version(7)) == (7 << 20) + 1


def unlike(name: str, **differs: Any) -> Story:
    """A story that is like no other."""
    return a_story(id=name, headline=name, body=body(*paragraphs(name)), **differs)


def without_times(documents: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {field: value for field, value in fields.items() if field != "indexed_at"}
        for name, fields in documents.items()
    }


def test_a_group_that_is_done_has_nothing_left_though_transactions_have_offsets(
    stack: Settings, client: Elasticsearch
) -> None:
    with closing(
        KafkaProducer(bootstrap_servers=stack.kafka_bootstrap, transactional_id="lag")
    ) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(ENRICHED, value=version(7).to_json(), key=b"one")
        producer.commit_transaction()
    assert lag(stack, GROUP, ENRICHED) == 1
    drain(stack, build(stack))
    assert lag(stack, GROUP, ENRICHED) == 0


def test_a_replay_of_the_whole_topic_changes_nothing(
    stack: Settings, client: Elasticsearch
) -> None:
    # With copy of their own: else they are duplicates of what earlier tests left on the topic.
    others = [an_enriched_story(unlike(f"replayed-{number}")) for number in range(20)]
    versions = [an_enriched_story(unlike("replayed", version=one)) for one in (1, 3, 2)]
    first = index(stack, *versions, *others)
    assert first.written["indexed"] + first.written["stale"] == 23
    before = contents(client, ALL)
    start_group_at(stack, "index", ENRICHED, end=False)
    # What earlier tests left on the topic is replayed as well: of these stories, nothing changes.
    again = build(stack)
    counts = drain(stack, again)
    assert counts.consumed >= 23
    assert again.written["stale"] >= 23
    after = contents(client, ALL)
    assert {name: after[name] for name in before} == before


def test_the_order_of_arrival_means_nothing(stack: Settings, client: Elasticsearch) -> None:
    seen = set()
    for order in ([1, 2, 3], [3, 2, 1], [2, 3, 1, 2, 3]):
        start_group_at(stack, "index", ENRICHED, end=True)
        if client.indices.exists(index="newswire-stories-2024.05"):
            client.indices.delete(index="newswire-stories-2024.05")
        index(stack, *(version(number) for number in order))
        (found,) = without_times(contents(client, ALL)).values()
        seen.add(found["headline"])
    assert seen == {"Version 3"}


def test_an_older_version_after_a_newer_one_is_stale_and_no_dead_letter(
    stack: Settings, client: Elasticsearch
) -> None:
    dead = letters(stack)
    assert index(stack, version(2)).written == {"indexed": 1}
    assert index(stack, version(1)).written == {"stale": 1}
    assert [one["headline"] for one in contents(client, ALL).values()] == ["Version 2"]
    assert dead.records() == []


def test_a_newer_enrichment_of_the_same_version_replaces_the_older(
    stack: Settings, client: Elasticsearch
) -> None:
    story = a_story(id="one")
    for generation, written in ((1, "indexed"), (2, "indexed"), (1, "stale")):
        step = index(stack, an_enriched_story(story, generation=generation))
        assert step.written == {written: 1}
    (found,) = contents(client, ALL).values()
    assert found["provenance"]["generation"] == 2


def test_a_kill_leaves_a_tombstone_that_no_reader_sees(
    stack: Settings, client: Elasticsearch
) -> None:
    index(stack, version(1))
    client.indices.refresh(index=ALL)
    assert get(client, "one") is not None
    killed: Story = a_story(id="one", version=2, pub_status=PubStatus.CANCELED, ednote="KILL")
    index(stack, EnrichedStory(story=killed))
    assert index(stack, version(1)).written == {"stale": 1}
    (tombstone,) = contents(client, ALL).values()
    assert (tombstone["pub_status"], tombstone["ednote"]) == ("canceled", "KILL")
    assert {"body", "text", "headline", "summary", "stances", "embedding"}.isdisjoint(tombstone)
    assert get(client, "one") is None
    assert client.count(index=ALIAS)["count"] == 0


def test_a_document_that_the_mapping_refuses_is_a_dead_letter_and_its_neighbours_are_indexed(
    stack: Settings, client: Elasticsearch
) -> None:
    dead = letters(stack)
    # JSON's integers have no end, Elasticsearch's `long` has one.
    raw = a_raw_reference(size=2**64)
    huge = an_enriched_story(a_story(id="huge", raw=raw))
    step = index(
        stack, an_enriched_story(a_story(id="a")), huge, an_enriched_story(a_story(id="b"))
    )
    assert step.written == {"indexed": 2}
    assert contents(client, ALL).keys() == {document_id("a"), document_id("b")}
    (letter,) = dead.records()
    assert (letter.stage, letter.error) == ("index", "RefusedDocument")
    assert "raw.size" in letter.message
    assert letter.origin.topic == ENRICHED
    assert letter.raw == raw


def test_elasticsearch_away_is_waited_for_and_nothing_becomes_a_dead_letter(
    stack: Settings, stack_config: StackConfig, client: Elasticsearch
) -> None:
    dead = letters(stack)
    index(stack, version(1))
    stop_server(stack.data_dir, "elasticsearch", kill=True)
    try:
        produce(stack, ENRICHED, [version(2), *many(30)])
        waiting, stop = threading.Event(), threading.Event()
        worker = Background(lambda: work_until(stack, stop, Noticing(client, stack, waiting)))
        assert waiting.wait(20), "the worker did not notice"
        assert lag(stack, GROUP, ENRICHED) >= 31
    finally:
        start_server(stack_config, "elasticsearch")
    try:
        assert eventually(lambda: len(found_of(client)) == 31, 60)
    finally:
        stop.set()
        worker.join()
    assert found_of(client)[document_id("one")]["headline"] == "Version 2"
    assert dead.records() == []


def test_a_worker_that_starts_without_elasticsearch_is_in_its_group_and_indexes_once_it_is_there(
    stack: Settings, stack_config: StackConfig, client: Elasticsearch
) -> None:
    stop_server(stack.data_dir, "elasticsearch", kill=True)
    stop = threading.Event()
    worker = Background(lambda: work_until(stack, stop))
    try:
        try:
            # What the health check of its container asks.
            assert eventually(lambda: members(stack) == 1)
            produce(stack, ENRICHED, many(3))
            assert lag(stack, GROUP, ENRICHED) >= 3
        finally:
            start_server(stack_config, "elasticsearch")
        assert eventually(lambda: indexed(client) == 3, 60)
    finally:
        stop.set()
        worker.join()


def indexed(client: Elasticsearch) -> int:
    with suppress(ApiError):  # 503 while the index is being made
        return len(found_of(client))
    return 0


def members(stack: Settings) -> int:
    with closing(KafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)) as admin:
        return len(admin.describe_groups([GROUP])[GROUP]["members"])


def many(count: int) -> list[EnrichedStory]:
    return [an_enriched_story(a_story(id=f"many-{number}")) for number in range(count)]


def found_of(client: Elasticsearch) -> dict[str, dict[str, Any]]:
    return contents(client, ALL)


class Noticing(IndexStep):
    """Tells when a batch could not be written."""

    def __init__(self, client: Elasticsearch, stack: Settings, failed: threading.Event) -> None:
        super().__init__(client, stack.schemas_dir)
        self._failed = failed

    def prepare(self) -> None:
        """Prepared before: what is to be noticed is a batch."""

    def process(self, messages: Any) -> Any:
        try:
            return super().process(messages)
        except Exception:
            self._failed.set()
            raise


def work_until(stack: Settings, stop: threading.Event, step: IndexStep | None = None) -> None:
    work(stack, (lambda _: step) if step else build, EnrichedStory, stop=stop)


class Background(threading.Thread):
    """A thread that hands on what went wrong in it."""

    def __init__(self, task: Callable[[], None]) -> None:
        super().__init__()
        self._task = task
        self._error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self._task()
        except Exception as error:
            self._error = error

    def join(self, timeout: float | None = 60) -> None:
        super().join(timeout)
        assert not self.is_alive()
        if self._error:
            raise self._error


def test_templates_are_applied_again_without_harm(stack: Settings, client: Elasticsearch) -> None:
    before = client.indices.get_index_template(name="newswire-*").body
    index(stack, version(1))
    assert apply_templates(client, stack.schemas_dir) == apply_templates(client, stack.schemas_dir)
    assert client.indices.get_index_template(name="newswire-*").body == before
    assert len(contents(client, ALL)) == 1


def test_the_documents_of_a_month_are_in_its_index(stack: Settings, client: Elasticsearch) -> None:
    may, june = (
        an_enriched_story(a_story(id=month, first_created=f"2024-{month}-03T00:00:00Z"))
        for month in ("05", "06")
    )
    index(stack, may, june)
    assert set(client.indices.get(index=ALL)) == {
        "newswire-stories-2024.05",
        "newswire-stories-2024.06",
    }
    client.indices.refresh(index=ALL)
    assert client.count(index=ALIAS)["count"] == 2
