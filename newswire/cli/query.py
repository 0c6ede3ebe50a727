"""``newswire search`` and ``newswire show``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from newswire.cli.console import err, indented, out, plain, print_json, printable
from newswire.config import load_settings
from newswire.errors import NewswireError

if TYPE_CHECKING:
    from newswire.search.reader import Hit


class StanceOption(StrEnum):
    """The stances that can be asked for."""

    FAVOR = "favor"
    AGAINST = "against"
    NEUTRAL = "neutral"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(search)
    app.command()(show)


def _not_empty(value: str) -> str:
    if not value.strip():
        raise typer.BadParameter("an empty id")
    return value


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help="All of these words. 'one | other', '\"a phrase\"', 'begin*' and, after --, "
            "'-without' are understood. None: the newest stories."
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option(help="Stories with a stance toward it: an id of targets.yaml.")
    ] = None,
    stance: Annotated[
        StanceOption | None, typer.Option(help="Only this stance, of the target if one is given.")
    ] = None,
    provider: Annotated[str | None, typer.Option(help="Only of this provider.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Of this day (UTC) or later."
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Of this day (UTC) or earlier."
        ),
    ] = None,
    duplicates: Annotated[
        bool,
        typer.Option(
            "--duplicates/--no-duplicates", help="With or without copies of earlier stories."
        ),
    ] = True,
    size: Annotated[int, typer.Option(min=1, max=1000, help="Most stories.")] = 10,
    as_json: Annotated[
        bool, typer.Option("--json", help='Print {"total", "hits": [{"story", "score"}]}.')
    ] = False,
) -> None:
    """Find stories by words, and by their stance toward a target of the watch-list.

    The best come first, of equals the newest. That there is none is an answer: exit 0.
    """
    from newswire.search.client import open_client
    from newswire.search.reader import Query
    from newswire.search.reader import search as find

    query = Query(
        words=" ".join(words or []),
        target=target,
        stance=stance.value if stance else None,
        provider=provider,
        since=since.date() if since else None,
        until=until.date() if until else None,
        duplicates=duplicates,
        size=size,
    )
    with open_client(load_settings()) as client:
        found = find(client, query)
    if not found.hits:
        _print_if_unwatched(target)
    if as_json:
        print_json(printable(found))
        return
    for hit in found.hits:
        _print_hit(hit)
    if not found.hits:
        err.print("No story is like that.")
    elif found.total > len(found.hits):
        err.print(
            f"{len(found.hits)} of {found.total} stories; {found.total - len(found.hits)} more "
            "with a larger --size."
        )


def _print_if_unwatched(target: str | None) -> None:
    """A target that nobody watches has no stances, and is most likely a slip."""
    from newswire.enrichment.targets import load_watchlist

    if target is None:
        return
    watched = sorted(one.id for one in load_watchlist(load_settings().targets_file).targets)
    if target not in watched:
        err.print(
            plain(f"The watch-list has no target {target!r}; it has {', '.join(watched)}."),
            markup=False,
        )


def show(
    story_id: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A story's id, its beginning, or the _id.", callback=_not_empty
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the document.")] = False,
) -> None:
    """Show one story: its summary, stances, names and quotes. Exit 1 if there is none."""
    from newswire.cli.story import print_story
    from newswire.search.client import open_client
    from newswire.search.reader import get

    with open_client(load_settings()) as client:
        story = get(client, story_id)
    if story is None:
        raise NewswireError(f"no story {story_id} in the index", "look for it with `search`")
    if as_json:
        print_json(printable(story))
    else:
        print_story(story, whole=True)


def _print_hit(hit: Hit) -> None:
    """A headline, and under it what else helps to choose. The id is whole and alone on its line."""
    from newswire.cli.story import COLOURS, dated, linked
    from newswire.search.reader import MARK

    story = hit.story
    out.print(Text(plain(story.headline or "(no headline)"), style="bold"))
    facts = Text(dated(story), style="dim")
    if story.provider:
        facts.append(f"  {plain(story.provider)}")
    for tag in story.stances:
        facts.append(f"  {tag.stance} ", style=COLOURS[tag.stance]).append(plain(tag.target))
    indented(out, facts)
    for line in linked(story):
        indented(out, Text(line, style="dim"))
    for fragment in hit.fragments:
        shown = Text("… ", style="italic")
        for number, part in enumerate(" ".join(plain(fragment).split()).split(MARK[0])):
            found, mark, rest = part.partition(MARK[1]) if number else ("", "", part)
            shown.append(found, style="bold").append(rest if mark or not number else part)
        indented(out, shown.append(" …"))
    indented(out, Text(plain(story.id), style="cyan"), fold=False)
