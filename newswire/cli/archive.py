"""``newswire release`` and ``newswire replay``: stories from bytes that were archived before."""

from __future__ import annotations

from typing import Annotated

import typer

from newswire.cli.console import err, plain, progress_bar
from newswire.cli.options import ArchivedSince, ArchivedUntil
from newswire.cli.reports import finish, print_stories, print_troubles
from newswire.config import load_settings


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(release)
    app.command()(replay)


def release(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line for each document.")
    ] = False,
) -> None:
    """Publish the held stories whose embargo has ended; the DAG does it each minute."""
    from newswire.ingest.release import release as release_due

    with err.status("looking for embargoes that have ended"):
        reports = release_due(load_settings(), progress=print_troubles)
    for report in reports:
        print_stories(report, as_json=as_json)
    finish(reports)


def replay(
    place: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="S3_PREFIX",
            help="s3://BUCKET/raw/SOURCE/..., the same without the bucket, or a source's name.",
        ),
    ] = "raw/",
    since: ArchivedSince = None,
    until: ArchivedUntil = None,
    rate: Annotated[float, typer.Option(min=0.001, help="Documents a second, at most.")] = 10.0,
    max_lag: Annotated[
        int,
        typer.Option(
            min=0, help="Wait while the enriching workers are more records behind: live news first."
        ),
    ] = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line for each document.")
    ] = False,
) -> None:
    """Parse archived documents again with the parsers of today. Exit 1 if one gave no story.

    What they read as before is not published again; what they read differently replaces what
    they read before. No source is asked, and nothing is archived. It can be interrupted and begun
    again.
    """
    from newswire.ingest.replay import Pace, Selection
    from newswire.ingest.replay import replay as replay_documents

    settings = load_settings()
    selection = Selection.parse(
        place, settings.s3_bucket, since and since.date(), until and until.date()
    )
    reports = []
    with progress_bar() as bar:
        task = bar.add_task("replaying", total=None, note="")
        pace = Pace(
            settings,
            rate=rate,
            most_lag=max_lag,
            waiting=lambda behind: bar.update(task, note=f"waits: workers {behind:,} behind"),
        )
        for report in replay_documents(settings, selection, pace):
            bar.update(task, advance=1, note=plain(report.raw_key or ""))
            print_troubles(report)
            print_stories(report, as_json=as_json)
            reports.append(report)
    finish(reports)
