"""A worker's two Kafka clients: the consumer, and the transactional producer."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import uuid
from collections.abc import Iterable, Iterator, Mapping

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from newswire.bus.broker import bootstrap_timeout_ms
from newswire.bus.deadletters import Stage
from newswire.bus.groups import consumer_group, uncommitted
from newswire.bus.publisher import PRODUCER_SETTINGS
from newswire.bus.tail import read_from
from newswire.config import Settings
from newswire.contracts.topics import MAX_RECORD_BYTES
from workers.producer import TRANSACTION_TIMEOUT_MS, TransactionalProducer

log = logging.getLogger(__name__)

_ANSWER_MS = 10_000
"""Longest wait for an answer of the group's coordinator before it is asked again."""

_SESSION_MS = 15_000
"""A worker that was killed keeps its partitions for so long, from its successor too. Heartbeats are
sent by a thread of their own, also while a batch is worked on."""


class Clients:
    """The clients of one worker process. The consumer is used by one thread only."""

    def __init__(self, settings: Settings, stage: Stage, input_topic: str) -> None:
        """Connect.

        Raises:
            KafkaError: no broker answers.
        """
        self._settings = settings
        self._input_topic = input_topic
        # New for each process: fencing between members is by the group's generation (KIP-447), and
        # two workers that share a host must not fence each other.
        self._transactional_id = (
            f"{consumer_group(stage)}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        )
        self.consumer = KafkaConsumer(
            input_topic,
            bootstrap_servers=settings.kafka_bootstrap,
            client_id=f"newswire-{stage}",
            group_id=consumer_group(stage),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            max_partition_fetch_bytes=MAX_RECORD_BYTES,
            session_timeout_ms=_SESSION_MS,
            heartbeat_interval_ms=_SESSION_MS // 5,
            bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap),
        )
        self._producer: TransactionalProducer | None = None
        try:
            self._producer = self._new_producer()
        except BaseException:
            self.consumer.close(autocommit=False)
            raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[TransactionalProducer]:
        """A transaction: committed at the end of the block, aborted where it raises.

        Raises:
            KafkaError: it was not committed, or it isn't known whether it was: go on from
                :meth:`return_to_committed`.
        """
        producer = self._ready_producer()
        try:
            producer.begin_transaction()
            yield producer
            producer.commit_transaction()
        except BaseException:
            self._give_up(producer)
            raise

    def rewind(self, positions: Mapping[TopicPartition, int]) -> None:
        """Read a batch again, as far as its partitions are still ours."""
        for partition, offset in positions.items():
            if partition in self.consumer.assignment():
                self.consumer.seek(partition, offset)

    def return_to_committed(self, partitions: Iterable[TopicPartition]) -> None:
        """Read on from what is committed, as far as the partitions are still ours.

        A new producer takes the place of the one that was given up: its start ends what that one
        left, one way or the other, so that what is committed is known.

        Raises:
            KafkaError: it can't be known yet.
        """
        self._ready_producer()
        for partition in self.consumer.assignment() & set(partitions):
            offset = self.consumer.committed(partition, timeout_ms=_ANSWER_MS)
            if offset is None:
                self.consumer.seek_to_beginning(partition)
            else:
                self.consumer.seek(partition, offset)

    def stay_in_group(self, needed: set[TopicPartition]) -> bool:
        """Keep polling without reading, for up to half a second.

        A consumer that doesn't poll for five minutes loses its partitions. Returns whether the
        needed ones are still ours.
        """
        self.consumer.pause(*self.consumer.assignment())
        try:
            # A partition that is assigned during this very poll was not paused: take it back.
            polled = self.consumer.poll(timeout_ms=500)
            self.rewind({partition: batch[0].offset for partition, batch in polled.items()})
        finally:
            self.consumer.resume(*self.consumer.paused())
        return needed <= set(self.consumer.assignment())

    def at_end(self) -> bool:
        """Whether the group has committed all that is in the topic, whichever member read it.

        So too for a topic that is empty or isn't there, and for a worker without a partition.

        Raises:
            KafkaError: it can't be known yet.
            DependencyUnavailable: the same.
        """
        left = uncommitted(self.consumer, self._input_topic, answer_ms=_ANSWER_MS)
        starts = {one: offsets.start for one, offsets in left.items()}
        # The end of a transaction has an offset too, which nobody commits: look for a record.
        return not left or next(read_from(self._settings, starts), None) is None

    def close(self) -> None:
        """Leave the group and close both clients."""
        if self._producer is not None:
            self._producer.close(timeout=5)
        self.consumer.close(autocommit=False)

    def _give_up(self, producer: TransactionalProducer) -> None:
        """Abort, and use another producer from now on.

        kafka-python 3.0 would send the offsets of a transaction whose offsets were refused once
        more within the next one, and commit them: its records would be lost.
        """
        self._producer = None
        try:
            producer.abort_transaction()
        except KafkaError as error:
            log.warning("a transaction is left to the broker to abort: %s", error)
        with contextlib.suppress(KafkaError):
            producer.close(timeout=1)

    def _ready_producer(self) -> TransactionalProducer:
        if self._producer is None:
            self._producer = self._new_producer()
        return self._producer

    def _new_producer(self) -> TransactionalProducer:
        producer = TransactionalProducer(
            bootstrap_servers=self._settings.kafka_bootstrap,
            client_id=self._transactional_id,
            transactional_id=self._transactional_id,
            transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
            bootstrap_timeout_ms=bootstrap_timeout_ms(self._settings.kafka_bootstrap),
            **PRODUCER_SETTINGS,
        )
        try:
            producer.init_transactions()
        except BaseException:
            with contextlib.suppress(KafkaError):
                producer.close(timeout=0)
            raise
        return producer
