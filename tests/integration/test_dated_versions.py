"""Wires that date their versions and don't number them: the order of arrival means nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from newswire.config import Settings
from newswire.ingest.unarchived import read_stories
from newswire.setup import prepare
from newswire.stories.fold import fold
from newswire.stories.model import Story
from tests.factories import NOON
from tests.histories import deliveries
from tests.ingesting import one
from tests.ninjs import killed, ninjs
from tests.services import Watch

STORIES_DELIVERED = 25


@pytest.fixture(scope="module", autouse=True)
def _prepared(stack: Settings) -> None:
    prepare(stack)


def history(random: Random, uri: str) -> list[bytes]:
    """Two to five versions, each with a date of its own; some say what was said before."""
    versions = []
    for minute in random.sample(range(600), random.randint(2, 5)):
        make = killed if random.random() < 0.3 else ninjs
        said = {"headline": f"Said {random.choice('abc')}"}
        versions.append(make(uri, None, versioncreated=NOON + timedelta(minutes=minute), **said))
    return versions


def test_they_end_as_the_fold_of_each_storys_history_whoever_brings_them_and_when(
    stack: Settings, stories: Watch, tmp_path: Path
) -> None:
    seed = Random().getrandbits(32)
    random = Random(seed)
    histories = {
        uri: history(random, uri)
        for uri in (f"urn:dated:{seed}:{number}" for number in range(STORIES_DELIVERED))
    }
    delivered = deliveries(random, [one for versions in histories.values() for one in versions])
    for number, data in enumerate(delivered):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        one(stack, random.choice(["dated-one", "dated-two"]), path)
    published: dict[str, list[Story]] = defaultdict(list)
    for story in stories.records():
        published[story.key].append(story)
    for uri, versions in histories.items():
        said = fold(read_stories(data, stack, uri="wire.json").stories[0] for data in versions)
        stands = fold(published[uri])
        assert (stands.pub_status, stands.headline, stands.text) == (
            said.pub_status,
            said.headline,
            said.text,
        ), f"seed {seed}, {uri}"
