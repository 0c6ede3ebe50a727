"""The enrich worker on the real Kafka: each story once, whatever is killed and whatever is bad."""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from kafka import TopicPartition
from kafka.errors import KafkaError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from newswire.bus.groups import consumer_group, lag
from newswire.config import ROOT, Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.enrichment.manifest import TASKS
from newswire.setup import prepare
from newswire.stack import StackConfig, start_server, stop_server
from newswire.stories.enriched import EnrichedStory, Enrichment
from newswire.stories.model import PubStatus, Story
from tests.factories import a_story
from tests.services import (
    Watch,
    drain,
    eventually,
    headers_of,
    letters,
    produce,
    produce_raw,
    start_group_at,
)
from tests.worker_under_fire import FirstBlockEnricher, first_block
from workers.clients import Clients
from workers.enrich import EnrichStep, build

GROUP = consumer_group("enrich")


@pytest.fixture(autouse=True)
def _at_the_end(stack: Settings) -> None:
    """Nothing of an earlier test is left to do."""
    prepare(stack)
    start_group_at(stack, "enrich", STORIES, end=True)


@pytest.fixture
def enriched(stack: Settings) -> Watch:
    return Watch(stack, ENRICHED, EnrichedStory)


def step() -> EnrichStep:
    return EnrichStep(FirstBlockEnricher())


def numbered(count: int, prefix: str) -> list[Story]:
    return [a_story(id=f"{prefix}-{number}", version=number) for number in range(count)]


def test_each_story_comes_out_enriched_and_the_worker_ends_where_the_topic_ends(
    stack: Settings, enriched: Watch
) -> None:
    stories = numbered(40, "plain")
    produce(stack, STORIES, stories)
    counts = drain(stack, step())
    assert (counts.consumed, counts.produced, counts.dead) == (40, 40, 0)
    found = {record.story.id: record for record in enriched.records()}
    assert found.keys() == {story.id for story in stories}
    for story in stories:
        assert found[story.id].story == story
        assert found[story.id].enrichment.summary == first_block(story)
    assert lag(stack, GROUP, STORIES) == 0
    assert drain(stack, step()).consumed == 0


def test_a_record_that_is_no_story_is_a_dead_letter_and_its_neighbours_go_on(
    stack: Settings, enriched: Watch
) -> None:
    dead = letters(stack)
    story = json.loads(a_story(id="broken").to_json())
    del story["headline"]
    values = [b"not JSON \xff", json.dumps(story).encode(), b"[" * 50_000, None]
    produce(stack, STORIES, numbered(3, "before"))
    places = [produce_raw(stack, STORIES, value, partition=1) for value in values]
    produce(stack, STORIES, numbered(3, "after"))
    counts = drain(stack, step())
    assert (counts.consumed, counts.produced, counts.dead) == (10, 6, 4)
    assert len(enriched.records()) == 6
    found = {letter.origin.offset: letter for letter in dead.records()}
    for place, value in zip(places, values, strict=True):
        letter = found[place.offset]
        assert (letter.stage, letter.error) == ("enrich", "ContractViolation")
        assert (letter.origin.topic, letter.origin.partition) == (STORIES, 1)
        assert letter.value == (None if value is None else base64.b64encode(value).decode())


def test_a_date_that_no_calendar_has_does_not_stop_the_worker(
    stack: Settings, enriched: Watch
) -> None:
    dead = letters(stack)
    story = json.loads(a_story(id="ancient").to_json())
    story["first_created"] = "0001-01-01T00:00:00+14:00"
    produce_raw(stack, STORIES, json.dumps(story).encode())
    produce(stack, STORIES, [a_story(id="modern")])
    drain(stack, step())
    assert [record.story.id for record in enriched.records()] == ["modern"]
    assert len(dead.records()) == 1


class Allergic(FirstBlockEnricher):
    def enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        if any("allergic" in story.id for story in stories):
            raise FloatingPointError("overflow in the third layer")
        return super().enrich(stories)


def test_a_story_that_breaks_the_models_is_a_dead_letter_and_its_batch_goes_on(
    stack: Settings, enriched: Watch
) -> None:
    dead = letters(stack)
    produce(stack, STORIES, [*numbered(9, "healthy"), a_story(id="allergic")])
    counts = drain(stack, EnrichStep(Allergic()))
    assert (counts.produced, counts.dead) == (9, 1)
    assert len(enriched.records()) == 9
    (letter,) = dead.records()
    assert (letter.error, letter.message) == ("FloatingPointError", "overflow in the third layer")
    assert letter.raw == a_story().raw


def test_a_withdrawn_story_passes_and_its_headers_tell(stack: Settings, enriched: Watch) -> None:
    killed = a_story(id="killed", pub_status=PubStatus.CANCELED, headline=None, body=())
    produce(stack, STORIES, [killed])
    drain(stack, step())
    assert enriched.records() == [EnrichedStory(story=killed)]
    (place,) = enriched.places()
    headers = headers_of(stack, place)
    assert headers["ce_type"] == "org.newswire.enriched.canceled"
    assert headers["ce_subject"] == "killed"
    assert headers["ce_source"] == "/newswire/enrich"


def test_a_story_that_grows_beyond_a_record_is_a_dead_letter(
    stack: Settings, enriched: Watch
) -> None:
    dead = letters(stack)
    large = a_story(id="large", body=[{"text": "\N{GRINNING FACE}" * 1_000_000}])
    produce(stack, STORIES, [large, a_story(id="small")])
    # Its summary repeats the whole text.
    drain(stack, step())
    assert [record.story.id for record in enriched.records()] == ["small"]
    (letter,) = dead.records()
    assert letter.error == "ContractViolation"
    assert "over the limit of" in letter.message


@pytest.fixture
def fire(stack: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Worker processes, ended with the test."""
    workers: list[subprocess.Popen[bytes]] = []
    yield workers
    for worker in workers:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def start_worker(stack: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.worker_under_fire"],
        env={**os.environ, "NEWSWIRE_DATA_DIR": str(stack.data_dir), "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_workers_that_are_killed_at_random_moments_enrich_each_story_once(
    stack: Settings, enriched: Watch, fire: list[subprocess.Popen[bytes]]
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    stories = numbered(240, f"fire-{seed}")
    produce(stack, STORIES, stories)
    fire += [start_worker(stack), start_worker(stack)]
    left = lag(stack, GROUP, STORIES)
    for _ in range(4):
        # Killed while it works, not while the group still waits for the one before.
        assert eventually(lambda left=left: lag(stack, GROUP, STORIES) < left, 45), seed  # type: ignore[misc]
        threading.Event().wait(chance.uniform(0, 0.3))
        victim = chance.randrange(2)
        fire[victim].send_signal(signal.SIGKILL)
        fire[victim].wait()
        fire[victim] = start_worker(stack)
        left = lag(stack, GROUP, STORIES)
        assert left > 0, f"seed {seed}: all was done before the last one was killed"
    assert eventually(lambda: lag(stack, GROUP, STORIES) == 0, 60), seed
    for worker in fire:
        worker.terminate()
    assert [worker.wait(30) for worker in fire] == [0, 0]
    assert eventually(lambda: len(enriched.records()) >= len(stories), 30), seed
    times = Counter(record.story.id for record in enriched.records())
    assert times == {story.id: 1 for story in stories}, seed


def test_the_offsets_of_a_transaction_that_failed_are_not_in_the_next(stack: Settings) -> None:
    first, second = TopicPartition(STORIES, 0), TopicPartition(STORIES, 1)
    with closing(Clients(stack, "enrich", STORIES)) as clients:
        consumer = clients.consumer
        assert eventually(lambda: clients.stay_in_group({first, second}))
        before = {one: consumer.committed(one) or 0 for one in (first, second)}
        member = consumer.group_metadata()
        with pytest.raises(KafkaError):
            commit(clients, first, before[first] + 1, member._replace(member_id="nobody"))
        commit(clients, second, before[second] + 1, member)
        assert consumer.committed(first) == before[first]
        assert consumer.committed(second) == before[second] + 1
        clients.return_to_committed([first, second])
        assert consumer.position(second) == before[second] + 1


def commit(
    clients: Clients, partition: TopicPartition, offset: int, member: ConsumerGroupMetadata
) -> None:
    with clients.transaction() as producer:
        producer.send_offsets_to_transaction({partition: OffsetAndMetadata(offset, "", -1)}, member)


def test_a_broker_that_restarts_is_waited_for(
    stack: Settings,
    stack_config: StackConfig,
    enriched: Watch,
    fire: list[subprocess.Popen[bytes]],
) -> None:
    stories = numbered(120, "restart")
    produce(stack, STORIES, stories)
    fire.append(start_worker(stack))
    left = lag(stack, GROUP, STORIES)
    assert eventually(lambda: lag(stack, GROUP, STORIES) < left, 30)
    stop_server(stack.data_dir, "kafka", kill=True)
    try:
        assert fire[0].poll() is None
    finally:
        start_server(stack_config, "kafka")
    assert eventually(lambda: lag(stack, GROUP, STORIES) == 0, 90)
    assert fire[0].poll() is None
    assert eventually(lambda: len(enriched.records()) >= len(stories), 30)
    times = Counter(record.story.id for record in enriched.records())
    assert times == {story.id: 1 for story in stories}


def test_the_real_models_enrich_a_story(stack: Settings, enriched: Watch) -> None:
    story = a_story(
        id="real",
        headline="Veterans call for a new mobilisation in Russia",
        body=[
            {"text": "A league of Russian veterans called on the Kremlin to order mobilisation."},
            {"text": "“We ask for a large-scale mobilisation now,” said its chairman."},
            {"text": "The Kremlin said that no such plans were under discussion."},
        ],
    )
    produce(stack, STORIES, [story])
    counts = drain(stack, build(stack))
    assert (counts.produced, counts.dead) == (1, 0)
    (record,) = enriched.records()
    for sentence in record.enrichment.summary.sentences:
        assert story.text[sentence.start : sentence.end] == sentence.text
    assert record.enrichment.summary.sentences
    assert len(record.enrichment.embedding) == 384
    assert tuple(model.task for model in record.enrichment.provenance.models) == TASKS
    assert "Kremlin" in {quote.speaker for quote in record.enrichment.quotes}
    targets = {tag.target for tag in record.enrichment.stances}
    assert "mobilisation-russia" in targets
