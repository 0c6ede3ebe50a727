"""A document's parse under the configured limits, and with nothing that a parser can throw."""

from __future__ import annotations

import logging

from newswire.config import Settings
from newswire.formats import Parsed, parse
from newswire.ingest.failures import fault_of_the_document


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

    A parser's own fault is logged with its traceback at ``fault_level``.

    Raises:
        BadInput: why nothing can be read, a fault of the parser included.
    """
    try:
        return parse(
            data,
            uri=uri,
            declared=declared,
            expect=expect,
            max_bytes=settings.parse_max_bytes,
            max_chars=settings.story_max_chars,
        )
    except Exception as error:
        raise fault_of_the_document(error, fault_level) from error
