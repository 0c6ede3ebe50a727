"""How long a command waits for Kafka."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from kafka.errors import KafkaTimeoutError

from newswire.bus import groups, latest, publisher, tail, topics
from newswire.bus.broker import bootstrap_timeout_ms, nobody_listens
from newswire.bus.publisher import Publisher
from newswire.config import Settings, load_settings
from newswire.contracts.topics import STORIES
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


Use = Callable[[Settings], object]

CLIENTS: dict[str, tuple[ModuleType, str, Use]] = {
    "ingest": (publisher, "KafkaProducer", lambda use: Publisher(use, "/newswire/fetch/test")),
    "init": (topics, "KafkaAdminClient", topics.ensure_topics),
    "dead-letters": (latest, "KafkaConsumer", lambda use: latest.last_letters(use, 10)),
    "demo": (tail, "KafkaConsumer", lambda use: tail.Tail(use, [STORIES])),
    "status": (groups, "KafkaConsumer", lambda use: groups.lag(use, "newswire-test", STORIES)),
}
"""By the command that uses it: where the client is made, its class, and what makes it."""


@pytest.mark.parametrize("command", CLIENTS)
@pytest.mark.parametrize(("where", "seconds"), [("refusing", 4), ("listening", 30)])
def test_each_command_soon_says_that_nobody_listens_and_waits_for_a_broker_that_is_slow(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    where: str,
    seconds: int,
    command: str,
) -> None:
    address: str = request.getfixturevalue(where)
    module, client, use = CLIENTS[command]
    waited: list[object] = []

    def made(**settings: object) -> None:
        waited.append(settings["bootstrap_timeout_ms"])
        raise KafkaTimeoutError("Unable to bootstrap")

    # kafka-python's own leaves sockets open when it gives up, and would wait that long.
    monkeypatch.setattr(module, client, made)
    with pytest.raises(DependencyUnavailable) as unavailable:
        use(load_settings(kafka_bootstrap=address))
    assert waited == [seconds * 1000]
    assert str(unavailable.value).startswith(f"Kafka at {address} does not answer: ")
    assert str(unavailable.value).endswith("or start the servers with `newswire up`")


def test_a_wait_that_is_shorter_anyway_stays_as_it_is(refusing: str, listening: str) -> None:
    assert bootstrap_timeout_ms(refusing, 1_000) == 1_000
    assert bootstrap_timeout_ms(listening, 1_000) == 1_000
