"""``newswire parse``: what the parsers read from documents, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli.console import err, plain, progress_bar
from newswire.config import Settings, load_settings
from newswire.errors import BadInput, FetchError
from newswire.logs import quiet_libraries

if TYPE_CHECKING:
    from newswire.ingest.unarchived import Read

_STDIN = "-"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(parse)


def parse(
    documents: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_URL...",
            help="Files, directories with all that is in them, addresses; - reads stdin.",
        ),
    ],
    internal: Annotated[
        bool, typer.Option("--internal", help="Allow private and loopback addresses.")
    ] = False,
) -> None:
    """Print each story of documents as a JSON line. Exit 1 if any of them gave no story.

    A line is {"input": PATH, "story": {...}}, the story in the form of its schema. Errors go to
    stderr, one a line. Nothing is archived or produced, and no server is needed.
    """
    settings = load_settings()
    quiet_libraries()
    without_story = False
    # On one screen a bar and the stories would write over each other.
    with nullcontext() if sys.stdout.isatty() else progress_bar() as bar:
        task = None if bar is None else bar.add_task("parsing", total=None, note="")
        for document in _expanded(documents):
            if bar is not None and task is not None:
                bar.update(task, note=plain(document))
            without_story |= not _print(document, _read(document, settings, internal))
    if without_story:
        raise typer.Exit(1)


def _expanded(documents: list[str]) -> Iterator[str]:
    """The documents one by one; a directory itself only where it has none."""
    for document in documents:
        if _is_directory(document):
            yield from _files(document) or [document]
        else:
            yield document


def _is_directory(document: str) -> bool:
    from newswire.sources.addressing import is_url

    return document != _STDIN and not is_url(document) and Path(document).is_dir()


def _files(directory: str) -> list[str]:
    from newswire.sources.files import list_directory

    try:
        return list_directory(Path(directory), "**/*")
    except FetchError:
        return []


def _read(document: str, settings: Settings, internal: bool) -> Read:
    from newswire.ingest.failures import writable
    from newswire.ingest.unarchived import Read, Unreadable, read_stories
    from newswire.sources.fetch import fetch
    from newswire.sources.fetched import Fetched

    try:
        if document == _STDIN:
            fetched = Fetched(_stdin(settings.fetch_max_bytes))
        elif _is_directory(document):
            raise FetchError("a directory in which no file can be read")
        else:
            fetched = fetch(document, settings, internal=internal)
    except BadInput as error:
        return Read(unreadable=[Unreadable(error)])
    uri = fetched.url or writable(document)
    return read_stories(fetched.data, settings, uri=uri, declared=fetched.declared_type)


def _stdin(max_bytes: int) -> bytes:
    data = sys.stdin.buffer.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise FetchError(
            f"larger than the limit of {max_bytes:,} bytes",
            "raise NEWSWIRE_FETCH_MAX_BYTES if it is wanted",
        )
    return data


def _print(document: str, read: Read) -> bool:
    """Print what was found; returns whether there was a story."""
    from newswire.ingest.failures import writable

    name = writable(document)
    for one in read.unreadable:
        _complain(f"{name}#{one.entry}" if one.entry else name, one.error)
    for story in read.stories:
        head = json.dumps({"input": name}, ensure_ascii=False).encode().removesuffix(b"}")
        typer.echo(head + b', "story": ' + story.to_json() + b"}")
    return bool(read.stories)


def _complain(where: str, error: BadInput) -> None:
    err.print(plain(f"{where}: {error}").replace("\n", " "), style="red", markup=False)
