"""How long a client waits for its first broker: less where there is none, since a person waits."""

from __future__ import annotations

import socket

_ANSWER_MS = 30_000
"""Longest wait for the first broker that answers."""
_ANSWER_WHERE_REFUSED_MS = 4_000
"""The same where nothing listens: long enough for one that is just starting, not for a person who
has none."""


def bootstrap_timeout_ms(bootstrap: str, longest_ms: int = _ANSWER_MS) -> int:
    """The longest wait for the first answer of one of the brokers (``HOST:PORT,…``)."""
    return min(longest_ms, _ANSWER_WHERE_REFUSED_MS) if nobody_listens(bootstrap) else longest_ms


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
