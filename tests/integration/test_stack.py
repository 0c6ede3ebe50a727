"""The embedded stack: what its servers can do, and how they start, die and stop."""

from __future__ import annotations

import elasticsearch

from newswire.config import Settings


def test_elasticsearchs_own_client_accepts_the_server(stack: Settings) -> None:
    with elasticsearch.Elasticsearch(stack.elasticsearch_url) as client:
        assert client.info()["version"]["number"].startswith("9.")
        assert client.ping()
