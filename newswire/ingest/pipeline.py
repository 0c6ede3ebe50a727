"""One document's way from its source to the topic.

    fetch -> archive raw bytes -> parse -> finish -> validate and produce -> remember

The order is what makes it safe. Bytes are archived before anything can go wrong with them; what
was seen is remembered only after Kafka has acknowledged. Killed anywhere in between, the next
fetch does the whole document again: a version may be produced twice, under the same id and
version, and none is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newswire import __version__
from newswire.archive.notes import StoredNotes
from newswire.archive.raw import RawArchive
from newswire.archive.seen import PublishedStory, Said, SeenContent, SeenDocument, SeenStore
from newswire.archive.store import open_store
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.errors import BadInput, NotYet
from newswire.formats import Parsed, parse
from newswire.ingest.drafts import one_for_each_story, why_left_out, with_believable_dates
from newswire.ingest.failures import Failures, as_before, fault_of_the_document, writable
from newswire.ingest.report import DocumentReport, Outcome
from newswire.ingest.versions import next_version
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.stories.draft import Draft, finish, identity
from newswire.stories.identity import fingerprint, kafka_key
from newswire.stories.model import Origin, RawReference, Story


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class SourceRules:
    """What the ingest must know of the source that a document belongs to."""

    name: str
    internal: bool = False
    expect: str | None = None
    """The one format that its documents must have."""
    access: Access = field(default_factory=Access)
    listed: Mapping[str, str] = field(default_factory=dict)
    """By document, its state as the source's listing has it."""


def ingest(
    uris: Iterable[str],
    source: SourceRules,
    settings: Settings,
    *,
    progress: Callable[[DocumentReport], None] = lambda report: None,
    clock: Callable[[], datetime] = _now,
) -> list[DocumentReport]:
    """Ingest documents, one after the other; a bad one doesn't stop the next.

    Raises:
        DependencyUnavailable: Kafka or S3 doesn't answer. What was reported is safe, the rest
            is to be ingested again.
    """
    store = open_store(settings)
    with (
        Fetcher(
            settings, internal=source.internal, access=source.access, notes=StoredNotes(store)
        ) as fetcher,
        Publisher(settings, f"/newswire/fetch/{source.name}") as publisher,
    ):
        ingester = Ingester(
            settings, source, publisher, RawArchive(store), SeenStore(store), clock, fetcher
        )
        reports = []
        for uri in uris:
            report = ingester.document(uri)
            progress(report)
            reports.append(report)
        return reports


class Ingester:
    """Takes the documents of one source in."""

    def __init__(
        self,
        settings: Settings,
        source: SourceRules,
        publisher: Publisher,
        archive: RawArchive,
        seen: SeenStore,
        clock: Callable[[], datetime] = _now,
        fetcher: Fetcher | None = None,
    ) -> None:
        """``clock`` tells whether an embargo is over."""
        self._fetcher = fetcher or Fetcher(settings, internal=source.internal, access=source.access)
        self._settings = settings
        self._source = source
        self._publisher = publisher
        self._archive = archive
        self._seen = seen
        self._clock = clock

    def document(self, address: str) -> DocumentReport:
        """Ingest one document. Returns when Kafka and S3 have what there is to have."""
        uri = writable(address)
        seen = self._seen.document(self._source.name, uri) or SeenDocument(uri=uri)
        known = seen.content if seen.content and self._still_holds(seen.content) else None
        listed = self._source.listed.get(address)
        try:
            fetched = self._fetcher.fetch(
                address,
                Validators(known.etag, known.last_modified, known.listed) if known else None,
                listed,
            )
        except BadInput as error:
            return self._unreachable(seen, error)
        except NotYet as error:
            return DocumentReport(uri=uri, outcome=Outcome.WAITING, waits=f"{uri}: {error}")
        if known is not None and _unchanged(fetched, known):
            state = fetched.validators.listed if isinstance(fetched, Fetched) else listed
            if seen.unreachable or known.listed != state:
                same = known.model_copy(update={"listed": state})
                self._remember(SeenDocument(uri=uri, content=same))
            return _as_before(uri, known)
        assert isinstance(fetched, Fetched)  # a 304 answers a conditional request only
        raw = self._archive.archive(
            fetched.data,
            source=self._source.name,
            uri=uri,
            media_type=fetched.declared_type or "application/octet-stream",
        )
        return self._parse_and_publish(seen, fetched, raw)

    def _still_holds(self, content: SeenContent) -> bool:
        """Whether reading the same bytes again would yield nothing new."""
        if content.parser != __version__:
            return False  # a newer parser may read more from them
        return all(until > self._clock() for until in content.held.values())

    def _unreachable(self, seen: SeenDocument, error: BadInput) -> DocumentReport:
        failures = self._failures(seen.uri, seen.unreachable)
        failures.add("fetch", error)
        self._publisher.flush()
        unreachable = dict(failures.remembered)
        if unreachable != seen.unreachable:
            self._remember(seen.model_copy(update={"unreachable": unreachable}))
        return DocumentReport(
            uri=seen.uri, outcome=Outcome.DEAD, errors=failures.lines, letters=failures.letters
        )

    def _parse_and_publish(
        self, seen: SeenDocument, fetched: Fetched, raw: RawReference
    ) -> DocumentReport:
        before = seen.content
        failed_entries = before.failed_entries if before else ()
        failures = self._failures(seen.uri, {*failed_entries, *(before.failures if before else ())})
        found = _Found()
        try:
            parsed = parse(
                fetched.data,
                uri=fetched.url or seen.uri,
                declared=fetched.declared_type,
                expect=self._source.expect,
                max_bytes=self._settings.parse_max_bytes,
                max_chars=self._settings.story_max_chars,
            )
        except Exception as error:
            failures.add("parse", fault_of_the_document(error), raw)
        else:
            raw = raw.model_copy(update={"media_type": parsed.media_type})
            found = self._publish(parsed, raw, failures)
            failed_entries = tuple(failures.remembered)
        self._publisher.flush()
        for story in found.published.values():
            self._seen.remember_story(story)
        content = SeenContent(
            sha256=raw.sha256,
            parser=__version__,
            etag=fetched.validators.etag,
            last_modified=fetched.validators.last_modified,
            listed=fetched.validators.listed,
            story_ids=tuple(found.ids),
            held=found.held,
            failures=dict(failures.remembered),
            failed_entries=failed_entries,
            raw=raw,
        )
        self._remember(SeenDocument(uri=seen.uri, content=content))
        return DocumentReport(
            uri=seen.uri,
            outcome=Outcome.PUBLISHED if found.published else _nothing_new(content),
            story_ids=content.story_ids,
            published=len(found.published),
            held=content.held,
            errors=failures.lines,
            letters=failures.letters,
            raw_key=raw.key,
        )

    def _publish(self, parsed: Parsed, raw: RawReference, failures: Failures) -> _Found:
        for failure in parsed.failures:
            failures.add("parse", failure.error, raw, entry=failure.entry, key=failure.key)
        choice = one_for_each_story(
            with_believable_dates(draft, raw.archived_at) for draft in parsed.drafts
        )
        for draft in choice.left_out:
            story_id = identity(draft)
            key = f"{story_id} {draft.headline}"
            failures.add("parse", why_left_out(draft), raw, entry=story_id, key=key)
        found = _Found()
        for draft in choice.taken:
            try:
                self._take(draft, raw, found)
            except BadInput as error:
                story_id = identity(draft)
                entry = None if len(parsed.drafts) == 1 else story_id
                failures.add("parse", error, raw, entry=entry, key=story_id)
        return found

    def _take(self, draft: Draft, raw: RawReference, found: _Found) -> None:
        story_id = identity(draft)
        known = self._seen.story(story_id)
        copy = finish(
            draft,
            raw,
            first_created=known.first_created if known else None,
            max_chars=self._settings.story_max_chars,
        )
        said = known.said.get(self._source.name) if known else None
        if said is None or said.fingerprint != fingerprint(copy):  # else it said that before
            story = self._numbered(copy, draft, known, said)
            if story.embargoed_until and story.embargoed_until > self._clock():
                found.held[story_id] = story.embargoed_until
            else:
                story = self._claimed(story, draft)
                self._publisher.publish(STORIES, story, kafka_key(story))
                said = Said(
                    fingerprint=fingerprint(story), stated=copy.version, version=story.version
                )
                found.published[story_id] = self._next_state(story, said, known)
        found.ids.append(story_id)

    def _numbered(
        self, copy: Story, draft: Draft, known: PublishedStory | None, said: Said | None
    ) -> Story:
        """The copy under the version that it is published as."""
        if known is None or draft.version is not None:
            return copy
        dated = draft.version_created is not None or draft.first_created is not None
        version = next_version(copy.version, known, said, dated=dated)
        return copy.model_copy(update={"version": version})

    def _claimed(self, story: Story, draft: Draft) -> Story:
        """The story under a month and a version that no other copy of it has.

        Another task may be at another copy of the same story at this very moment, and neither
        sees the other in the notes. A version that the provider states is left as it is.
        """
        moment = self._seen.claim_first_created(story.key, story.first_created)
        said = fingerprint(story)
        version = story.version
        if draft.version is None:
            while not self._seen.claim_version(story.key, version, said):
                version += 1
        return story.model_copy(update={"first_created": moment, "version": version})

    def _next_state(self, story: Story, said: Said, known: PublishedStory | None) -> PublishedStory:
        return PublishedStory(
            id=story.key,
            version=max(story.version, known.version if known else 0),
            said={**(known.said if known else {}), self._source.name: said},
            first_created=story.first_created,
        )

    def _remember(self, document: SeenDocument) -> None:
        self._seen.remember_document(self._source.name, document)

    def _failures(self, uri: str, before: Collection[str]) -> Failures:
        origin = Origin(source=self._source.name, uri=uri)
        return Failures(self._publisher.publish, origin, before)


@dataclass
class _Found:
    """What was found in a document, while it is being gone through."""

    ids: list[str] = field(default_factory=list)
    published: dict[str, PublishedStory] = field(default_factory=dict)
    held: dict[str, datetime] = field(default_factory=dict)


def _as_before(uri: str, content: SeenContent) -> DocumentReport:
    """The report of a document that hasn't changed: what was wrong with it still is."""
    return DocumentReport(
        uri=uri,
        outcome=_nothing_new(content),
        story_ids=content.story_ids,
        held=content.held,
        errors=tuple(as_before(line) for line in content.failures.values()),
        raw_key=content.raw.key,
    )


def _nothing_new(content: SeenContent) -> Outcome:
    if content.held:
        return Outcome.HELD
    return Outcome.UNCHANGED if content.story_ids else Outcome.DEAD


def _unchanged(fetched: Fetched | NotModified, known: SeenContent) -> bool:
    if isinstance(fetched, NotModified):
        return True
    return hashlib.sha256(fetched.data).hexdigest() == known.sha256
