"""What stays of a story's history."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswire.search.document import document
from newswire.stories.fold import fold, precedence
from newswire.stories.model import PubStatus, Story
from tests.factories import NOON, a_raw_reference, a_story
from tests.histories import deliveries, enriched, history

LATER = NOON + timedelta(seconds=1)


@given(st.integers())
def test_order_and_repeats_mean_nothing(seed: int) -> None:
    random = Random(seed)
    versions = history(random, "one")
    assert fold(deliveries(random, versions)) == fold(versions)


def test_a_correction_supersedes_and_a_kill_withdraws_until_the_copy_is_back() -> None:
    first, corrected = a_story(version=1), a_story(version=2, headline="CORRECTED-Pilots")
    killed = a_story(version=3, pub_status=PubStatus.CANCELED)
    back = a_story(version=4)
    assert fold([corrected, first]) is corrected
    assert fold([killed, first, corrected]) is killed
    assert fold([back, killed, first]) is back


@pytest.mark.parametrize(
    ("lesser", "greater"),
    [
        (a_story(), a_story(pub_status=PubStatus.WITHHELD)),
        (a_story(pub_status=PubStatus.WITHHELD), a_story(pub_status=PubStatus.CANCELED)),
        (a_story(parser=9), a_story(version_created=LATER)),
        (a_story(parser=9), a_story(raw=a_raw_reference(archived_at=LATER))),
        (a_story(parser=1), a_story(parser=2)),
    ],
    ids=["withheld", "canceled", "date", "arrival", "parser"],
)
def test_of_versions_with_one_number_one_stays(lesser: Story, greater: Story) -> None:
    assert fold([lesser, greater]) is fold([greater, lesser]) is greater


def test_an_empty_history_is_no_story() -> None:
    with pytest.raises(ValueError, match="empty"):
        fold([])


@given(st.integers())
def test_the_index_orders_documents_as_the_fold_orders_versions(seed: int) -> None:
    random = Random(seed)
    records = [enriched(random, story) for story in history(random, "one")]
    by_fold = [
        precedence(one.story, one.enrichment.provenance.generation if one.enrichment else 0)
        for one in records
    ]
    documents = [document(one, now=NOON) for one in records]
    by_index = [(one.version, one.tie_break) for one in documents]
    for mine, its in zip(by_fold, by_index, strict=True):
        for other, its_other in zip(by_fold, by_index, strict=True):
            assert (mine < other) == (its < its_other)
