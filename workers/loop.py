"""The loop that all workers share: consume, process, and commit what came out, once.

    poll -> decode, validate -> Step.process -> one Kafka transaction:
                                                   outputs + dead letters + consumed offsets

Outputs and offsets commit together or not at all, so a reader with ``read_committed`` sees each
result once, whatever was killed when. A bad record becomes a dead letter and its neighbours go on.
A dependency that is away stops the loop, which stays in its group and waits.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kafka import TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

from newswire.config import Settings
from newswire.contracts.schema import contracts
from newswire.contracts.topics import DEAD_LETTERS
from newswire.errors import ContractViolation, DependencyUnavailable
from newswire.stories.model import Record
from workers.clients import Clients
from workers.records import Records, Sendable
from workers.step import Message, Output, Result, Step

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)
T = TypeVar("T")

_POLL_MS = 500
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
"""Waits for a dependency double from the first to the longest: back quickly after a restart, and
little noise in an outage of hours."""

MOST_FAULTS_IN_A_ROW = 8
"""So many messages in a row that a step can't handle are the step's fault, not the messages':
the worker stops before it has sent the whole stream to the dead letters. Fewer than a step's usual
batch, so that a step which is broken from the start stops before a full batch is committed."""


class StepBroken(Exception):
    """The step fails on everything. The worker stops; its last batch was not committed."""


class _TakenBack(Exception):
    """The batch is given up uncommitted: the worker stops, or its partitions are another's."""


@dataclass
class Counts:
    """What a worker did since it started."""

    consumed: int = 0
    produced: int = 0
    dead: int = 0
    transactions: int = 0
    waits: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in vars(self).items())


class Loop(Generic[R]):
    """Runs one step until it is stopped."""

    def __init__(
        self,
        settings: Settings,
        step: Step[R],
        kind: type[R],
        clients: Clients,
        stop: threading.Event,
        on_progress: Callable[[Counts], None] = lambda counts: None,
    ) -> None:
        self._step = step
        self._clients = clients
        self._stop = stop
        self._on_progress = on_progress
        self._records = Records(contracts(settings.schemas_dir), step.stage, kind)
        self._faults_in_a_row = 0
        self._has_waited_for_partitions = False
        self.counts = Counts()

    def run(self, *, drain: bool = False) -> Counts:
        """Work until stopped; to drain, until the group has committed all that is in the topic.

        Raises:
            StepBroken: the step fails on everything that it is given.
        """
        self._prepare()
        while not self._stop.is_set():
            worked = self._turn()
            if drain and not worked and self._drained():
                break
        return self.counts

    def _prepare(self) -> None:
        """Wait for what the step can't begin without, as a member of the group all the while."""
        while not self._stop.is_set():
            try:
                self._when_possible(self._step.prepare, needed=set())
                return
            except _TakenBack:
                return  # asked to stop: there is nothing to take back
            except KafkaError as error:
                log.warning("waiting %.1f s: Kafka: %s", FIRST_WAIT_S, _one_line(error))
                self._stop.wait(FIRST_WAIT_S)

    def _drained(self) -> bool:
        try:
            return self._clients.at_end()
        except (DependencyUnavailable, KafkaError) as error:
            log.warning("the end of the topic can't be seen: %s", _one_line(error))
            return False

    def _turn(self) -> bool:
        """One batch. Returns whether there was one."""
        try:
            polled = self._clients.consumer.poll(
                timeout_ms=_POLL_MS, max_records=self._step.batch_records
            )
        except KafkaError as error:
            log.warning("waiting %.1f s: Kafka: %s", FIRST_WAIT_S, _one_line(error))
            self._stop.wait(FIRST_WAIT_S)
            return False
        records = [record for batch in polled.values() for record in batch]
        if not records:
            self._tell_of_no_partitions()
            return False
        faults_before = self._faults_in_a_row
        # As it is now: after a rebalance the broker must refuse what was read before.
        member = self._clients.consumer.group_metadata()
        try:
            if member.generation_id < 0:
                # The broker takes a transaction's offsets from a member of no generation unchecked.
                raise _TakenBack("this worker is no member of its group any more")
            self._commit(self._sendable(records), _offsets_after(records), member, len(records))
        except (_TakenBack, KafkaError) as error:
            log.warning("a batch of %d is taken back: %s", len(records), _one_line(error))
            self._faults_in_a_row = faults_before
            if not self._stop.is_set():
                self._return_to_committed(set(polled))
        self._on_progress(self.counts)
        return True

    def _tell_of_no_partitions(self) -> None:
        """Say once why nothing happens, where that is so."""
        if self._clients.consumer.assignment():
            self._has_waited_for_partitions = False
        elif not self._has_waited_for_partitions:
            self._has_waited_for_partitions = True
            log.info(
                "waits for partitions: other workers have them all, or the group is being "
                "shared out anew, which a worker that was killed holds up for some seconds"
            )

    def _return_to_committed(self, partitions: set[TopicPartition]) -> None:
        """Go on from what is committed, when that is known: the batch may be, or may not be."""
        wait = FIRST_WAIT_S
        while not self._stop.is_set():
            try:
                self._clients.return_to_committed(partitions)
                return
            except KafkaError as error:
                log.warning("waiting %.1f s: Kafka: %s", wait, _one_line(error))
            self._stop.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    def _sendable(self, records: Sequence[ConsumerRecord]) -> list[Sendable]:
        """What to produce for a batch: the step's outputs, a dead letter for each bad record."""
        ready: list[Sendable] = []
        messages: list[Message[R]] = []
        for record in records:
            try:
                messages.append(self._records.decode(record))
            except ContractViolation as error:
                ready.append(self._records.dead_letter(error, record))
        for message, result in zip(messages, self._process(messages), strict=True):
            try:
                if isinstance(result, Output):
                    ready.append(self._records.encode(result))
            except ContractViolation as error:
                result = error
            if isinstance(result, Exception):
                ready.append(self._records.dead_letter(result, message))
        return ready

    def _process(self, messages: Sequence[Message[R]]) -> list[Result]:
        """Results in order. A batch that fails is halved until the message at fault is alone."""
        if not messages:
            return []
        try:
            results = self._when_possible(
                lambda: self._step.process(messages),
                needed={TopicPartition(m.topic, m.partition) for m in messages},
            )
        except (_TakenBack, StepBroken, KafkaError):
            # Kafka's own fault, while waiting for another's, is not a message's either.
            raise
        except Exception as error:
            if len(messages) > 1:
                middle = len(messages) // 2
                return self._process(messages[:middle]) + self._process(messages[middle:])
            self._count_fault(error)
            log.exception("the %s step can't handle a message", self._step.stage)
            return [error]
        self._faults_in_a_row = 0
        return results

    def _when_possible(self, call: Callable[[], T], needed: set[TopicPartition]) -> T:
        wait = FIRST_WAIT_S
        while True:
            try:
                return call()
            except DependencyUnavailable as error:
                log.warning("waiting %.1f s: %s", wait, error)
                self.counts.waits += 1
                self._wait(wait, needed)
                wait = min(wait * 2, LONGEST_WAIT_S)

    def _wait(self, seconds: float, needed: set[TopicPartition]) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._stop.is_set():
                raise _TakenBack("the worker stops")
            if not self._clients.stay_in_group(needed):
                raise _TakenBack("the partitions are another worker's now")

    def _count_fault(self, error: Exception) -> None:
        self._faults_in_a_row += 1
        if self._faults_in_a_row >= MOST_FAULTS_IN_A_ROW:
            raise StepBroken(
                f"the {self._step.stage} step failed on {self._faults_in_a_row} messages in a row, "
                f"last with {_one_line(error)}"
            ) from error

    def _commit(
        self,
        ready: Sequence[Sendable],
        offsets: dict[TopicPartition, OffsetAndMetadata],
        member: ConsumerGroupMetadata,
        consumed: int,
    ) -> None:
        """Produce the outputs and commit the offsets in one transaction.

        1. Begin. 2. Send every output. 3. Add the offsets, with the group's generation at which
        the batch was read, so that the broker refuses them from a worker that has lost its
        partitions since. 4. Commit, which first waits for every send. Where any of it fails: abort,
        and the batch is taken back.
        """
        with self._clients.transaction() as producer:
            for record in ready:
                producer.send(
                    record.topic, value=record.value, key=record.key, headers=record.headers
                )
            producer.send_offsets_to_transaction(offsets, member)
        dead = sum(record.topic == DEAD_LETTERS for record in ready)
        self.counts.consumed += consumed
        self.counts.dead += dead
        self.counts.produced += len(ready) - dead
        self.counts.transactions += 1


def _offsets_after(records: Sequence[ConsumerRecord]) -> dict[TopicPartition, OffsetAndMetadata]:
    # Records of one partition come in order: the last one wins.
    return {
        TopicPartition(record.topic, record.partition): OffsetAndMetadata(
            record.offset + 1, "", record.leader_epoch
        )
        for record in records
    }


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
