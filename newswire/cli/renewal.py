"""``newswire stale`` and ``newswire reenrich``: what older models made, counted and renewed."""

from __future__ import annotations

from typing import Annotated

import typer

from newswire.cli.budget import Limit, Minutes, Rate, behind_live_news
from newswire.cli.console import err, plain, print_json, print_table, printable
from newswire.config import load_settings


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(stale)
    app.command()(reenrich)


def stale(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON value with all counts.")
    ] = False,
) -> None:
    """Count what older models or an older watch-list made, by source and month.

    Of the stories that may be read now, in the months (UTC) in which they were first created;
    then by the revisions that made them. Exit 1 if stories of this generation were made by another
    watch-list: its revision was not raised, and they can't be told apart and renewed.
    """
    from newswire.renewal import stale as count

    with err.status("counting"):
        found = count(load_settings())
    if as_json:
        print_json(printable(found))
    elif found.stale:
        print_table(
            ("source", "month", "stale", "stories"),
            (
                (row.source, f"{row.month:%Y-%m}", f"{row.stale:,}", f"{row.stories:,}")
                for row in found.months
                if row.stale
            ),
        )
        typer.echo("")
        print_table(
            ("made by", "name", "revision", "generation", "stories"),
            (
                (row.task, row.name, row.revision[:12], f"{row.generation}", f"{row.stories:,}")
                for row in found.made_by
            ),
        )
    err.print(
        f"{found.stale:,} of {found.stories:,} stories are older than generation "
        f"{found.generation}."
    )
    if found.unlike:
        err.print(
            f"{found.unlike:,} stories are of generation {found.generation} and of another "
            "watch-list; raise `revision` in targets.yaml, and they are stale",
            style="red",
        )
        raise typer.Exit(1)


def reenrich(
    rate: Rate = None,
    limit: Limit = None,
    minutes: Minutes = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON.")] = False,
) -> None:
    """Enrich anew what is stale, the newest first, behind live news. Exit 1 if some can't be.

    The stories go through the running workers, a few at a time, and only while these have nothing
    else to do. It can be interrupted and begun again; the DAG does it each hour.
    """
    from newswire.renewal import reenrich as renew

    settings = load_settings()
    with behind_live_news(
        settings, "renewing", rate=rate or settings.reenrich_rate, limit=limit, minutes=minutes
    ) as (turn, done):
        totals = renew(settings, turn, limit=limit, progress=lambda now: done(now.sent))
    if as_json:
        print_json(printable(totals))
    for line in totals.failed:
        err.print(plain(line), style="red", markup=False)
    err.print(str(totals))
    if totals.failed:
        raise typer.Exit(1)
