"""The contract between the loop and what a worker does with a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from newswire.bus.deadletters import Stage
from newswire.stories.model import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Message(Generic[R]):
    """One consumed record, decoded and validated."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    record: R


@dataclass(frozen=True)
class Output:
    """A record to produce."""

    topic: str
    key: bytes | None
    record: Record


Result = Output | Exception | None
"""What became of one message: a record to produce, the reason why it is a dead letter, or done
with nothing to produce."""


class Step(Protocol[R]):
    """What one worker does. The loop owns Kafka; a step never sees it."""

    stage: Stage
    """Names the consumer group, the producer and the dead letters."""
    input_topic: str
    batch_records: int
    """Most records of one batch: of one transaction."""

    def prepare(self) -> None:
        """Make sure of what must be there before the first batch; called once, with no batch.

        The worker is in its consumer group by then. Before it returns, it may be called again.

        Raises:
            DependencyUnavailable: the loop waits, in its group, and calls again.
            Exception: anything else ends the worker.
        """
        ...

    def process(self, messages: Sequence[Message[R]]) -> list[Result]:
        """Handle a batch; the results are in the order of the messages.

        It may block for as long as the work takes, less than the consumer's ``max_poll_interval``
        of five minutes. It may be called again with the same messages: whatever it does outside
        of its results must be idempotent.

        Raises:
            DependencyUnavailable: the loop waits and calls again with the same messages.
            Exception: anything else is a fault of one of the messages; the loop finds which.
        """
        ...
