"""What becomes of each story of a document: published, held, known already, or older than what is.

    draft -> finish -> said before? -> version -> older? -> embargo? -> validate and produce

Here stand the rules by which corrections, kills and embargoes hold; where a document comes from,
a fetch or the archive, makes no other difference than that archived bytes are numbered as they
were, and never anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from newswire.archive.held import HeldStore, HeldStory
from newswire.archive.seen import PublishedStory, Said, SeenStore
from newswire.archive.store import ObjectStore
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.errors import BadInput
from newswire.formats import Parsed
from newswire.ingest.drafts import one_for_each_story, why_left_out, with_believable_dates
from newswire.ingest.failures import Failures
from newswire.ingest.versions import next_version
from newswire.stories.draft import Draft, identity, without_content
from newswire.stories.finish import finish
from newswire.stories.fold import WITHDRAWAL
from newswire.stories.identity import fingerprint, kafka_key
from newswire.stories.model import PubStatus, RawReference, Story


@dataclass
class Found:
    """What became of a document's stories, each under its key."""

    ids: list[str] = field(default_factory=list)
    """Every story, whatever became of it."""
    published: dict[str, PublishedStory] = field(default_factory=dict)
    repeated: dict[str, PublishedStory] = field(default_factory=dict)
    """The same was said before, by another source or under an earlier date."""
    held: dict[str, datetime] = field(default_factory=dict)
    older: list[str] = field(default_factory=list)
    """A newer version of them was published before."""


class Intake:
    """Decides about the stories of one source, and publishes what is to be published."""

    def __init__(
        self,
        settings: Settings,
        source: str,
        publisher: Publisher,
        store: ObjectStore,
        clock: Callable[[], datetime],
        *,
        archived: bool = False,
    ) -> None:
        """Args:
        settings: the limits.
        source: whose documents they are.
        publisher: the topics.
        store: knows what was published before, and keeps what must wait.
        clock: tells whether an embargo is over.
        archived: the documents come from the archive.
        """
        self._settings = settings
        self._source = source
        self._publisher = publisher
        self._seen = SeenStore(store)
        self._held = HeldStore(store)
        self._clock = clock
        self._archived = archived

    def take(
        self, parsed: Parsed, raw: RawReference, failures: Failures, *, only: str | None = None
    ) -> Found:
        """Take the stories of a document in. Nothing is remembered yet: see :meth:`remember`.

        Args:
            parsed: the document.
            raw: where its bytes are.
            failures: gets what can't be published.
            only: the one story that is wanted; none: all.
        """
        for failure in parsed.failures:
            failures.add("parse", failure.error, raw, entry=failure.entry, key=failure.key)
        choice = one_for_each_story(
            with_believable_dates(draft, raw.archived_at) for draft in parsed.drafts
        )
        for draft in choice.left_out:
            story_id = identity(draft)
            key = f"{story_id} {draft.headline}"
            failures.add("parse", why_left_out(draft), raw, entry=story_id, key=key)
        found = Found()
        for draft in choice.taken:
            story_id = identity(draft)
            if only is not None and story_id != only:
                continue
            try:
                self._take(draft, raw, found)
            except BadInput as error:
                entry = None if len(parsed.drafts) == 1 else story_id
                failures.add("parse", error, raw, entry=entry, key=story_id)
        return found

    def remember(self, found: Found) -> None:
        """Remember what was said, once Kafka has acknowledged what was published."""
        for story in (*found.published.values(), *found.repeated.values()):
            self._seen.remember_story(story)

    def _take(self, draft: Draft, raw: RawReference, found: Found) -> None:
        draft = self._killed_under_embargo(draft)
        story_id = identity(draft)
        known = self._seen.story(story_id)
        copy = finish(
            draft,
            raw,
            first_created=known.first_created if known else None,
            max_chars=self._settings.story_max_chars,
        )
        said = known.said.get(self._source) if known else None
        renumbered = known is not None and (draft.version or 0) > known.version
        if (
            known
            and not renumbered
            and (same := _said_again(known, said, copy, dated=_dated(draft)))
        ):
            found.repeated[story_id] = known.model_copy(
                update={
                    "version": max(known.version, same.version),
                    "said": {**known.said, self._source: same},
                }
            )
        elif (
            said is None
            or renumbered
            or said.fingerprint != fingerprint(copy)
            # What stands is another source's, and this one says its own again, later.
            or (known is not None and _dated(draft) and copy.version > known.version)
        ):
            story = self._numbered(copy, draft, known, said)
            if known is not None and _rank(story) < (known.version, known.withdrawal):
                found.older.append(story_id)
            elif story.pub_status is PubStatus.USABLE and self._is_under_embargo(story):
                self._hold(story, found)
            else:
                self._publish(story, copy.version, draft, known, found)
        found.ids.append(story_id)

    def _killed_under_embargo(self, draft: Draft) -> Draft:
        """A kill goes out at once, but its headline no sooner than the story's would have."""
        if draft.pub_status is PubStatus.CANCELED and self._is_under_embargo(draft):
            return without_content(draft)
        return draft

    def _is_under_embargo(self, story: Draft | Story) -> bool:
        return story.embargoed_until is not None and story.embargoed_until > self._clock()

    def _hold(self, story: Story, found: Found) -> None:
        assert story.embargoed_until is not None
        self._held.hold(
            HeldStory(
                key=story.key,
                version=story.version,
                until=story.embargoed_until,
                raw_key=story.raw.key,
            )
        )
        found.held[story.key] = story.embargoed_until

    def _publish(
        self,
        story: Story,
        stated: int,
        draft: Draft,
        known: PublishedStory | None,
        found: Found,
    ) -> None:
        story = self._claimed(story, draft)
        self._publisher.publish(STORIES, story, kafka_key(story))
        said = Said(
            fingerprint=fingerprint(story),
            stated=stated,
            version=story.version,
            raw_key=story.raw.key,
        )
        version, withdrawal = _rank(story)
        found.published[story.key] = PublishedStory(
            id=story.key,
            version=version,
            withdrawal=withdrawal,
            said={**(known.said if known else {}), self._source: said},
            first_created=story.first_created,
        )

    def _numbered(
        self, copy: Story, draft: Draft, known: PublishedStory | None, said: Said | None
    ) -> Story:
        """The copy under the version that it is published as."""
        if known is None or draft.version is not None:
            return copy
        if self._archived:
            # A newer parser reads other copy from the bytes that this version was made of.
            same = said is not None and said.raw_key == copy.raw.key
            version = said.version if said is not None and same else copy.version
        else:
            version = next_version(copy.version, known, said, dated=_dated(draft))
        return copy.model_copy(update={"version": version})

    def _claimed(self, story: Story, draft: Draft) -> Story:
        """The story under a month and a version that no other copy of it has.

        Another task may be at another copy of the same story at this very moment, and neither
        sees the other in the notes. A version that the provider states is left as it is, and so is
        that of archived bytes: which of two stays under one version, the index decides.
        """
        moment = self._seen.claim_first_created(story.key, story.first_created)
        said = fingerprint(story)
        version = story.version
        if draft.version is None and not self._archived:
            while not self._seen.claim_version(story.key, version, said):
                version += 1
        return story.model_copy(update={"first_created": moment, "version": version})


def _said_again(
    known: PublishedStory, said: Said | None, copy: Story, *, dated: bool
) -> Said | None:
    """What is to be remembered where a source says what stands of a story: for the first time, or
    under a later date; ``None``: neither.

    The same copy is no news, but its later date is noted: a version from in between that arrives
    after it, a kill that was taken back among them, is an older one.
    """
    same = fingerprint(copy)
    newest = (one for one in known.said.values() if one.version == known.version)
    stands = next((one for one in newest if one.fingerprint == same), None)
    if stands is None or (said is not None and said.fingerprint != same):
        return None
    if dated and copy.version > known.version:
        return Said(
            fingerprint=same, stated=copy.version, version=copy.version, raw_key=copy.raw.key
        )
    return stands if said is None else None


def _dated(draft: Draft) -> bool:
    return draft.version_created is not None or draft.first_created is not None


def _rank(story: Story) -> tuple[int, int]:
    """The part of a version's precedence that is remembered; the index decides about the rest."""
    return story.version, WITHDRAWAL[story.pub_status]
