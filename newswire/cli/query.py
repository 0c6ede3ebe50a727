"""``newswire search`` and ``newswire show``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from newswire.cli.console import fail, out, plain, plain_table, print_json
from newswire.cli.story import print_story
from newswire.config import load_settings
from newswire.errors import NewswireError


class StanceOption(StrEnum):
    """The stances that can be asked for."""

    FAVOR = "favor"
    AGAINST = "against"
    NEUTRAL = "neutral"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(search)
    app.command()(show)


def search(
    words: Annotated[
        list[str] | None, typer.Argument(help="Words to find; none: the newest stories.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="Stories with a stance toward it.")] = None,
    stance: Annotated[StanceOption | None, typer.Option(help="Only this stance.")] = None,
    size: Annotated[int, typer.Option(min=1, max=1000, help="Most stories.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print Elasticsearch's hits.")] = False,
) -> None:
    """Find stories by words, and by their stance toward a target of the watch-list."""
    from newswire.search.client import open_client
    from newswire.search.reader import search as find
    from newswire.search.reader import search_request

    request = search_request(
        " ".join(words or []) or None,
        target=target,
        stance=stance.value if stance else None,
        size=size,
    )
    with open_client(load_settings()) as client:
        hits = find(client, request)["hits"]
    if as_json:
        print_json(hits)
        return
    table = plain_table("created", "provider", "headline", "stances", "id")
    for hit in hits["hits"]:
        table.add_row(*_row(hit["_source"]))
    out.print(table)
    out.print(f"{len(hits['hits'])} of {hits['total']['value']}", style="dim")


def show(
    story_id: Annotated[str, typer.Argument(metavar="ID", help="A story's id, or its _id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the document.")] = False,
) -> None:
    """Show one story with its summary and stances. Exit 1 if there is none."""
    from newswire.search.client import open_client
    from newswire.search.reader import get

    with open_client(load_settings()) as client:
        document = get(client, story_id)
    if document is None:
        code = fail(NewswireError(f"no story {story_id} in the index", "look for it with `search`"))
        raise typer.Exit(code)
    if as_json:
        print_json(document)
    else:
        print_story(document, body=True)


def _row(document: dict[str, Any]) -> list[Text]:
    stances = ", ".join(f"{tag['stance']} {tag['target']}" for tag in document.get("stances", []))
    return [
        Text(plain(cell))
        for cell in (
            document["version_created"][:16].replace("T", " "),
            document.get("provider", ""),
            document.get("headline", ""),
            stances,
            document["id"],
        )
    ]
