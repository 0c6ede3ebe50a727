"""What is written down about a running stack, in the file that `newswire.config` reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from newswire.errors import StackError
from newswire.stack.home import Credentials, write_private
from newswire.stack.servers import ELASTICSEARCH, KAFKA, S3, SERVERS


@dataclass(frozen=True)
class ServerRecord:
    """One server as it was last started.

    ``pid`` is None once it was stopped on purpose; ``started`` is in seconds since the epoch.
    """

    name: str
    port: int
    pid: int | None
    started: float | None
    log: str


Records = dict[str, ServerRecord]
"""By the server's name."""


def read(path: Path) -> Records:
    """The records of ``path``; none where there is no file.

    Raises:
        StackError: it is there, and unreadable.
    """
    try:
        written = json.loads(path.read_text("utf-8"))
        records = [ServerRecord(**server) for server in written["servers"]]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StackError(
            f"can't read {path}: {error}", "remove it: running servers are found without it"
        ) from None
    names = {server.name for server in SERVERS}
    return {record.name: record for record in records if record.name in names}


def write(path: Path, records: Records, credentials: Credentials) -> None:
    """Replace the file; no records, no file."""
    if not records:
        path.unlink(missing_ok=True)
        return
    settings: dict[str, str] = {}
    if record := records.get(KAFKA.name):
        settings["kafka_bootstrap"] = KAFKA.address(record.port)
    if record := records.get(ELASTICSEARCH.name):
        settings["elasticsearch_url"] = ELASTICSEARCH.address(record.port)
    if record := records.get(S3.name):
        settings["s3_endpoint"] = S3.address(record.port)
        settings["s3_access_key"] = credentials.access_key
        settings["s3_secret_key"] = credentials.secret_key
    servers = [asdict(record) for record in records.values()]
    write_private(path, json.dumps({"settings": settings, "servers": servers}, indent=2) + "\n")


def stopped(record: ServerRecord) -> ServerRecord:
    """The same, ended on purpose: its port is kept for the next start."""
    return replace(record, pid=None, started=None)
