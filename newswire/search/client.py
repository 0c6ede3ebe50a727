"""The Elasticsearch client, and what counts as its being away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elastic_transport import ApiResponse
from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import ScanError

from newswire.config import Settings
from newswire.errors import DependencyUnavailable

ALIAS = "stories"
"""What every reader reads: all months, usable stories only."""

WHOLE: Mapping[str, Any] = {
    "ignore_unavailable": True,
    "allow_no_indices": True,
    "allow_partial_search_results": False,
}
"""How the months are searched. None is there yet: nothing is found. One whose shards are away is
never taken for an empty one, as Elasticsearch does unless told: the search is refused."""

_OVERLOADED = {408, 429, 500, 502, 503, 504}


def open_client(settings: Settings) -> Elasticsearch:
    """A client of the configured cluster. Connects at the first call, not here."""
    key = settings.elasticsearch_api_key
    return Elasticsearch(
        settings.elasticsearch_url,
        api_key=key.get_secret_value() if key else None,
        request_timeout=30,
        # Waiting is the worker's business: it stays in its consumer group meanwhile.
        max_retries=0,
    )


@contextmanager
def unavailable_means_wait() -> Iterator[None]:
    """Turns every failure that is the cluster's own into :class:`DependencyUnavailable`."""
    try:
        yield
    except TransportError as error:
        raise _away(f"Elasticsearch does not answer: {error.message}") from error
    except ApiError as error:
        if error.status_code in _OVERLOADED or error.status_code in {401, 403}:
            raise _away(f"Elasticsearch refuses for now: {error}") from error
        raise
    except ScanError as error:
        raise _away(f"Elasticsearch lost a part of what it finds: {error}") from error


def found_of(answer: ApiResponse[Any]) -> list[Mapping[str, Any] | None]:
    """What a multi-get found, in the order asked; None: the document is gone, or its index is.

    Raises:
        DependencyUnavailable: a shard is away, which says nothing of its documents.
    """
    out: list[Mapping[str, Any] | None] = []
    for document in answer["docs"]:
        error = document.get("error")
        if error and error["type"] != "index_not_found_exception":
            raise _away(f"Elasticsearch can't say what became of a document: {error['reason']}")
        out.append(document if document.get("found") else None)
    return out


def _away(cause: str) -> DependencyUnavailable:
    return DependencyUnavailable(
        cause, "check NEWSWIRE_ELASTICSEARCH_URL, or start the servers with `newswire up`"
    )
