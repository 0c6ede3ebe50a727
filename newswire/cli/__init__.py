"""The command line ``newswire``: results on stdout, everything else on stderr.

Exit codes: 0 done; 1 not done, one line says why; 2 wrong usage.
"""

from __future__ import annotations

import sys

import typer

from newswire import __version__
from newswire.cli import (
    airflow,
    archive,
    balance,
    claim,
    deadletters,
    demo,
    ingest,
    parse,
    query,
    quotes,
    renewal,
    stack,
    targets,
    work,
)
from newswire.cli.console import fail
from newswire.errors import NewswireError

app = typer.Typer(
    name="newswire",
    help="News stories from the wire to the index: fetched, archived, enriched, searchable.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    stack, ingest, parse, archive, balance, work, targets, renewal, query, quotes, claim,
    deadletters, airflow, demo,
):  # fmt: skip
    module.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newswire {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """News stories from the wire to the index: fetched, archived, enriched, searchable."""


def main() -> None:
    """Run the command line."""
    try:
        app(prog_name="newswire")
    except NewswireError as error:
        sys.exit(fail(error))
