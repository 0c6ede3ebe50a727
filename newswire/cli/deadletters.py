"""``newswire dead-letters``: what could not go on, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from newswire.cli.console import err, indented, out, plain, print_json, printable
from newswire.config import load_settings

if TYPE_CHECKING:
    from newswire.bus.latest import Letter


_PATIENCE_S = 10.0
"""Somebody is waiting at the screen."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dead-letters")(dead_letters)


def dead_letters(
    last: Annotated[int, typer.Option(min=1, max=10_000, help="Most letters.")] = 10,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line for each letter.")
    ] = False,
) -> None:
    """Show the last dead letters, the newest last: each input that could not go on, and why."""
    from newswire.bus.latest import last_letters

    with err.status("reading the dead letters"):
        letters, unreadable = last_letters(load_settings(), last, patience_s=_PATIENCE_S)
    for error in unreadable:
        err.print(plain(error), style="red", markup=False)
    for letter in letters:
        if as_json:
            print_json(printable(letter))
        else:
            _print_letter(letter)
    if not letters and not unreadable:
        err.print("There are no dead letters.")


def _print_letter(placed: Letter) -> None:
    letter = placed.letter
    out.print(
        Text.assemble(
            (f"{letter.failed_at:%Y-%m-%d %H:%M:%S} UTC", "dim"),
            f"  {letter.stage}  ",
            (plain(letter.error), "bold red"),
        )
    )
    indented(out, Text(plain(letter.message)))
    origin = letter.origin
    places = {
        "document": origin.uri,
        "source": origin.source,
        "record": None
        if origin.topic is None
        else f"{origin.topic} {origin.partition}@{origin.offset}",
        "bytes": letter.raw and f"s3://{letter.raw.bucket}/{letter.raw.key}",
        "letter": f"{placed.topic} {placed.partition}@{placed.offset}",
    }
    for name, place in places.items():
        if place:
            indented(out, Text.assemble((f"{name}  ", "dim"), plain(place)), fold=False)
