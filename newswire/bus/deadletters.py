"""Dead letters: what went wrong, why, and where it can be had again."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Literal

from newswire.contracts.topics import MAX_VALUE_BYTES
from newswire.stories.model import DeadLetter, Origin, RawReference

Stage = Literal["fetch", "parse", "enrich", "index"]

# Base64 makes four bytes of three; some room is left for the other fields.
_LONGEST_VALUE = (MAX_VALUE_BYTES - 64 * 1024) * 3 // 4


def dead_letter(
    stage: Stage,
    error: Exception,
    origin: Origin,
    *,
    raw: RawReference | None = None,
    value: bytes | None = None,
) -> DeadLetter:
    """Build a dead letter. A value too large for a record is left out: its origin tells it."""
    kept = value if value is not None and len(value) <= _LONGEST_VALUE else None
    message = " ".join(str(error).split()) or type(error).__name__
    return DeadLetter(
        stage=stage,
        error=type(error).__name__,
        # What comes from a wire may hold anything; a dead letter must always be writable.
        message=message.encode("utf-8", "replace").decode("utf-8")[:2000],
        origin=origin,
        raw=raw,
        value=None if kept is None else base64.b64encode(kept).decode("ascii"),
        failed_at=datetime.now(UTC),
    )


def origin_key(origin: Origin) -> bytes:
    """The record key: the letters of one document, or of one partition, stay in order."""
    where = origin.uri or f"{origin.topic}/{origin.partition}"
    return where.encode("utf-8", "replace")
