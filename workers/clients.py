"""A worker's two Kafka clients: the consumer, and the transactional producer."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import uuid
from collections.abc import Iterator, Mapping

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from newswire.bus.deadletters import Stage
from newswire.bus.groups import consumer_group
from newswire.bus.publisher import PRODUCER_SETTINGS
from newswire.config import Settings
from newswire.contracts.topics import MAX_RECORD_BYTES

log = logging.getLogger(__name__)

# What was read but not yet decided on is invisible to readers for this long after a worker was
# killed inside a transaction; it spans only the sends and the commit, never the processing.
_TRANSACTION_TIMEOUT_MS = 20_000


class Clients:
    """The clients of one worker process. The consumer is used by one thread only."""

    def __init__(self, settings: Settings, stage: Stage, input_topic: str) -> None:
        """Connect.

        Raises:
            KafkaError: no broker answers.
        """
        self._settings = settings
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
        )
        self._producer: KafkaProducer | None = None
        try:
            self._producer = self._new_producer()
        except BaseException:
            self.consumer.close(autocommit=False)
            raise

    @contextlib.contextmanager
    def transaction(self) -> Iterator[KafkaProducer]:
        """A transaction: committed at the end of the block, aborted where it raises.

        Raises:
            KafkaError: it was not committed. The producer is ready for the next one.
        """
        producer = self._producer = self._producer or self._new_producer()
        try:
            producer.begin_transaction()
            yield producer
            producer.commit_transaction()
        except BaseException:
            self._abort(producer)
            raise

    def rewind(self, positions: Mapping[TopicPartition, int]) -> None:
        """Read a batch again, as far as its partitions are still ours."""
        for partition, offset in positions.items():
            if partition in self.consumer.assignment():
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
        """Whether everything that is in our partitions was read. False while we have none."""
        partitions = list(self.consumer.assignment())
        if not partitions:
            return False
        end = self.consumer.end_offsets(partitions)
        return all(self.consumer.position(partition) >= end[partition] for partition in partitions)

    def close(self) -> None:
        """Leave the group and close both clients."""
        if self._producer is not None:
            self._producer.close(timeout=5)
        self.consumer.close(autocommit=False)

    def _abort(self, producer: KafkaProducer) -> None:
        try:
            producer.abort_transaction()
        except KafkaError as error:
            # A fenced or broken producer can't be used again; the next transaction has a new one,
            # which aborts what this one left.
            log.warning("a new producer, since this one can't abort: %s", error)
            self._producer = None
            producer.close(timeout=0)

    def _new_producer(self) -> KafkaProducer:
        producer = KafkaProducer(
            bootstrap_servers=self._settings.kafka_bootstrap,
            client_id=self._transactional_id,
            transactional_id=self._transactional_id,
            transaction_timeout_ms=_TRANSACTION_TIMEOUT_MS,
            **PRODUCER_SETTINGS,
        )
        producer.init_transactions()
        return producer
