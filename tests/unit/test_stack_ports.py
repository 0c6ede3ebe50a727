"""Which port a server gets."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from newswire.errors import StackError
from newswire.stack.ports import ANY, LOOPBACK, Reservation, reserve, user_of


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that this process listens on."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def free() -> int:
    reservation = Reservation()
    reservation.close()
    return reservation.port


def test_a_configured_port_is_taken_as_it_is(free: int) -> None:
    reservation = reserve("Kafka", free, (1,))
    reservation.close()
    assert reservation.port == free


def test_a_configured_port_in_use_is_an_error_with_its_user(taken: int) -> None:
    with pytest.raises(StackError) as refused:
        reserve("Kafka", taken)
    assert f"Kafka can't have port {taken}: it is in use by " in str(refused.value)
    assert f"(pid {os.getpid()})" in str(refused.value)


def test_without_a_configured_port_the_first_free_preference_is_taken(
    taken: int, free: int
) -> None:
    reservation = reserve("Kafka", None, (taken, free))
    reservation.close()
    assert reservation.port == free


def test_without_a_free_preference_any_free_port_is_taken(taken: int) -> None:
    reservation = reserve("Kafka", None, (taken,))
    reservation.close()
    assert reservation.port not in (0, taken)


def test_any_port_asked_for_twice_is_two_ports() -> None:
    one, other = reserve("Kafka", ANY), reserve("S3Proxy", ANY)
    one.close()
    other.close()
    assert one.port != other.port


@pytest.mark.skipif("sys.platform != 'linux'", reason="only Linux lets two bind one port so")
def test_a_server_can_listen_on_a_port_that_is_still_reserved() -> None:
    reservation = Reservation()
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((LOOPBACK, reservation.port))
        server.listen()
        with socket.create_connection((LOOPBACK, reservation.port), 1):
            pass
    reservation.close()


def test_a_free_port_has_no_user(free: int) -> None:
    assert user_of(free) is None
