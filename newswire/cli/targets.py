"""``newswire targets``: the watch-list, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newswire.cli.console import err, plain, print_json, print_table, printable
from newswire.config import load_settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(targets)


def targets(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Another file than the one that the settings name."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Print nothing but the mistakes.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line for each target.")
    ] = False,
) -> None:
    """Check the watch-list and print its targets. Exit 1 if there is a mistake in it.

    Each mistake is named with its line. A target that is for no story in English is never judged:
    that is warned of, and no mistake. A running `newswire work enrich` takes a changed file up
    before its next batch, and stays with the old one where the new one is wrong.
    """
    from newswire.enrichment.targets import load_watchlist, unjudged

    path = file or load_settings().targets_file
    watchlist = load_watchlist(path)
    if useless := unjudged(path):
        err.print(f"newswire: warning: {plain(useless)}", style="yellow", markup=False)
    if check:
        return
    if as_json:
        for target in watchlist.targets:
            print_json(printable(target))
    else:
        print_table(
            ("id", "kind", "languages", "name", "aliases"),
            (
                (
                    target.id,
                    target.kind,
                    ", ".join(target.languages),
                    target.name,
                    ", ".join(target.aliases),
                )
                for target in watchlist.targets
            ),
        )
    count = len(watchlist.targets)
    err.print(
        plain(f"{path}: revision {watchlist.revision}, {count} target{'' if count == 1 else 's'}."),
        markup=False,
    )
