"""What people see: tables on stdout, progress and errors on stderr."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import typer
from pydantic import BaseModel, JsonValue
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from newswire.errors import NewswireError

# Piped, a table is as wide as it needs: there is no screen to keep to, and what is cut or folded
# can't be copied. The number is only more than anything has.
_UNBOUNDED = 1_000_000
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _UNBOUNDED)
err = Console(stderr=True, highlight=False, soft_wrap=True)

_INDENT = 4
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(text: object) -> str:
    """Text from outside, without the control characters that a terminal would obey."""
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", str(text))


def printable(model: BaseModel) -> JsonValue:
    """A model as JSON has it, absent fields left out."""
    dumped: JsonValue = model.model_dump(mode="json", exclude_none=True)
    return dumped


def print_json(value: object) -> None:
    """One JSON value on one line."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout; where the terminal is too narrow for it, a paragraph for each row.

    No cell is cut short or folded: addresses are there to be copied.
    """
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    cells = [[plain(cell) for cell in row] for row in rows]
    for row in cells:
        table.add_row(*map(Text, row))
    if Measurement.get(out, out.options.update(max_width=_UNBOUNDED), table).maximum <= out.width:
        out.print(table)
        return
    for first, *others in cells:
        out.print(Text(first, style="bold"))
        for heading, cell in zip(headings[1:], others, strict=True):
            if cell:
                indented(out, Text.assemble((f"{heading}  ", "dim"), cell), fold=False)


def indented(console: Console, text: Text, *, fold: bool = True) -> None:
    """Print a text by :data:`_INDENT`; on a terminal its further lines too, if it may be folded."""
    if fold and console.is_terminal:
        console.print(Padding(text, (0, 0, 0, _INDENT)), soft_wrap=False)
    else:
        # A padded line would be filled up to a width that nobody looks at.
        console.print(Text(" " * _INDENT).append(text))


def fail(error: NewswireError) -> int:
    """Print the one line of an error; returns the exit code."""
    err.print(f"newswire: {plain(error)}", style="bold red", markup=False)
    return 1


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr, gone when it is done; nothing where stderr is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        yield progress
