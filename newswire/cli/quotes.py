"""``newswire quotes``: what somebody said, in all stories."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from newswire.cli.console import err, indented, out, plain, print_json, printable
from newswire.config import load_settings

if TYPE_CHECKING:
    from newswire.search.quotes import Said

_DAY = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(quotes)


def _a_name(value: str) -> str:
    from newswire.search.quotes import MOST_CHARS

    if not re.search(r"\w", value) or len(value) > MOST_CHARS:
        raise typer.BadParameter(f"no name of 1 to {MOST_CHARS} characters")
    return value


def quotes(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Of a speaker, or a part of it, by whole words.", callback=_a_name
        ),
    ],
    target: Annotated[
        str | None,
        typer.Option(help="Only where he has a stance toward it: an id of targets.yaml."),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, metavar="YYYY-MM-DD", help="Of this day (UTC) or later."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=_DAY, metavar="YYYY-MM-DD", help="Of this day (UTC) or earlier."),
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=1000, help="Most stories.")] = 10,
    as_json: Annotated[
        bool, typer.Option("--json", help='Print {"total", "stories": [{"story", "quotes", …}]}.')
    ] = False,
) -> None:
    """Show what somebody said in all stories, the newest first, and where he stands.

    That there is nothing is an answer: exit 0.
    """
    from newswire.search.client import open_client
    from newswire.search.quotes import Asked, said_by

    asked = Asked(
        name,
        target,
        since.date() if since else None,
        until.date() if until else None,
        size,
    )
    with open_client(load_settings()) as client:
        found = said_by(client, asked)
    if as_json:
        print_json(printable(found))
        return
    for said in found.stories:
        _print_said(said)
    if not found.stories:
        err.print("Nobody of that name is quoted.")
    elif found.total > len(found.stories):
        err.print(
            f"{len(found.stories)} of {found.total} stories; {found.total - len(found.stories)} "
            "more with a larger --size."
        )


def _print_said(said: Said) -> None:
    from newswire.cli.story import dated, print_quotes, print_stance

    story = said.story
    out.print(Text(plain(story.headline or "(no headline)"), style="bold"))
    facts = "  ".join(plain(fact) for fact in (dated(story), story.provider) if fact)
    indented(out, Text(facts, style="dim"))
    indented(out, Text(plain(story.id), style="cyan"), fold=False)
    for own in said.stances:
        print_stance(out, own, own.speaker)
    print_quotes(out, said.quotes)
