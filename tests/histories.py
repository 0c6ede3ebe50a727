"""Random histories of stories: versions, corrections, kills and un-kills, as deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import PubStatus, Story
from tests.copies import body, paragraphs
from tests.factories import NOON, a_raw_reference, a_story, an_enriched_story

T = TypeVar("T")

MOST_VERSIONS = 4
_STATUSES = [PubStatus.USABLE] * 4 + [PubStatus.CANCELED, PubStatus.WITHHELD]


def history(random: Random, key: str) -> list[Story]:
    """One to six versions of a story; several may have one number, and some say the same.

    Its copy is like that of no other key.
    """
    return [_version(random, key) for _ in range(random.randint(1, 6))]


def _version(random: Random, key: str) -> Story:
    status = random.choice(_STATUSES)
    number = random.randint(1, MOST_VERSIONS)
    story = a_story(
        id=key,
        version=number,
        pub_status=status,
        version_created=NOON + timedelta(minutes=random.randint(0, 2)),
        headline=f"Pilots end strike, {random.choice('abc')}",
        body=body(*paragraphs(key, count=1)),
        parser=random.randint(1, 2),
        raw=a_raw_reference(archived_at=NOON + timedelta(minutes=random.randint(0, 2))),
    )
    return story if status is PubStatus.USABLE else story.model_copy(update={"body": ()})


def enriched(random: Random, story: Story) -> EnrichedStory:
    """The version as the workers hand it on, by the models of one generation or another."""
    if story.pub_status is not PubStatus.USABLE:
        return EnrichedStory(story=story)
    # Without an embedding, and with copy of its own, a story is like no other: links have a test
    # of their own.
    return an_enriched_story(story, generation=random.randint(1, 3), embedding=None)


def deliveries(random: Random, records: Sequence[T]) -> list[T]:
    """Every record, some of them several times, in any order."""
    delivered = [*records, *random.choices(records, k=len(records) // 3)]
    random.shuffle(delivered)
    return delivered
