"""A story as a parser leaves it, and the step that makes it a :class:`Story`.

A parser says what the bytes say and no more. Identity, version and dates that the bytes leave
out are completed here, from the archive's record of the bytes, so that parsing the same archived
bytes again gives the same story.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue, ValidationError

from newswire.errors import ContractViolation, InputTooLarge, NoArticle, NoHeadline
from newswire.limits import STORY_MAX_CHARS
from newswire.stories.model import (
    Block,
    Caption,
    Contributor,
    ItemType,
    Link,
    PubStatus,
    RawReference,
    Story,
    Subject,
)
from newswire.stories.quality import quality_of

PARSER_REVISION = 1
"""Raised with each release that reads something else from the same bytes: archived bytes that are
read again then replace what an older revision read, and documents that haven't changed are read
again."""

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
    return draft.lineage or _id(draft)


def _id(draft: Draft) -> str:
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


def finish(
    draft: Draft,
    raw: RawReference,
    *,
    first_created: datetime | None = None,
    max_chars: int = STORY_MAX_CHARS,
) -> Story:
    """Complete a draft.

    Args:
        draft: what the parser read.
        raw: where the bytes are, and when they were archived.
        first_created: what an earlier version of the same story said; it wins, since the
            story's index is computed from it.
        max_chars: the longest body that is taken.

    Raises:
        NoHeadline, NoArticle, InputTooLarge: it is no story that can be published.
        ContractViolation: a field breaks the contract, e.g. a date without a zone.
    """
    if draft.pub_status is PubStatus.USABLE and draft.type is ItemType.TEXT:
        if not draft.headline:
            raise NoHeadline("no headline", "a story needs a title, a headline or a first line")
        if not draft.body:
            raise NoArticle(f"no body under the headline {draft.headline[:60]!r}")
    length = sum(len(block.text) for block in draft.body)
    if length > max_chars:
        raise InputTooLarge(
            f"a body of {length:,} characters, over the limit of {max_chars:,}",
            "raise NEWSWIRE_STORY_MAX_CHARS if such stories are wanted",
        )
    created = draft.version_created or draft.first_created or raw.archived_at
    if created.tzinfo is None:
        raise ContractViolation(
            "the story breaks its contract: version_created: a date without a time zone"
        )
    if draft.pub_status is PubStatus.WITHHELD:
        # Not even a headline: it may be under embargo.
        draft = without_content(draft)
    stated = dict(vars(draft))
    if draft.pub_status is not PubStatus.USABLE:
        # What is withdrawn reaches no topic.
        stated |= {"body": [], "captions": [], "extra": {}}
    try:
        story = Story.model_validate(
            stated
            | {
                "id": _id(draft),
                "version": _milliseconds(created) if draft.version is None else draft.version,
                "first_created": first_created or draft.first_created or created,
                "version_created": created,
                "raw": raw,
                "parser": PARSER_REVISION,
            }
        )
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors(include_input=False, include_url=False)
        )
        raise ContractViolation(f"the story breaks its contract: {wrong}") from error
    return story.model_copy(update={"quality": quality_of(story, draft)})


def without_content(draft: Draft) -> Draft:
    """Only what may be said of a story that nobody may read: that it is there, and its status.

    Its identity stays, which may be a hash of what is left out.
    """
    stated = {name: getattr(draft, name) for name in _SAID_OF_WITHHELD}
    return Draft(**(stated | {"id": _id(draft)}))


def _milliseconds(moment: datetime) -> int:
    # Integer arithmetic: a float loses the last bits. Before 1970: all are version 0.
    since_epoch = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return max(0, since_epoch // timedelta(milliseconds=1))
