"""Documents for the tests of the ingest, and the ingest itself on the real S3 and Kafka."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newswire.config import Settings
from newswire.ingest import parsing, pipeline
from newswire.ingest.pipeline import SourceRules
from newswire.ingest.report import DocumentReport
from newswire.stories.draft import Draft

BODY = "Pilots in Brindle Bay voted on Friday to end a strike of nine days, their union said."


def text(headline: str, body: str = BODY) -> bytes:
    return f"{headline}\n\n{body}\n\nShips were moving again by noon, the port said.\n".encode()


def entry(
    guid: str | None,
    headline: str | None,
    date: str | None = "Fri, 17 May 2024 12:00:00 GMT",
    body: str = BODY,
) -> str:
    """An item of a feed; ``None``: without such an element."""
    elements = {"guid": guid, "title": headline, "pubDate": date, "description": body}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items() if value)
    return f"<item>{inner}</item>"


def feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>Example Wire</title>'
        f"{''.join(entries)}</channel></rss>"
    ).encode()


def page(address: str, first: str, *, date: str = "", headline: str = "Strike ends") -> bytes:
    """A page that calls itself ``address``; ``date``: a meta element or nothing."""
    return (
        f'<html><head><title>{headline}</title><link rel="canonical" href="{address}">'
        f'<meta property="og:title" content="{headline}">{date}</head><body><article>'
        f"<h1>{headline}</h1><p>{first}</p><p>{BODY}</p>"
        f"<p>{BODY.replace('Friday', 'Monday')}</p></article></body></html>"
    ).encode()


def ingest(settings: Settings, source: str, *uris: str | Path) -> list[DocumentReport]:
    rules = SourceRules(source, internal=True)
    return pipeline.ingest([str(uri) for uri in uris], rules, settings)


def one(
    settings: Settings, source: str, uri: str | Path, *, now: datetime | None = None
) -> DocumentReport:
    rules = SourceRules(source, internal=True)
    (report,) = pipeline.ingest([str(uri)], rules, settings, clock=lambda: now or datetime.now(UTC))
    return report


def change_drafts(monkeypatch: pytest.MonkeyPatch, change: Callable[[Draft], None]) -> None:
    """Let parsers say something that no format of today says."""
    really = parsing.parse

    def parse(data: bytes, **about: Any) -> Any:
        parsed = really(data, **about)
        for draft in parsed.drafts:
            change(draft)
        return parsed

    monkeypatch.setattr(parsing, "parse", parse)
