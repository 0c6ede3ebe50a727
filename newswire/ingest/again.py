"""Stories from bytes that were archived before: when an embargo ends, or a newer parser reads them.

Their source isn't touched, and neither is what is remembered of its documents.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from newswire.archive.outcomes import Outcomes
from newswire.archive.raw import RawArchive
from newswire.archive.store import ObjectStore
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.errors import BadInput, DependencyUnavailable
from newswire.ingest.failures import Failures
from newswire.ingest.fates import FATES
from newswire.ingest.intake import Found, Intake
from newswire.ingest.parsing import parse_document
from newswire.ingest.report import DocumentReport, Outcome
from newswire.stories.model import Origin


class ArchiveReader:
    """Takes archived documents in once more."""

    def __init__(
        self,
        settings: Settings,
        store: ObjectStore,
        publisher: Publisher,
        *,
        letters: bool,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Args:
        settings: the limits.
        store: the bucket.
        publisher: the topics.
        letters: whether what fails makes a dead letter though its fetch was done and may have made
            one. Where the fetch was killed, it does in any case.
        clock: tells whether an embargo is over.
        """
        self._settings = settings
        self._store = store
        self._archive = RawArchive(store)
        self._outcomes = Outcomes(store)
        self._publisher = publisher
        self._letters = letters
        self._clock = clock

    def document(self, key: str, *, only: str | None = None) -> DocumentReport:
        """Take one document in. Returns when Kafka and S3 have what there is to have.

        Args:
            key: of its archived bytes.
            only: the one story that is wanted, by its key; none: all.

        Raises:
            DependencyUnavailable: the bytes aren't there, or Kafka or S3 doesn't answer.
        """
        archived = self._archive.read(key)
        if archived is None:
            raise DependencyUnavailable(
                f"the bucket {self._store.bucket} has no archived bytes at {key}",
                "restore them; nothing of them is published meanwhile",
            )
        raw = archived.raw
        origin = Origin(source=raw.source, uri=raw.uri)
        letters = self._letters or not self._outcomes.is_noted(key)
        failures = Failures(self._publisher.publish if letters else None, origin)
        intake = Intake(
            self._settings,
            raw.source,
            self._publisher,
            self._store,
            self._clock,
            archived=True,
        )
        found = Found()
        try:
            parsed = parse_document(
                archived.data,
                self._settings,
                uri=archived.url,
                declared=raw.media_type,
                expect=archived.expect,
            )
        except BadInput as error:
            failures.add("parse", error, raw)
        else:
            raw = raw.model_copy(update={"media_type": parsed.media_type})
            found = intake.take(parsed, raw, failures, only=only)
        outcome = _outcome(found)
        self._publisher.flush()
        self._outcomes.note(key, FATES[outcome])
        intake.remember(found)
        return DocumentReport(
            uri=raw.uri,
            outcome=outcome,
            story_ids=tuple(found.ids),
            published=len(found.published),
            held=found.held,
            errors=failures.lines,
            letters=failures.letters,
            raw_key=key,
        )


def _outcome(found: Found) -> Outcome:
    if found.published:
        return Outcome.PUBLISHED
    if found.held:
        return Outcome.HELD
    return Outcome.UNCHANGED if found.ids else Outcome.DEAD
