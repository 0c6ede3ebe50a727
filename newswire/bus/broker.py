"""A broker that doesn't answer: how long it is waited for, and what is then said."""

from __future__ import annotations

import socket

from newswire.config import Settings
from newswire.errors import DependencyUnavailable

_ANSWER_MS = 30_000
"""Longest wait for the first broker that answers."""
_ANSWER_WHERE_REFUSED_MS = 4_000
"""The same where nothing listens: long enough for one that is just starting, not for a person who
has none."""


def bootstrap_timeout_ms(bootstrap: str, longest_ms: int = _ANSWER_MS) -> int:
    """The longest wait for the first answer of one of the brokers (``HOST:PORT,…``)."""
    return min(longest_ms, _ANSWER_WHERE_REFUSED_MS) if nobody_listens(bootstrap) else longest_ms


def kafka_unavailable(settings: Settings, error: Exception) -> DependencyUnavailable:
    """The one line for a broker that doesn't answer."""
    return DependencyUnavailable(
        f"Kafka at {settings.kafka_bootstrap} does not answer: {error or type(error).__name__}",
        "check NEWSWIRE_KAFKA_BOOTSTRAP, or start the servers with `newswire up`",
    )


def nobody_listens(bootstrap: str) -> bool:
    """Whether each of the addresses (``HOST:PORT``, commas between them) refuses connections.

    Any other trouble is no proof: a name or a route may come back.
    """
    return all(_refuses(address) for address in bootstrap.split(","))


def _refuses(address: str) -> bool:
    host, _, port = address.strip().rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except (OSError, ValueError):
        return False
    return False
