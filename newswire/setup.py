"""Make the servers ready: topics, the archive's bucket, Elasticsearch's templates."""

from __future__ import annotations

from dataclasses import dataclass

from newswire.archive.store import open_store
from newswire.bus.topics import ensure_topics
from newswire.config import Settings
from newswire.search.client import open_client
from newswire.search.templates import apply_templates, ensure_alias


@dataclass(frozen=True)
class Prepared:
    """What was there or was made. Running it again makes nothing and is harmless."""

    created_topics: list[str]
    created_bucket: bool
    templates: list[str]


def prepare(settings: Settings) -> Prepared:
    """Create the topics and the bucket where they are missing, apply the templates.

    Raises:
        DependencyUnavailable: one of the three servers does not answer.
    """
    created_topics = ensure_topics(settings)
    created_bucket = open_store(settings).ensure_bucket()
    with open_client(settings) as client:
        templates = apply_templates(client, settings.schemas_dir)
        ensure_alias(client)
    return Prepared(created_topics, created_bucket, templates)
