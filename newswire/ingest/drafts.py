"""What is decided about drafts before they are published: which of them count, and which dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from newswire.errors import MalformedInput
from newswire.stories.draft import Draft, identity

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""No wire copy with a date of its own is older; the years 0001 and 1601 are zeros of software."""
MOST_AHEAD = timedelta(days=1)
"""A date in the wrong zone is at most so far in the future."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Choice:
    """The drafts of a document that count, one for each story, and those that don't."""

    taken: list[Draft]
    left_out: list[Draft]


def one_for_each_story(drafts: Iterable[Draft]) -> Choice:
    """Choose where several drafts of one document are the same story.

    The newest by its own version or date counts, among equals the last; so says RFC 4287, 4.1.1,
    for Atom. It has to be the same one at each fetch: each of them differs from what was said last
    under that id, and would be a new version every time. Exact repeats, which feeds have, are
    dropped without a word.
    """
    newest: dict[str, Draft] = {}
    others: list[Draft] = []
    for draft in drafts:
        story_id = identity(draft)
        rival = newest.get(story_id)
        if rival is None or _rank(draft) >= _rank(rival):
            newest[story_id] = draft
            others += [] if rival is None else [rival]
        else:
            others.append(draft)
    left_out = [draft for draft in others if draft != newest[identity(draft)]]
    return Choice(list(newest.values()), left_out)


def why_left_out(draft: Draft) -> MalformedInput:
    """What is said of a draft that doesn't count.

    It doesn't name the one that does: that may be another at the next fetch.
    """
    headline = (draft.headline or "without a headline")[:60]
    return MalformedInput(f"{headline!r} has the id of a newer entry of the same document")


def with_believable_dates(draft: Draft, arrived: datetime) -> Draft:
    """The draft without dates that can't be true; ``extra`` says what they were.

    The first date decides the story's index, the other one its version: the year 2999 would
    get an index of its own, and no correction could ever follow.

    Args:
        draft: what the parser read.
        arrived: when its bytes were archived.
    """
    stated = {"first_created": draft.first_created, "version_created": draft.version_created}
    absurd: dict[str, JsonValue] = {
        name: moment.isoformat()
        for name, moment in stated.items()
        if moment is not None and not EARLIEST <= _aware(moment) <= arrived + MOST_AHEAD
    }
    if not absurd:
        return draft
    return replace(
        draft,
        first_created=None if "first_created" in absurd else draft.first_created,
        version_created=None if "version_created" in absurd else draft.version_created,
        extra={**draft.extra, "dates_not_believed": absurd},
    )


def _rank(draft: Draft) -> tuple[int, datetime]:
    date = draft.version_created or draft.first_created
    return draft.version or 0, _aware(date) if date else _NEVER


def _aware(moment: datetime) -> datetime:
    # Without a zone it breaks the contract, which is said when the draft is finished.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
