"""What the integration tests do with the real servers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from elasticsearch import Elasticsearch
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import CommitFailedError
from kafka.structs import OffsetAndMetadata

from newswire.bus.groups import consumer_group
from newswire.bus.publisher import Publisher
from newswire.bus.tail import Tail
from newswire.config import Settings
from newswire.contracts.cloudevents import decode
from newswire.contracts.schema import contracts
from newswire.contracts.topics import DEAD_LETTERS, TOPICS
from newswire.stories.enriched import EnrichedStory
from newswire.stories.identity import kafka_key
from newswire.stories.model import DeadLetter, Record, Story
from workers.loop import Counts
from workers.main import work
from workers.step import Step

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Place:
    topic: str
    partition: int
    offset: int


class Watch:
    """What comes onto a topic from now on, as a reader of committed records sees it."""

    def __init__(self, settings: Settings, topic: str, kind: type[R]) -> None:
        self._settings = settings
        self._topic = topic
        self._kind = kind
        self._tail = Tail(settings, [topic])

    def records(self) -> list[Any]:
        """Every record so far, validated; the last is not waited for."""
        read = contracts(self._settings.schemas_dir)
        return [read.decode(self._topic, seen.value, self._kind) for seen in self._tail.since()]

    def places(self) -> list[Place]:
        """Where they are."""
        return [Place(seen.topic, seen.partition, seen.offset) for seen in self._tail.since()]


def letters(settings: Settings) -> Watch:
    return Watch(settings, DEAD_LETTERS, DeadLetter)


def produce(settings: Settings, topic: str, records: Iterable[Story | EnrichedStory]) -> None:
    with Publisher(settings, "/newswire/test") as publisher:
        for record in records:
            story = record.story if isinstance(record, EnrichedStory) else record
            publisher.publish(topic, record, kafka_key(story))
        publisher.flush()


def produce_raw(settings: Settings, topic: str, value: bytes | None, partition: int = 0) -> Place:
    """A record that nobody validated. Returns where it is."""
    with closing(KafkaProducer(bootstrap_servers=settings.kafka_bootstrap)) as producer:
        sent = producer.send(topic, value=value, key=b"raw", partition=partition).get(timeout=10)
        return Place(sent.topic, sent.partition, sent.offset)


def start_group_at(settings: Settings, stage: str, topic: str, *, end: bool) -> None:
    """Let the next worker of a stage begin at the end of its topic, or at the beginning."""
    with closing(
        KafkaConsumer(
            bootstrap_servers=settings.kafka_bootstrap,
            group_id=consumer_group(stage),
            enable_auto_commit=False,
        )
    ) as consumer:
        partitions = [
            TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)
        ]
        consumer.assign(partitions)
        offsets = (consumer.end_offsets if end else consumer.beginning_offsets)(partitions)
        places = {one: OffsetAndMetadata(offset, "", -1) for one, offset in offsets.items()}

        def committed() -> bool:
            try:
                consumer.commit(places)
            except CommitFailedError:
                return False  # a member that was killed is not missed by its group yet
            return True

        assert eventually(committed), f"the group of {stage} has members"


def drain(settings: Settings, step: Step[R]) -> Counts:
    """Run a worker until it is at the end of its topic."""
    kind = TOPICS[step.input_topic].value
    return work(
        settings,
        lambda _: step,
        kind,  # type: ignore[arg-type]  # the class of the topic's values is the step's
        stop=threading.Event(),
        drain=True,
    )


def headers_of(settings: Settings, place: Place) -> dict[str, str]:
    with closing(KafkaConsumer(bootstrap_servers=settings.kafka_bootstrap)) as consumer:
        partition = TopicPartition(place.topic, place.partition)
        consumer.assign([partition])
        consumer.seek(partition, place.offset)
        (records,) = consumer.poll(timeout_ms=10_000, max_records=1).values()
        return decode(records[0].headers)


def contents(client: Elasticsearch, index: str) -> dict[str, dict[str, Any]]:
    """Every document of some indices by ``_id``: its version and fields."""
    there = ",".join(client.indices.get(index=index))
    if not there:
        return {}
    # An index that a worker makes at this moment refuses a search until its shards have started.
    client.cluster.health(index=there, wait_for_status="yellow")
    client.indices.refresh(index=there)
    answer = client.search(index=there, size=1000, version=True, query={"match_all": {}})
    return {
        hit["_id"]: {"version": hit["_version"], **hit["_source"]} for hit in answer["hits"]["hits"]
    }


def eventually(condition: Callable[[], bool], seconds: float = 30, *, every: float = 0.05) -> bool:
    """Wait for a condition; asked ``every`` so many seconds. Returns whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        threading.Event().wait(every)
    return True
