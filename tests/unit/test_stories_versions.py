"""Which version a changed copy gets, and which external version follows from it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newswire.archive.seen import PublishedStory, Said
from newswire.ingest.versions import next_version
from newswire.search.document import GENERATION_BITS, external_version
from newswire.stories.enriched import GENERATIONS, EnrichedStory
from newswire.stories.model import PubStatus
from tests.factories import NOON, a_story, an_enriched_story

versions = st.integers(0, 2**43 - 1)
generations = st.integers(0, GENERATIONS - 1)


def published(version: int, **said: Said) -> PublishedStory:
    return PublishedStory(id="1", version=version, said=said, first_created=NOON)


def said(stated: int, version: int) -> Said:
    return Said(fingerprint="…", stated=stated, version=version)


def test_a_newer_date_is_its_own_version() -> None:
    before = said(100, 100)
    assert next_version(200, published(100, wire=before), before, dated=True) == 200


def test_each_change_under_one_date_is_one_more() -> None:
    first = said(100, 100)
    assert next_version(100, published(100, wire=first), first, dated=True) == 101
    second = said(100, 101)
    assert next_version(100, published(101, wire=second), second, dated=True) == 102


def test_an_older_date_than_before_stays_older() -> None:
    before = said(200, 200)
    assert next_version(100, published(200, wire=before), before, dated=True) == 100


def test_a_change_under_an_old_date_does_not_overtake_the_newer_copy_of_another_source() -> None:
    mine = said(100, 100)
    assert next_version(100, published(900, mine=mine), mine, dated=True) == 101


def test_other_copy_with_the_same_date_from_another_source_is_not_a_repeat() -> None:
    assert next_version(100, published(100, other=said(100, 100)), None, dated=True) == 101
    mine = said(100, 100)
    assert next_version(100, published(101, mine=mine), mine, dated=True) == 102


def test_copy_without_a_date_follows_everything_also_when_it_returns_to_what_it_was() -> None:
    # Archived at 100, then at 200 as something else; its first bytes come back from the archive.
    before = said(200, 200)
    assert next_version(100, published(200, wire=before), before, dated=False) == 201
    assert next_version(300, published(200, wire=before), before, dated=False) == 300


@given(versions, versions, st.booleans(), st.booleans())
def test_a_changed_copy_never_has_the_version_that_is_published(
    stated: int, known: int, dated: bool, spoken: bool
) -> None:
    before = said(known, known) if spoken else None
    assert next_version(stated, published(known), before, dated=dated) != known


@given(versions, generations, versions, generations)
def test_the_external_version_orders_by_version_and_then_by_generation(
    version: int, generation: int, other_version: int, other_generation: int
) -> None:
    one = external_version(an_enriched_story(a_story(version=version), generation=generation))
    other = external_version(
        an_enriched_story(a_story(version=other_version), generation=other_generation)
    )
    assert (one < other) == ((version, generation) < (other_version, other_generation))
    assert 0 <= one < 2**63


def test_a_withdrawal_outranks_every_enrichment_of_the_version_that_it_withdraws() -> None:
    story = a_story(version=5)
    killed = EnrichedStory(story=story.model_copy(update={"pub_status": PubStatus.CANCELED}))
    assert external_version(killed) > external_version(
        an_enriched_story(story, generation=GENERATIONS - 1)
    )
    assert external_version(killed) < external_version(
        an_enriched_story(a_story(version=6), generation=0)
    )
    withheld = EnrichedStory(story=story.model_copy(update={"pub_status": PubStatus.WITHHELD}))
    assert external_version(withheld) == external_version(killed) - 1


def test_a_story_without_enrichment_is_of_generation_0() -> None:
    bare = EnrichedStory(story=a_story(version=5))
    assert external_version(bare) == 5 << GENERATION_BITS
    assert external_version(an_enriched_story(a_story(version=5), generation=1)) == (
        external_version(bare) + 1
    )
