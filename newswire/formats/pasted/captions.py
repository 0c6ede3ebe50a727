"""Captions in running text, and the credits that stand on lines of their own."""

from __future__ import annotations

from newswire.formats.lines import wirecopy
from newswire.stories.draft import Draft
from newswire.stories.model import Caption


class Pictures:
    """Brings captions and credits together, in the order of their lines."""

    def __init__(self, draft: Draft) -> None:
        self._captions = draft.captions
        self._credit: str | None = None

    def take(self, line: str) -> bool:
        """Whether the line is a caption or a credit; it is kept then."""
        caption = wirecopy.caption(line)
        if caption is not None:
            if caption.credit is None and self._credit is not None:
                caption = Caption(text=caption.text, credit=self._credit)
            self._credit = None
            self._captions.append(caption)
            return True
        credit = wirecopy.lone_credit(line)
        if credit is None:
            return False
        if self._captions and self._captions[-1].credit is None:
            self._captions[-1] = Caption(text=self._captions[-1].text, credit=credit)
        else:
            # BBC's pages print the credit above its caption.
            self._credit = credit
        return True
