"""A document's parse under the configured limits, and with nothing that a parser can throw."""

from __future__ import annotations

import logging

from newswire.config import Settings
from newswire.errors import FetchError, InputTooLarge, MalformedInput
from newswire.formats import Parsed, parse
from newswire.ingest.failures import fault_of_the_document
from newswire.limits import PARSE_MOST_BYTES
from newswire.sources.expand import MAGIC, bounded, gunzip


def parse_document(
    data: bytes,
    settings: Settings,
    *,
    uri: str,
    declared: str | None,
    expect: str | None = None,
    fault_level: int = logging.ERROR,
) -> Parsed:
    """Read every story of a document: see :func:`newswire.formats.parse`.

    A gzip file is read as what it holds: drops and archives have many, and the archive keeps them
    as they came. A parser's own fault is logged with its traceback at ``fault_level``.

    Raises:
        BadInput: why nothing can be read, a fault of the parser included.
    """
    try:
        return parse(
            _expanded(data, min(settings.parse_max_bytes, PARSE_MOST_BYTES)),
            uri=uri,
            declared=declared,
            expect=expect,
            max_bytes=settings.parse_max_bytes,
            max_chars=settings.story_max_chars,
        )
    except Exception as error:
        raise fault_of_the_document(error, fault_level) from error


def _expanded(data: bytes, max_bytes: int) -> bytes:
    if not data.startswith(MAGIC):
        return data
    try:
        expanded = bounded(gunzip([data]), max_bytes + 1, cut=True)
    except FetchError as error:
        raise MalformedInput(error.cause) from error
    if len(expanded) > max_bytes:
        raise InputTooLarge(
            f"gzip data that expand to more than the limit of {max_bytes:,} bytes",
            f"raise NEWSWIRE_PARSE_MAX_BYTES, {PARSE_MOST_BYTES:,} at most, or split it",
        )
    return expanded
