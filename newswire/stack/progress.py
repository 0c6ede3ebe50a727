"""How those who wait are told what is going on."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with what is being done, and the part of all that is done where it can be known."""

    def __call__(self, doing: str, done: float | None, /) -> None:
        """Show ``doing``; ``done`` is between 0 and 1, or None."""


def silent(doing: str, done: float | None, /) -> None:
    """Tell nobody."""
