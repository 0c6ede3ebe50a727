"""What is printed of documents that were taken in: by a fetch, a release, or a replay."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from newswire.cli.console import err, plain, print_json
from newswire.ingest.report import DocumentReport, Outcome, totals


def print_troubles(report: DocumentReport) -> None:
    """On stderr, while it goes on: a line for what failed, what is held, and what waits."""
    for line in report.errors:
        err.print(plain(line), style="red", markup=False)
    for line in (*report.embargoes, *([report.waits] if report.waits else [])):
        err.print(plain(line), style="yellow", markup=False)


def print_stories(report: DocumentReport, *, as_json: bool) -> None:
    """On stdout: a line for each story, or one JSON line for the document."""
    if as_json:
        print_json(report.model_dump(mode="json"))
        return
    for story_id in report.story_ids:
        became = report.became(story_id)
        typer.echo(f"{became}\t{plain(story_id)}\t{plain(report.uri)}")


def finish(reports: Sequence[DocumentReport]) -> None:
    """The totals on stderr; exit 1 if a document gave no story."""
    err.print(str(totals(reports)))
    if any(report.outcome is Outcome.DEAD for report in reports):
        raise typer.Exit(1)
