"""A story as a parser leaves it: what the bytes say and no more.

:mod:`newswire.stories.finish` makes it a :class:`~newswire.stories.model.Story`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from newswire.stories.model import (
    Block,
    Caption,
    Contributor,
    ItemType,
    Link,
    PubStatus,
    Subject,
)

_SAID_OF_WITHHELD = (
    "lineage",
    "type",
    "version",
    "pub_status",
    "first_created",
    "version_created",
    "embargoed_until",
    "expires",
    "language",
    "provider",
    "ednote",
    "url",
)


@dataclass(kw_only=True)
class Draft:
    """What a parser read. Fields as in :class:`Story`; ``None`` or empty: not stated."""

    id: str | None = None
    lineage: str | None = None
    type: ItemType = ItemType.TEXT
    version: int | None = None
    pub_status: PubStatus = PubStatus.USABLE
    first_created: datetime | None = None
    version_created: datetime | None = None
    embargoed_until: datetime | None = None
    expires: datetime | None = None
    headline: str | None = None
    byline: str | None = None
    dateline: str | None = None
    located: str | None = None
    language: str | None = None
    provider: str | None = None
    credit: str | None = None
    section: str | None = None
    urgency: int | None = None
    slugline: str | None = None
    keywords: list[str] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    ednote: str | None = None
    rights: str | None = None
    url: str | None = None
    body: list[Block] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    extra: dict[str, JsonValue] = field(default_factory=dict)


def identity(draft: Draft) -> str:
    """Which story it is: :attr:`Story.key` of what becomes of the draft."""
    return draft.lineage or stated_id(draft)


def stated_id(draft: Draft) -> str:
    """The provider's id, else the canonical URL, else a hash of headline and body; of what else it
    states, where it has neither.
    """
    if draft.id:
        return draft.id
    if draft.url:
        return draft.url
    said = [draft.headline or "", *(block.text for block in draft.body)]
    if said == [""]:
        said += [draft.dateline or "", *(caption.text for caption in draft.captions)]
        said += [*(link.href for link in draft.links), *(one.qcode for one in draft.subjects)]
    content = "\n".join(said)
    return f"urn:sha256:{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()}"


def without_content(draft: Draft) -> Draft:
    """Only what may be said of a story that nobody may read: that it is there, and its status.

    Its identity stays, which may be a hash of what is left out.
    """
    stated = {name: getattr(draft, name) for name in _SAID_OF_WITHHELD}
    return Draft(**(stated | {"id": stated_id(draft)}))
