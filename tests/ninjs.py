"""Versions of a story as ninjs: a wire that says kills, embargoes and numbers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from tests.factories import NOON

BODY = (
    "<p>Harbour pilots in Brindle Bay voted to end their strike on Friday.</p>"
    "<p>Ships were moving again by noon, the port authority said.</p>"
)


def ninjs(
    uri: str, version: int | None, headline: str = "Pilots end strike", **differs: Any
) -> bytes:
    """One version; ``embargoed`` and other moments may be given as such."""
    item = {
        "uri": uri,
        "type": "text",
        "version": None if version is None else str(version),
        "versioncreated": NOON,
        "firstcreated": NOON,
        "pubstatus": "usable",
        "headline": headline,
        "body_html": BODY,
    } | differs
    return json.dumps(
        {name: _stated(value) for name, value in item.items() if value is not None}
    ).encode()


def killed(uri: str, version: int | None, **differs: Any) -> bytes:
    """The kill of a story; without a body, as agencies send it."""
    return ninjs(uri, version, **({"pubstatus": "canceled", "body_html": None} | differs))


def _stated(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
