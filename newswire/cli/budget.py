"""What the commands have in common that work within a budget, behind live news."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli.console import progress_bar
from newswire.config import Settings

if TYPE_CHECKING:
    from newswire.renewal import Turn

Rate = Annotated[
    float | None,
    typer.Option(min=0.001, help="Stories an hour, at most.", show_default="the setting"),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Stories, at most.", show_default="all")]
Minutes = Annotated[
    float | None, typer.Option(min=0, help="End after so long.", show_default="never")
]


@contextmanager
def behind_live_news(
    settings: Settings, doing: str, *, rate: float, limit: int | None, minutes: float | None
) -> Iterator[tuple[Turn, Callable[[int], None]]]:
    """The turns of a command, and what tells its bar how many stories are done."""
    from newswire.renewal import Turn

    with progress_bar() as bar:
        task = bar.add_task(doing, total=limit, note="")
        turn = Turn(
            settings,
            rate=rate,
            within_s=math.inf if minutes is None else 60 * minutes,
            waiting=lambda behind: bar.update(task, note=f"waits: workers {behind:,} behind"),
        )
        yield turn, lambda done: bar.update(task, completed=done, note="")
