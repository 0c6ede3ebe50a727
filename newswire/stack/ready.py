"""Whether a server really serves: each is asked something that only a ready one answers."""

from __future__ import annotations

import http.client
import json
import socket
import struct

from newswire.stack.ports import LOOPBACK

_TIMEOUT = 2.0
_METADATA, _VERSION, _CORRELATION = 3, 1, 7


def kafka_ready(port: int) -> bool:
    """Whether the broker is in its own cluster's metadata, so that clients find it.

    Kafka's Metadata request, version 1, for no topic: size, key, version, correlation id,
    no client id, an empty array of topics. The answer: size, correlation id, array of brokers, …
    """
    body = struct.pack(">hhihi", _METADATA, _VERSION, _CORRELATION, -1, 0)
    try:
        with socket.create_connection((LOOPBACK, port), _TIMEOUT) as connection:
            connection.sendall(struct.pack(">i", len(body)) + body)
            with connection.makefile("rb") as answer:
                head = answer.read(12)
    except OSError:
        return False
    if len(head) < 12:
        return False
    _, correlation, brokers = struct.unpack(">iii", head)
    return bool(correlation == _CORRELATION and brokers == 1)


def elasticsearch_ready(port: int) -> bool:
    """Whether every primary shard is there: the cluster's health is yellow or green."""
    status, body = _get(port, "/_cluster/health")
    try:
        return status == 200 and json.loads(body)["status"] in ("yellow", "green")
    except (ValueError, KeyError):
        return False


def s3_ready(port: int) -> bool:
    """Whether it answers as S3 does one who shows no key: access denied, in XML."""
    status, body = _get(port, "/")
    return status == 403 and b"<Code>AccessDenied</Code>" in body


def _get(port: int, path: str) -> tuple[int, bytes]:
    # http.client: no proxy of the environment comes between us and loopback.
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_TIMEOUT)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
