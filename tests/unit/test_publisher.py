"""How long an ingest waits for Kafka."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from kafka.errors import KafkaTimeoutError

from newswire.bus import publisher
from newswire.bus.publisher import Publisher, nobody_listens
from newswire.config import load_settings
from newswire.errors import DependencyUnavailable


@pytest.fixture
def refusing() -> Iterator[str]:
    with socket.socket() as bound:
        # Bound, but nobody listens.
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@pytest.fixture
def listening() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_nobody_listens_where_every_address_refuses(refusing: str, listening: str) -> None:
    assert nobody_listens(refusing)
    assert nobody_listens(f"{refusing}, {refusing}")
    assert not nobody_listens(listening)
    assert not nobody_listens(f"{refusing},{listening}")


@pytest.mark.parametrize("address", ["nowhere.invalid:9092", "127.0.0.1:kafka", "", "127.0.0.1"])
def test_what_can_not_be_tried_is_no_proof(address: str) -> None:
    assert not nobody_listens(address)


@pytest.mark.parametrize(("where", "seconds"), [("refusing", 4), ("listening", 30)])
def test_an_ingest_soon_says_that_nobody_listens_and_waits_for_a_broker_that_is_slow(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, where: str, seconds: int
) -> None:
    address: str = request.getfixturevalue(where)
    waited: list[object] = []

    def producer(**settings: object) -> None:
        waited.append(settings["bootstrap_timeout_ms"])
        raise KafkaTimeoutError("Unable to bootstrap")

    # kafka-python's own leaves sockets open when it gives up, and would wait that long.
    monkeypatch.setattr(publisher, "KafkaProducer", producer)
    with pytest.raises(DependencyUnavailable) as unavailable:
        Publisher(load_settings(kafka_bootstrap=address), "/newswire/fetch/test")
    assert waited == [seconds * 1000]
    assert str(unavailable.value).startswith(f"Kafka at {address} does not answer: ")
    assert str(unavailable.value).endswith("or start the servers with `newswire up`")
