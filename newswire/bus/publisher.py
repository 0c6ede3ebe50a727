"""A producer for what is not part of a transaction: the stories that the fetch found."""

from __future__ import annotations

from typing import Self

from kafka import KafkaProducer
from kafka.errors import KafkaError

from newswire.bus.broker import bootstrap_timeout_ms, kafka_unavailable
from newswire.config import Settings
from newswire.contracts.cloudevents import headers
from newswire.contracts.schema import contracts
from newswire.contracts.topics import MAX_RECORD_BYTES
from newswire.stories.model import Record

PRODUCER_SETTINGS: dict[str, object] = {
    # Both are the default of kafka-python 3; written out since the guarantee rests on them.
    "enable_idempotence": True,
    "acks": "all",
    "max_request_size": MAX_RECORD_BYTES,
    # JSON shrinks to a third; gzip needs no further library on either side.
    "compression_type": "gzip",
    # A few milliseconds fill a batch of a feed's entries.
    "linger_ms": 5,
}


class Publisher:
    """An idempotent producer whose records are validated; a context manager."""

    def __init__(self, settings: Settings, source: str) -> None:
        self._settings = settings
        self._source = source
        self._contracts = contracts(settings.schemas_dir)
        try:
            self._producer = KafkaProducer(
                bootstrap_servers=settings.kafka_bootstrap,
                client_id=f"newswire-{source.strip('/').replace('/', '-')}",
                bootstrap_timeout_ms=bootstrap_timeout_ms(settings.kafka_bootstrap),
                **PRODUCER_SETTINGS,
            )
        except KafkaError as error:
            raise kafka_unavailable(settings, error) from error
        self._pending: list[object] = []

    def publish(self, topic: str, record: Record, key: bytes | None) -> None:
        """Send a record; :meth:`flush` tells whether it arrived.

        Raises:
            ContractViolation: the record breaks its schema. Nothing was sent.
            DependencyUnavailable: Kafka does not answer.
        """
        value = self._contracts.encode(topic, record)
        try:
            self._pending.append(
                self._producer.send(
                    topic,
                    value=value,
                    key=key,
                    headers=headers(topic, record, source=self._source),
                )
            )
        except KafkaError as error:
            raise kafka_unavailable(self._settings, error) from error

    def flush(self) -> None:
        """Wait until every record sent so far is acknowledged by all in-sync replicas.

        Raises:
            DependencyUnavailable: one was not; publish them again.
        """
        pending, self._pending = self._pending, []
        try:
            self._producer.flush()
            for future in pending:
                future.get(timeout=0)  # type: ignore[attr-defined]  # kafka-python is untyped
        except KafkaError as error:
            raise kafka_unavailable(self._settings, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self._producer.close()
