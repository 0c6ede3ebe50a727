"""``newswire ingest``: documents straight into the stream, without Airflow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from newswire.cli.console import plain, progress_bar
from newswire.cli.reports import finish, print_stories, print_troubles
from newswire.config import Settings, load_settings
from newswire.errors import FetchError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ingest)


def _name(value: str) -> str:
    from newswire.sources.declared import checked_name

    try:
        return checked_name(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def ingest(
    documents: Annotated[
        list[str], typer.Argument(metavar="PATH_OR_URL...", help="Files, directories or addresses.")
    ],
    source: Annotated[
        str, typer.Option(help="The source's name in the archive.", callback=_name)
    ] = "adhoc",
    internal: Annotated[
        bool, typer.Option("--internal", help="Allow private and loopback addresses.")
    ] = False,
    connection: Annotated[
        str | None,
        typer.Option(help="Airflow connection, or NEWSWIRE_CONN_<ID>, with login and password."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON line for each document.")
    ] = False,
) -> None:
    """Fetch, archive, parse and produce documents. Exit 1 if any of them gave no story."""
    from newswire.ingest.pipeline import SourceRules
    from newswire.ingest.pipeline import ingest as ingest_documents
    from newswire.ingest.report import DocumentReport
    from newswire.sources.access import Access

    settings = load_settings()
    uris = _expanded(documents, settings, internal, connection)
    rules = SourceRules(source, internal=internal, access=Access(connection=connection))
    with progress_bar() as bar:
        task = bar.add_task("ingesting", total=len(uris), note="")

        def show(report: DocumentReport) -> None:
            bar.update(task, advance=1, note=plain(report.uri))
            print_troubles(report)

        reports = ingest_documents(uris, rules, settings, progress=show)
    for report in reports:
        print_stories(report, as_json=as_json)
    finish(reports)


def _expanded(
    documents: Sequence[str], settings: Settings, internal: bool, connection: str | None
) -> list[str]:
    from newswire.sources.addressing import is_url
    from newswire.sources.files import list_directory
    from newswire.sources.listing import documents_at

    expanded: list[str] = []
    for document in documents:
        try:
            if is_url(document):
                expanded += documents_at(
                    document, settings, internal=internal, connection=connection
                )
            elif Path(document).is_dir():
                expanded += list_directory(Path(document))
            else:
                expanded.append(document)
        except FetchError:
            # Its neighbours go through, and its own fetch says why it can't be had.
            expanded.append(document)
    return expanded
