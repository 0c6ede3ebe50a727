"""CloudEvents 1.0 attributes as Kafka headers (Kafka protocol binding, binary content mode).

A consumer can tell from the headers alone what a record is: ``ce_type`` names the event, and a
story's publishing status is part of it, so a kill is known without the body being read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from newswire.contracts.topics import TOPICS
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import DeadLetter, Record, Story

Headers = list[tuple[str, bytes]]

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json; charset=utf-8"
_TYPE_PREFIX = "org.newswire"


def headers(topic: str, record: Record, *, source: str, time: datetime | None = None) -> Headers:
    """The headers of a record.

    Args:
        topic: where it goes.
        record: its value.
        source: who produces it, a URI reference such as ``/newswire/enrich``.
        time: when it happened; default now.
    """
    attributes = {
        "specversion": SPEC_VERSION,
        "id": event_id(record),
        "source": source,
        "type": event_type(record),
        "time": (time or datetime.now(UTC)).isoformat().replace("+00:00", "Z"),
        "dataschema": TOPICS[topic].schema_id,
    }
    subject = _subject(record)
    if subject:
        attributes["subject"] = subject
    encoded = [(f"ce_{name}", value.encode("utf-8")) for name, value in attributes.items()]
    return [("content-type", CONTENT_TYPE.encode("ascii")), *encoded]


def event_type(record: Record) -> str:
    """E.g. ``org.newswire.story.usable``, ``….enriched.canceled``, ``….dead-letter``."""
    if isinstance(record, Story):
        return f"{_TYPE_PREFIX}.story.{record.pub_status}"
    if isinstance(record, EnrichedStory):
        return f"{_TYPE_PREFIX}.enriched.{record.story.pub_status}"
    if isinstance(record, DeadLetter):
        return f"{_TYPE_PREFIX}.dead-letter"
    raise TypeError(f"{type(record).__name__} is not the value of a topic")


def event_id(record: Record) -> str:
    """Unique with ``source``; the same for the same version, so a repeat can be told."""
    if isinstance(record, Story):
        return f"{record.key}#{record.version}"
    if isinstance(record, EnrichedStory):
        generation = record.enrichment.provenance.generation if record.enrichment else 0
        return f"{record.story.key}#{record.story.version}.{generation}"
    if isinstance(record, DeadLetter):
        return "#".join(
            str(part)
            for part in (
                record.stage,
                record.origin.topic or record.origin.source,
                record.origin.uri if record.origin.offset is None else record.origin.partition,
                record.failed_at.isoformat()
                if record.origin.offset is None
                else record.origin.offset,
            )
        )
    raise TypeError(f"{type(record).__name__} is not the value of a topic")


def decode(pairs: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Headers as a dictionary; undecodable bytes replaced, since others write headers as well."""
    return {name: value.decode("utf-8", "replace") for name, value in pairs if value is not None}


def _subject(record: Record) -> str | None:
    if isinstance(record, Story):
        return record.key
    if isinstance(record, EnrichedStory):
        return record.story.key
    return None
