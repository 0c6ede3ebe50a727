"""What people see: tables on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from newswire.errors import NewswireError

# Piped, a table is as wide as it needs: there is no screen to keep to.
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 240)
err = Console(stderr=True, highlight=False, soft_wrap=True)

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: object) -> str:
    """Text from outside, without the control characters that a terminal would obey."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", str(text))


def print_json(value: object) -> None:
    """One JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def plain_table(*headings: str) -> Table:
    """A table without lines whose cells are never cut short: addresses are there to be copied."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def fail(error: NewswireError) -> int:
    """Print the one line of an error; returns the exit code."""
    err.print(f"newswire: {plain(error)}", style="bold red", markup=False)
    return 1


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr, gone when it is done; only lines where stderr is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as progress:
        yield progress
