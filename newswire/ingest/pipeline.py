"""One document's way from its source to the topic.

    fetch -> archive raw bytes -> parse -> finish -> validate and produce -> note -> remember

The order is what makes it safe. Bytes are archived before anything can go wrong with them; what
became of them is noted, and what was seen is remembered, only after Kafka has acknowledged. Killed
anywhere in between, the next fetch does the whole document again: a version may be produced twice,
under the same id and version, and none is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newswire.archive.notes import StoredNotes
from newswire.archive.outcomes import Outcomes
from newswire.archive.raw import RawArchive
from newswire.archive.seen import SeenContent, SeenDocument, SeenStore
from newswire.archive.store import ObjectStore, open_store
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.errors import BadInput, NotYet
from newswire.ingest.failures import Failures, as_before, writable
from newswire.ingest.fates import FATES
from newswire.ingest.intake import Found, Intake
from newswire.ingest.parsing import parse_document
from newswire.ingest.report import DocumentReport, Outcome
from newswire.sources.access import Access
from newswire.sources.fetch import Fetcher
from newswire.sources.fetched import Fetched, NotModified, Validators
from newswire.stories.finish import PARSER_REVISION
from newswire.stories.model import Origin, RawReference


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
        ingester = Ingester(settings, source, fetcher, store, publisher, clock)
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
        fetcher: Fetcher,
        store: ObjectStore,
        publisher: Publisher,
        clock: Callable[[], datetime],
    ) -> None:
        """``clock`` tells whether an embargo is over."""
        self._settings = settings
        self._source = source
        self._fetcher = fetcher
        self._publisher = publisher
        self._archive = RawArchive(store)
        self._seen = SeenStore(store)
        self._outcomes = Outcomes(store)
        self._clock = clock
        self._intake = Intake(settings, source.name, publisher, store, clock)

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
            url=fetched.url,
            expect=self._source.expect,
        )
        return self._parse_and_publish(seen, fetched, raw)

    def _still_holds(self, content: SeenContent) -> bool:
        """Whether reading the same bytes again would yield nothing new."""
        if content.parser != PARSER_REVISION:
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
        found = Found()
        try:
            parsed = parse_document(
                fetched.data,
                self._settings,
                uri=fetched.url or seen.uri,
                declared=fetched.declared_type,
                expect=self._source.expect,
            )
        except BadInput as error:
            failures.add("parse", error, raw)
        else:
            raw = raw.model_copy(update={"media_type": parsed.media_type})
            found = self._intake.take(parsed, raw, failures)
            failed_entries = tuple(failures.remembered)
        content = SeenContent(
            sha256=raw.sha256,
            parser=PARSER_REVISION,
            etag=fetched.validators.etag,
            last_modified=fetched.validators.last_modified,
            listed=fetched.validators.listed,
            story_ids=tuple(found.ids),
            held=found.held,
            failures=dict(failures.remembered),
            failed_entries=failed_entries,
            raw=raw,
        )
        outcome = Outcome.PUBLISHED if found.published else _nothing_new(content)
        self._publisher.flush()
        self._outcomes.note(raw.key, FATES[outcome])
        self._intake.remember(found)
        self._remember(SeenDocument(uri=seen.uri, content=content))
        return DocumentReport(
            uri=seen.uri,
            outcome=outcome,
            story_ids=content.story_ids,
            published=len(found.published),
            held=content.held,
            errors=failures.lines,
            letters=failures.letters,
            raw_key=raw.key,
        )

    def _remember(self, document: SeenDocument) -> None:
        self._seen.remember_document(self._source.name, document)

    def _failures(self, uri: str, before: Collection[str]) -> Failures:
        origin = Origin(source=self._source.name, uri=uri)
        return Failures(self._publisher.publish, origin, before)


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
