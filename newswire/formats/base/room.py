"""How much the stories of one document may come to together: memory is bounded by these limits,
where a document of many tiny ones would take a hundred times its size.
"""

from __future__ import annotations

from newswire.errors import InputTooLarge
from newswire.stories.draft import Draft

_MOST_ITEMS = 20_000
"""Of an XML wire, where they are counted before they are read. The largest message seen has a few
dozen."""
_MOST_STORIES = 50_000
"""Of any document: each takes some 5,000 bytes, whatever is in it."""
_MOST_BLOCKS = 300_000
"""Of all stories of a document: each takes some 500 bytes, whatever is in it."""


class Room:
    """What is left for the stories of one document."""

    def __init__(self) -> None:
        self._stories = _MOST_STORIES
        self._blocks = _MOST_BLOCKS

    def take(self, draft: Draft) -> None:
        """Count a story in.

        Raises:
            InputTooLarge: the document's stories are more than any document's.
        """
        self._stories -= 1
        self._blocks -= len(draft.body)
        if self._stories < 0:
            raise _too_many(f"over {_MOST_STORIES:,} stories")
        if self._blocks < 0:
            raise _too_many(f"stories of over {_MOST_BLOCKS:,} paragraphs")


def _too_many(what: str) -> InputTooLarge:
    return InputTooLarge(f"{what} in one document", "split it into documents of fewer")


def refuse_crowd(items: int) -> None:
    """Let an XML wire through that has as many items as real ones.

    Raises:
        InputTooLarge: it has more.
    """
    if items > _MOST_ITEMS:
        raise InputTooLarge(
            f"an XML wire of {items:,} items, over the limit of {_MOST_ITEMS:,}",
            "split it into documents of fewer",
        )
