"""Stories straight from bytes, without archive or topic: to look at them, or measure parsers."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime

from newswire.config import Settings
from newswire.errors import BadInput
from newswire.ingest.drafts import with_believable_dates
from newswire.ingest.parsing import parse_document
from newswire.stories.draft import identity
from newswire.stories.finish import finish
from newswire.stories.model import RawReference, Story

NOT_ARCHIVED = "none"
"""The bucket and the source in the reference to bytes that were not archived."""


@dataclass(frozen=True)
class Unreadable:
    """A document that gave no story, or a part of it."""

    error: BadInput
    entry: str | None = None
    """The part's id or place; ``None``: the whole document."""


@dataclass(frozen=True)
class Read:
    """What was found in a document."""

    stories: list[Story] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def read_stories(data: bytes, settings: Settings, *, uri: str, declared: str | None = None) -> Read:
    """Every story of a document, each as it would be published if it were seen for the first time.

    Several versions of one story are several stories here.

    Args:
        data: the document.
        settings: the limits.
        uri: where the bytes come from; UTF-8 can write it.
        declared: the HTTP ``Content-Type``.
    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        # Whoever looks at documents gets one line for each, and no traceback.
        parsed = parse_document(
            data, settings, uri=uri, declared=declared, fault_level=logging.DEBUG
        )
    except BadInput as error:
        return Read(unreadable=[Unreadable(error)])
    raw = RawReference(
        bucket=NOT_ARCHIVED,
        key=f"sha256/{digest}",
        sha256=digest,
        size=len(data),
        media_type=parsed.media_type,
        source=NOT_ARCHIVED,
        uri=uri,
        archived_at=datetime.now(UTC),
    )
    found = Read(unreadable=[Unreadable(one.error, one.entry) for one in parsed.failures])
    for draft in parsed.drafts:
        try:
            believable = with_believable_dates(draft, raw.archived_at)
            story = finish(believable, raw, max_chars=settings.story_max_chars)
        except BadInput as error:
            entry = identity(draft) if len(parsed.drafts) + len(parsed.failures) > 1 else None
            found.unreadable.append(Unreadable(error, entry))
        else:
            found.stories.append(story)
    return found
