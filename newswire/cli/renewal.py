"""``newswire stale`` and ``newswire reenrich``: what older models made, counted and renewed."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from newswire.cli.console import err, plain, print_json, print_table, printable, progress_bar
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
    rate: Annotated[
        float | None,
        typer.Option(min=0.001, help="Stories an hour, at most.", show_default="the setting"),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Stories, at most.", show_default="all")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="End after so long.", show_default="never")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the totals as JSON.")] = False,
) -> None:
    """Enrich anew what is stale, the newest first, behind live news. Exit 1 if some can't be.

    The stories go through the running workers, a few at a time, and only while these have nothing
    else to do. It can be interrupted and begun again; the DAG does it each hour.
    """
    from newswire.renewal import Totals, Turn
    from newswire.renewal import reenrich as renew

    settings = load_settings()
    with progress_bar() as bar:
        task = bar.add_task("renewing", total=limit, note="")
        turn = Turn(
            settings,
            rate=rate or settings.reenrich_rate,
            within_s=math.inf if minutes is None else 60 * minutes,
            waiting=lambda behind: bar.update(task, note=f"waits: workers {behind:,} behind"),
        )

        def show(totals: Totals) -> None:
            bar.update(task, completed=totals.sent, note="")

        totals = renew(settings, turn, limit=limit, progress=show)
    if as_json:
        print_json(printable(totals))
    for line in totals.failed:
        err.print(plain(line), style="red", markup=False)
    err.print(str(totals))
    if totals.failed:
        raise typer.Exit(1)
