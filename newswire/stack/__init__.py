"""The embedded stack: real Kafka, Elasticsearch and S3 servers without containers."""

from newswire.stack.progress import Progress
from newswire.stack.stack import (
    ServerStatus,
    StackConfig,
    StackState,
    State,
    Stopped,
    down,
    start_server,
    status,
    stop_server,
    up,
)

__all__ = [
    "Progress",
    "ServerStatus",
    "StackConfig",
    "StackState",
    "State",
    "Stopped",
    "down",
    "start_server",
    "status",
    "stop_server",
    "up",
]
