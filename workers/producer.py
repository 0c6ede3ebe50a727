"""The transactional producer of a worker: kafka-python's, with an end to its waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future

from kafka import KafkaProducer, TopicPartition
from kafka.errors import KafkaTimeoutError
from kafka.structs import ConsumerGroupMetadata, OffsetAndMetadata

TRANSACTION_TIMEOUT_MS = 20_000
"""A worker that is killed inside a transaction holds back readers of its topics for so long. A
transaction spans only the sends and the commit, never the processing."""

ANSWER_TIMEOUT_S = 30.0
"""Longer than a transaction may last: by then the broker has given it up."""


class TransactionalProducer(KafkaProducer):  # type: ignore[misc]  # kafka-python is untyped
    """Raises where kafka-python 3.0 waits for ever: for an answer whose connection broke."""

    def send_offsets_to_transaction(
        self,
        offsets: Mapping[TopicPartition, OffsetAndMetadata],
        group_metadata: ConsumerGroupMetadata,
    ) -> None:
        """Make offsets part of the transaction; KafkaTimeoutError where no answer comes."""
        send = super().send_offsets_to_transaction
        _in_time(lambda: send(offsets, group_metadata))

    def commit_transaction(self) -> None:
        """Commit; KafkaTimeoutError where it can't be known whether it was committed."""
        _in_time(super().commit_transaction)

    def abort_transaction(self) -> None:
        """Abort; KafkaTimeoutError where no answer comes."""
        _in_time(super().abort_transaction)


def _in_time(call: Callable[[], None]) -> None:
    outcome: Future[None] = Future()

    def run() -> None:
        try:
            call()
            outcome.set_result(None)
        except Exception as error:
            outcome.set_exception(error)

    # A daemon: it may wait for ever, and must not keep the process from ending.
    threading.Thread(target=run, daemon=True, name="transaction").start()
    try:
        outcome.result(ANSWER_TIMEOUT_S)
    except TimeoutError:
        raise KafkaTimeoutError(f"no answer within {ANSWER_TIMEOUT_S:g} s") from None
