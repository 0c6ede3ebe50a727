"""Whatever the order, the repeats and the replays: the index ends as the fold of each history."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from newswire.config import Settings
from newswire.contracts.topics import ENRICHED
from newswire.search import writer
from newswire.search.document import INDEX_PREFIX, Document, document
from newswire.stories.enriched import EnrichedStory
from newswire.stories.fold import precedence
from tests.histories import deliveries, enriched, history
from tests.services import drain, produce, start_group_at
from workers.index import build

HISTORIES = 2000
ROUNDS = 4
"""Parts of the deliveries. In the middle the worker begins at the first of them again."""


_WHOLE = {"version": True, "_source": {"exclude_vectors": False}}


def test_two_thousand_random_histories_end_as_their_folds(
    stack: Settings, client: Elasticsearch
) -> None:
    seed = Random().getrandbits(32)
    expected = _deliver(stack, seed)
    wrong, versions = _wrong(client, expected)
    sys.stderr.write(f"\nwith external versions {len(wrong)} of {HISTORIES} end wrong\n")
    assert wrong == [], f"seed {seed}"
    # What other tests left on the topic is replayed as well.
    assert {name: versions[name] for name in expected} == {
        name: one.version for name, one in expected.items()
    }


def test_without_external_versions_they_do_not(
    stack: Settings, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = writer._bulks

    def unversioned(*arguments: Any) -> Iterator[list[bytes]]:
        for lines in really(*arguments):
            for place in range(0, len(lines), 2):
                action = json.loads(lines[place])
                del action["index"]["version"], action["index"]["version_type"]
                lines[place] = json.dumps(action).encode()
            yield lines

    monkeypatch.setattr(writer, "_bulks", unversioned)
    wrong, _ = _wrong(client, _deliver(stack, seed=1))
    sys.stderr.write(f"\nwithout external versions {len(wrong)} of {HISTORIES} end wrong\n")
    assert len(wrong) > HISTORIES / 10


def _deliver(stack: Settings, seed: int) -> dict[str, Document]:
    """Everything through Kafka and the index worker. Returns what each story ends as, by `_id`."""
    random = Random(seed)
    histories: dict[str, list[EnrichedStory]] = defaultdict(list)
    for number in range(HISTORIES):
        key = f"{seed}-{number}"
        histories[key] = [enriched(random, version) for version in history(random, key)]
    delivered = deliveries(random, [one for versions in histories.values() for one in versions])
    size = -(-len(delivered) // ROUNDS)
    for number in range(ROUNDS):
        if number == ROUNDS // 2:
            start_group_at(stack, "index", ENRICHED, end=False)
        produce(stack, ENRICHED, delivered[number * size : (number + 1) * size])
        drain(stack, build(stack))
    ends = (max(versions, key=_precedence) for versions in histories.values())
    return {one.id: one for one in map(document, ends)}


def _precedence(record: EnrichedStory) -> object:
    enrichment = record.enrichment
    return precedence(record.story, enrichment.provenance.generation if enrichment else 0)


def _wrong(
    client: Elasticsearch, expected: dict[str, Document]
) -> tuple[list[str], dict[str, int]]:
    """The ids of stories that say another thing than expected, or aren't there; all versions."""
    client.indices.refresh(index=f"{INDEX_PREFIX}*")
    hits = scan(client, index=f"{INDEX_PREFIX}*", query=_WHOLE, size=500)
    found = {hit["_id"]: hit for hit in hits}
    wrong = [
        name
        for name, one in expected.items()
        if name not in found or _said(found[name]["_source"]) != _said(one.fields)
    ]
    return wrong, {name: hit["_version"] for name, hit in found.items()}


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "indexed_at"}
