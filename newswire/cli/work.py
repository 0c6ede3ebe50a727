"""``newswire work enrich`` and ``newswire work index``."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from newswire.config import ROOT


class Worker(StrEnum):
    """The workers there are."""

    ENRICH = "enrich"
    INDEX = "index"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(work)


def work(
    worker: Annotated[Worker, typer.Argument(help="Which worker to run.")],
    drain: Annotated[
        bool, typer.Option("--drain", help="Stop at the end of what is in the topic.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the final counts.")] = False,
) -> None:
    """Run a worker until it is stopped (SIGTERM, Ctrl-C)."""
    # A process of its own: `workers` stands above the library and is never imported by it.
    options = [*(["--drain"] if drain else []), *(["--json"] if as_json else [])]
    arguments = [sys.executable, "-m", f"workers.{worker}", *options]
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    )
    os.execv(arguments[0], arguments)
