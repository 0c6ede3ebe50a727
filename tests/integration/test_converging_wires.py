"""From the wire to the index, by all servers and the real models: corrections, kills, replays."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Event

from elasticsearch import ApiError, Elasticsearch

from newswire.config import Settings
from newswire.contracts.topics import ENRICHED, STORIES
from newswire.ingest.replay import Pace, Selection, replay
from newswire.ingest.unarchived import read_stories
from newswire.search.client import ALIAS
from newswire.search.document import INDEX_PREFIX, document_id
from newswire.stack import StackConfig, start_server, stop_server
from newswire.stories.fold import fold
from newswire.stories.model import PubStatus
from tests.factories import NOON
from tests.histories import deliveries
from tests.ingesting import one
from tests.ninjs import killed, ninjs
from tests.services import contents, drain, eventually, start_group_at
from workers import enrich, index

STORIES_DELIVERED = 40
DELETED_VERSIONS_ARE_FORGOTTEN_AFTER_S = 60
"""Elasticsearch's `index.gc_deletes`: what was removed by a DELETE could come back after it."""
ALL = f"{INDEX_PREFIX}*"


def work(stack: Settings) -> None:
    drain(stack, enrich.build(stack))
    drain(stack, index.build(stack))


def replay_all(stack: Settings, source: str) -> None:
    pace = Pace(stack, rate=1000, most_lag=10**9)
    list(replay(stack, Selection.parse(source, stack.s3_bucket), pace))


def history(random: Random, uri: str) -> list[bytes]:
    """Versions in which something was said; of one number, one is the later by its date."""
    versions = []
    for minute in random.sample(range(60), random.randint(1, 5)):
        version = random.randint(1, 3)
        moment = NOON + timedelta(minutes=minute)
        make = killed if random.random() < 0.25 else ninjs
        said = {"headline": f"At minute {minute}", "versioncreated": moment}
        versions.append(make(uri, version, **said))
    return versions


def test_wires_in_any_order_and_replayed_end_as_the_fold_of_each_storys_history(
    stack: Settings, client: Elasticsearch, tmp_path: Path
) -> None:
    seed = Random().getrandbits(32)
    random = Random(seed)
    histories = {
        uri: history(random, uri)
        for uri in (f"urn:wires:{seed}:{number}" for number in range(STORIES_DELIVERED))
    }
    delivered = deliveries(random, [one for versions in histories.values() for one in versions])
    for number, data in enumerate(delivered):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        # Two sources bring the same wire.
        one(stack, random.choice(["wires-one", "wires-two"]), path)
        if number == len(delivered) // 2:
            work(stack)
            replay_all(stack, "wires-one")
    replay_all(stack, "wires-two")
    work(stack)
    found = contents(client, ALL)
    for uri, versions in histories.items():
        stories = [read_stories(data, stack, uri="wire.json").stories[0] for data in versions]
        end = fold(stories)
        stored = found[document_id(uri)]
        assert (stored["version"], stored["pub_status"], stored.get("headline")) == (
            end.version,
            end.pub_status,
            end.headline if end.pub_status is PubStatus.USABLE else None,
        ), f"seed {seed}"


def test_a_killed_story_stays_killed_after_a_minute_a_restart_and_a_replay_of_everything(
    stack: Settings, stack_config: StackConfig, client: Elasticsearch, tmp_path: Path
) -> None:
    uri = "urn:wires:killed"
    for number, data in enumerate((ninjs(uri, 1), ninjs(uri, 2, "Corrected"), killed(uri, 3))):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        one(stack, "killed-wires", path)
        work(stack)
    assert is_killed(client, uri)
    Event().wait(DELETED_VERSIONS_ARE_FORGOTTEN_AFTER_S + 1)
    stop_server(stack.data_dir, "elasticsearch", kill=True)
    start_server(stack_config, "elasticsearch")
    assert eventually(lambda: is_killed(client, uri), 60)
    # The archive, then both topics from their beginnings.
    replay_all(stack, "killed-wires")
    start_group_at(stack, "enrich", STORIES, end=False)
    start_group_at(stack, "index", ENRICHED, end=False)
    work(stack)
    assert is_killed(client, uri)
    # And only a newer version brings it back.
    (tmp_path / "back.json").write_bytes(ninjs(uri, 4, "Back"))
    one(stack, "killed-wires", tmp_path / "back.json")
    work(stack)
    back = client.get(index="newswire-stories-2024.05", id=document_id(uri))["_source"]
    assert (back["version"], back["pub_status"], back["headline"]) == (4, "usable", "Back")


def is_killed(client: Elasticsearch, uri: str) -> bool:
    """A tombstone without a text, and in no view. Not to be seen: no."""
    it = {"ids": {"values": [document_id(uri)]}}
    with suppress(ApiError):  # 503 while the shards are being opened
        client.indices.refresh(index=ALL)
        stored = [hit["_source"] for hit in client.search(index=ALL, query=it)["hits"]["hits"]]
        in_view = client.count(index=ALIAS, query=it)["count"]
        return [("text" in one, one["pub_status"]) for one in stored] == [
            (False, "canceled")
        ] and not in_view
    return False
