"""``newswire balance``: whether what was archived is what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli.console import err, plain, print_json, print_table, printable
from newswire.cli.options import ArchivedSince, ArchivedUntil
from newswire.config import load_settings

if TYPE_CHECKING:
    from newswire.search.balance import Row

_COUNTS = ("archived", "published", "duplicates", "held", "dead", "unaccounted")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(balance)


def balance(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    since: ArchivedSince = None,
    until: ArchivedUntil = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line for each source and day.")
    ] = False,
) -> None:
    """Count what became of the archived documents, by source and day. Exit 1 if any is missing.

    Beside it stand the stories whose quality is marked, by reason.
    """
    from newswire.balance import balance as count
    from newswire.search.balance import remedy

    with err.status("counting"):
        rows = count(
            load_settings(),
            source=source,
            since=since.date() if since else None,
            until=until.date() if until else None,
        )
    if as_json:
        for row in rows:
            print_json(printable(row))
    elif rows:
        print_table(("source", "day", *_COUNTS, "quality"), map(_cells, rows))
    if not rows:
        err.print("Nothing was archived.")
    missing = [row for row in rows if row.unaccounted]
    for row in missing:
        err.print(plain(remedy(row)), style="red", markup=False)
    if missing:
        raise typer.Exit(1)


def _cells(row: Row) -> Sequence[str]:
    counts = [f"{getattr(row, name):,}" for name in _COUNTS]
    quality = ", ".join(f"{reason} {count:,}" for reason, count in sorted(row.quality.items()))
    return (row.source, row.day.isoformat(), *counts, quality)
