"""Models of a generation of one's own, and workers with them that run meanwhile."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from newswire.config import ROOT, Settings
from newswire.contracts.topics import STORIES
from newswire.search.document import INDEX_PREFIX
from newswire.stories.enriched import EnrichedStory, Enrichment
from newswire.stories.model import Story
from tests.factories import NOON, a_story, an_enrichment
from tests.services import drain, produce
from tests.worker_under_fire import first_block
from workers.enrich import EnrichStep
from workers.index import IndexStep
from workers.main import work
from workers.step import Step

MONTHS = f"{INDEX_PREFIX}*"
OLD, NEW = 2 * 1024 + 2, 2 * 1024 + 3
"""Generations: of the models' 2, and the watch-list's revisions 2 and 3."""

Build = Callable[[Settings], Step[Any]]


class OfGeneration:
    """Enriches as the models of one generation."""

    def __init__(self, generation: int) -> None:
        self.generation = generation

    def enrich(self, stories: Sequence[Story]) -> list[Enrichment]:
        return [
            an_enrichment(summary=first_block(story), stances=(), generation=self.generation)
            for story in stories
        ]


def of_the_new_generation(stack: Settings, folder: Path) -> Settings:
    """The stack with a manifest and a watch-list of the generation :data:`NEW`."""
    manifest = json.loads((ROOT / "models" / "models.json").read_text("utf-8"))
    (folder / "models.json").write_text(json.dumps(manifest | {"generation": 2}), "utf-8")
    (folder / "targets.yaml").write_text("revision: 3\ntargets: []\n", "utf-8")
    return stack.model_copy(update={"models_dir": folder, "targets_file": folder / "targets.yaml"})


def numbered(count: int, name: str = "story") -> list[Story]:
    """Stories of one day, each an hour after the one before."""
    return [
        a_story(id=f"{name}-{number}", version_created=NOON + timedelta(hours=number))
        for number in range(count)
    ]


def come_in(settings: Settings, client: Elasticsearch, *stories: Story) -> None:
    """Stories as the workers of the old generation index them."""
    produce(settings, STORIES, stories)
    drain(settings, EnrichStep(OfGeneration(OLD)))
    drain(settings, IndexStep(client, settings.schemas_dir))
    client.indices.refresh(index=MONTHS)


@contextlib.contextmanager
def working(settings: Settings, enriching: Build, indexing: Build) -> Iterator[None]:
    """The two workers run meanwhile, each in a thread."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=work, args=(settings, build, kind), kwargs={"stop": stop})
        for build, kind in ((enriching, Story), (indexing, EnrichedStory))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
            assert not thread.is_alive()


def both(client: Elasticsearch, generation: int = NEW) -> tuple[Build, Build]:
    """Workers with the models of a generation."""
    return (
        lambda _: EnrichStep(OfGeneration(generation)),
        lambda settings: IndexStep(client, settings.schemas_dir),
    )
