"""The step that makes a draft a :class:`Story`.

Identity, version and dates that the bytes leave out are completed here, from the archive's record
of the bytes, so that parsing the same archived bytes again gives the same story.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from newswire.errors import ContractViolation, InputTooLarge, NoArticle, NoHeadline
from newswire.limits import STORY_MAX_CHARS
from newswire.stories.draft import Draft, stated_id, without_content
from newswire.stories.model import ItemType, PubStatus, RawReference, Story
from newswire.stories.quality import quality_of

PARSER_REVISION = 1
"""Raised with each release that reads something else from the same bytes: archived bytes that are
read again then replace what an older revision read, and documents that haven't changed are read
again."""


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
                "id": stated_id(draft),
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


def _milliseconds(moment: datetime) -> int:
    # Integer arithmetic: a float loses the last bits. Before 1970: all are version 0.
    since_epoch = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return max(0, since_epoch // timedelta(milliseconds=1))
