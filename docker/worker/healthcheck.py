"""Whether the worker in this container is a live member of a consumer group.

Exits 0 if it is, else 1 with one line of why. Membership says more than a running process: a
client whose poll loop hangs is put out of its group by Kafka (``max.poll.interval.ms``), and one
that can't reach the broker never joins. The container is told from its neighbours by its address,
which the broker sees as the member's host, so the check is the same for every worker and replica.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable, Mapping

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from newswire.config import load_settings

TIMEOUT_MS = 5_000
"""Less than the health check's own time-out, so that the reason is printed."""


def is_member(groups: Iterable[Mapping[str, object]], addresses: set[str]) -> bool:
    """Whether one of the addresses is the host of a member of one of the described groups."""
    return any(
        str(member["client_host"]).lstrip("/") in addresses
        for group in groups
        for member in _members(group)
    )


def _members(group: Mapping[str, object]) -> list[Mapping[str, object]]:
    members = group["members"]
    return members if isinstance(members, list) else []


def main() -> str | None:
    """Why this worker isn't healthy; ``None`` if it is."""
    addresses = set(socket.gethostbyname_ex(socket.gethostname())[2])
    bootstrap = load_settings().kafka_bootstrap
    try:
        client = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","),
            bootstrap_timeout_ms=TIMEOUT_MS,
            request_timeout_ms=TIMEOUT_MS,
        )
        try:
            names = [group["group_id"] for group in client.list_groups()]
            groups = client.describe_groups(names).values() if names else ()
        finally:
            client.close()
    except KafkaError as error:
        return f"Kafka at {bootstrap} does not answer: {error}"
    if not is_member(groups, addresses):
        return f"no consumer group has a member at {', '.join(sorted(addresses))}"
    return None


if __name__ == "__main__":
    sys.exit(main())
