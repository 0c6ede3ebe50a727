"""One document's way from its source to the topic.

    fetch -> archive raw bytes -> parse -> finish -> validate and produce -> remember

The order is what makes it safe. Bytes are archived before anything can go wrong with them; what
was seen is remembered only after Kafka has acknowledged. Killed anywhere in between, the next
fetch does the whole document again: a version may be produced twice, under the same id and
version, and none is lost.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from newswire import __version__
from newswire.archive.raw import RawArchive
from newswire.archive.seen import PublishedStory, Said, SeenDocument, SeenStore
from newswire.archive.store import open_store
from newswire.bus.deadletters import Stage, dead_letter, origin_key
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.contracts.topics import DEAD_LETTERS, STORIES
from newswire.errors import BadInput, ParseError
from newswire.formats import Parsed, parse
from newswire.ingest.report import DocumentReport, Outcome
from newswire.ingest.versions import next_version
from newswire.sources.fetch import fetch
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.stories.draft import Draft, finish, identity
from newswire.stories.identity import fingerprint, kafka_key
from newswire.stories.model import Origin, RawReference, Story

log = logging.getLogger(__name__)

_CREDENTIALS = re.compile(r"^(https?://)[^/?#]*@", re.IGNORECASE)

_LONGEST_ORIGIN = 4096
"""Characters of an address in a dead letter, where it is the record's key as well."""


@dataclass(frozen=True)
class SourceRules:
    """What the ingest must know of the source that a document belongs to."""

    name: str
    internal: bool = False
    expect: str | None = None
    """The one format that its documents must have."""


def ingest(
    uris: Iterable[str],
    source: SourceRules,
    settings: Settings,
    *,
    progress: Callable[[DocumentReport], None] = lambda report: None,
) -> list[DocumentReport]:
    """Ingest documents, one after the other; a bad one doesn't stop the next.

    Raises:
        DependencyUnavailable: Kafka or S3 doesn't answer. What was reported is safe, the rest
            is to be ingested again.
    """
    store = open_store(settings)
    with Publisher(settings, f"/newswire/fetch/{source.name}") as publisher:
        ingester = Ingester(settings, source, publisher, RawArchive(store), SeenStore(store))
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
    ) -> None:
        self._settings = settings
        self._source = source
        self._publisher = publisher
        self._archive = archive
        self._seen = seen

    def document(self, address: str) -> DocumentReport:
        """Ingest one document. Returns when Kafka and S3 have what there is to have."""
        uri = _writable(address)
        known = self._seen.document(self._source.name, uri)
        if known is not None and known.parser != __version__:
            known = None  # a newer parser may read more from the same bytes
        try:
            fetched = fetch(
                address,
                self._settings,
                internal=self._source.internal,
                known=Validators(known.etag, known.last_modified) if known else None,
            )
        except BadInput as error:
            return self._dead(uri, "fetch", error)
        if known is not None and _unchanged(fetched, known):
            return DocumentReport(
                uri=uri,
                outcome=Outcome.UNCHANGED,
                story_ids=known.story_ids,
                raw_key=known.raw.key,
            )
        assert isinstance(fetched, Fetched)  # a 304 answers a conditional request only
        raw = self._archive.archive(
            fetched.data,
            source=self._source.name,
            uri=uri,
            media_type=fetched.declared_type or "application/octet-stream",
        )
        return self._parse_and_publish(uri, fetched, raw)

    def _parse_and_publish(self, uri: str, fetched: Fetched, raw: RawReference) -> DocumentReport:
        try:
            parsed = parse(
                fetched.data,
                uri=fetched.url or uri,
                declared=fetched.declared_type,
                expect=self._source.expect,
                max_bytes=self._settings.parse_max_bytes,
                max_chars=self._settings.story_max_chars,
            )
        except Exception as error:
            report = self._dead(uri, "parse", _fault_of_the_document(error), raw)
            self._remember(uri, fetched, raw, ())
            return report
        raw = raw.model_copy(update={"media_type": parsed.media_type})
        report, published = self._publish(uri, parsed, raw)
        self._publisher.flush()
        for story in published:
            self._seen.remember_story(story)
        if not report.held:
            self._remember(uri, fetched, raw, report.story_ids)
        return report

    def _publish(
        self, uri: str, parsed: Parsed, raw: RawReference
    ) -> tuple[DocumentReport, list[PublishedStory]]:
        errors = [
            self._letter(f"{uri}#{failure.entry}", "parse", failure.error, raw)
            for failure in parsed.failures
        ]
        published: dict[str, PublishedStory] = {}
        ids: list[str] = []
        held = 0
        for draft in _each_story_once(parsed.drafts):
            story_id = identity(draft)
            known = published.get(story_id) or self._seen.story(story_id)
            try:
                copy = self._finish(draft, raw, known)
                said = known.said.get(self._source.name) if known else None
                if said is not None and said.fingerprint == fingerprint(copy):
                    ids.append(story_id)
                    continue  # this source said exactly that before
                story = self._numbered(copy, draft, known, said)
                if story.embargoed_until and story.embargoed_until > datetime.now(UTC):
                    ids.append(story_id)
                    held += 1
                    continue
                story = self._claimed(story, draft)
                self._publisher.publish(STORIES, story, kafka_key(story.id))
            except BadInput as error:
                entry = uri if len(parsed.drafts) == 1 else f"{uri}#{story_id}"
                errors.append(self._letter(entry, "parse", error, raw))
                continue
            ids.append(story_id)
            said = Said(fingerprint=fingerprint(story), stated=copy.version, version=story.version)
            published[story_id] = self._next_state(story, said, known)
        nothing_new = Outcome.UNCHANGED if ids else Outcome.DEAD
        report = DocumentReport(
            uri=uri,
            outcome=Outcome.PUBLISHED if published else nothing_new,
            story_ids=tuple(ids),
            published=len(published),
            held=held,
            errors=tuple(errors),
            raw_key=raw.key,
        )
        return report, list(published.values())

    def _finish(self, draft: Draft, raw: RawReference, known: PublishedStory | None) -> Story:
        return finish(
            draft,
            raw,
            first_created=known.first_created if known else None,
            max_chars=self._settings.story_max_chars,
        )

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
        moment = self._seen.claim_first_created(story.id, story.first_created)
        said = fingerprint(story)
        version = story.version
        if draft.version is None:
            while not self._seen.claim_version(story.id, version, said):
                version += 1
        return story.model_copy(update={"first_created": moment, "version": version})

    def _next_state(self, story: Story, said: Said, known: PublishedStory | None) -> PublishedStory:
        return PublishedStory(
            id=story.id,
            version=max(story.version, known.version if known else 0),
            said={**(known.said if known else {}), self._source.name: said},
            first_created=story.first_created,
        )

    def _remember(
        self, uri: str, fetched: Fetched, raw: RawReference, story_ids: tuple[str, ...]
    ) -> None:
        self._seen.remember_document(
            self._source.name,
            SeenDocument(
                uri=uri,
                sha256=raw.sha256,
                parser=__version__,
                etag=fetched.validators.etag,
                last_modified=fetched.validators.last_modified,
                story_ids=story_ids,
                raw=raw,
            ),
        )

    def _dead(
        self, uri: str, stage: Stage, error: BadInput, raw: RawReference | None = None
    ) -> DocumentReport:
        line = self._letter(uri, stage, error, raw)
        self._publisher.flush()
        return DocumentReport(
            uri=uri, outcome=Outcome.DEAD, errors=(line,), raw_key=raw.key if raw else None
        )

    def _letter(self, uri: str, stage: Stage, error: BadInput, raw: RawReference | None) -> str:
        """Send a dead letter; returns the line for people."""
        # An entry's own id is part of it, and may be of any length.
        uri = _writable(uri)[:_LONGEST_ORIGIN]
        origin = Origin(source=self._source.name, uri=uri)
        letter = dead_letter(stage, error, origin, raw=raw)
        self._publisher.publish(DEAD_LETTERS, letter, origin_key(origin))
        return f"{uri}: {error}"


def _writable(address: str) -> str:
    """The address as it may be written: in UTF-8, which a file's name need not be.

    Without credentials, too; the fetch refuses an address that has them.
    """
    return _CREDENTIALS.sub(r"\1***@", address.encode("utf-8", "backslashreplace").decode("utf-8"))


def _fault_of_the_document(error: Exception) -> BadInput:
    """What no parser foresaw is a fault of this document too: its neighbours must go through."""
    if isinstance(error, BadInput):
        return error
    log.error("a parser failed", exc_info=error)
    return ParseError(f"the parser failed: {type(error).__name__}: {error}")


def _unchanged(fetched: Fetched | NotModified, known: SeenDocument) -> bool:
    if isinstance(fetched, NotModified):
        return True
    return hashlib.sha256(fetched.data).hexdigest() == known.sha256


def _each_story_once(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Leaves out the exact repeats within one document; feeds have them."""
    seen: list[Draft] = []
    ids: set[str] = set()
    for draft in drafts:
        story_id = identity(draft)
        if story_id in ids and draft in seen:
            continue
        ids.add(story_id)
        seen.append(draft)
        yield draft
