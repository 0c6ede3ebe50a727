"""What comes onto the topics while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from newswire.config import Settings, load_settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.search.client import open_client
from newswire.search.document import INDEX_PREFIX
from newswire.setup import prepare
from newswire.stories.model import Story
from tests.services import Watch, letters, start_group_at


@pytest.fixture
def client(stack: Settings) -> Iterator[Elasticsearch]:
    """A client of an index without documents, and topics without anything to do."""
    prepare(stack)
    start_group_at(stack, "enrich", STORIES, end=True)
    start_group_at(stack, "index", ENRICHED, end=True)
    with open_client(stack) as opened:
        for index in opened.indices.get(index=f"{INDEX_PREFIX}*"):
            opened.indices.delete(index=index)
        yield opened


@pytest.fixture
def stories(stack: Settings) -> Watch:
    """The stories that are published from now on."""
    return Watch(stack, STORIES, Story)


@pytest.fixture
def dead(stack: Settings) -> Watch:
    """The dead letters from now on."""
    return letters(stack)


@pytest.fixture
def settings() -> Settings:
    """For sources without the stack: short waits, small documents."""
    return load_settings(fetch_timeout=5, fetch_deadline=10, fetch_max_bytes=300_000)


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """The folder that a file server offers, with ``out/`` in it."""
    folder = tmp_path / "drop"
    (folder / "out").mkdir(parents=True)
    return folder
