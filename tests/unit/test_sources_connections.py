"""The one way to a server, whatever the kind of source."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from newswire.errors import FetchError
from newswire.sources.connections import Connections, NoAnswer
from newswire.sources.manners import origin

PUBLIC, INSIDE = "93.184.216.34", "127.0.0.1"


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server((INSIDE, 0)) as server:
        server.settimeout(0.2)
        yield server


def outside() -> Connections:
    return Connections(internal=False, timeout_s=2, deadline_s=5)


def resolver(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to one answer after the other, the last for ever. Returns what was asked."""
    remaining = list(answers)
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *args: object, **kinds: object) -> list[object]:
        asked.append(host)
        answer = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answer]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def nobody_came(server: socket.socket) -> bool:
    try:
        connection, _ = server.accept()
    except TimeoutError:
        return True
    with connection:
        return connection.recv(1) == b""


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked(
    monkeypatch: pytest.MonkeyPatch, listening: socket.socket
) -> None:
    connected: list[tuple[str, int]] = []

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError(111, "Connection refused")

    asked = resolver(monkeypatch, [PUBLIC], [INSIDE])
    monkeypatch.setattr(socket, "create_connection", create_connection)
    with outside() as connections, pytest.raises(NoAnswer, match="Connection refused"):
        connections.connect("news.example.org", 21)
    assert asked == ["news.example.org"]
    assert connected == [(PUBLIC, 21)]


def test_a_connection_that_ends_up_inside_is_closed_before_a_byte_is_sent(
    monkeypatch: pytest.MonkeyPatch, listening: socket.socket
) -> None:
    # The system's own resolver is asked again by create_connection, even for an address.
    resolver(monkeypatch, [PUBLIC], [INSIDE])
    port = listening.getsockname()[1]
    with (
        outside() as connections,
        pytest.raises(FetchError, match=r"is at 127\.0\.0\.1, which is not"),
    ):
        connections.connect("news.example.org", port)
    assert nobody_came(listening)


def test_one_inner_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolver(monkeypatch, [PUBLIC, "10.0.0.1"])
    with outside() as connections, pytest.raises(FetchError, match=r"is at 10\.0\.0\.1"):
        connections.addresses("news.example.org", 443)


def test_the_next_address_is_tried_where_one_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, listening: socket.socket
) -> None:
    port = listening.getsockname()[1]
    really = socket.create_connection

    def create_connection(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] == "127.0.0.9":
            raise ConnectionRefusedError(111, "Connection refused")
        return really(address, timeout)

    monkeypatch.setattr(socket, "create_connection", create_connection)
    monkeypatch.setattr(Connections, "addresses", lambda *_: ["127.0.0.9", INSIDE])
    with (
        Connections(internal=True, timeout_s=2, deadline_s=5) as connections,
        connections.connect("two.example.org", port) as connection,
    ):
        assert connection.getpeername() == (INSIDE, port)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("HTTPS://News.Example.org/a?b", "https://news.example.org"),
        ("http://[2606:2800::1]:8080/a", "http://[2606:2800::1]:8080"),
        ("ftp://ftp.example.org:21/a", "ftp://ftp.example.org:21"),
    ],
)
def test_a_server_is_scheme_host_and_port(url: str, server: str) -> None:
    assert origin(url) == server
