"""``newswire demo``: start what is needed, take stories the whole way, and print what came out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newswire.cli.console import err, out, plain, print_json, printable, progress_bar
from newswire.cli.stack import start
from newswire.cli.story import print_story
from newswire.config import Settings, load_settings

if TYPE_CHECKING:
    from newswire.demo import Demonstration

_PLACES_SHOWN = 8


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    stories: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[STORY]...", help="Files or folders; none: the samples."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the documents as JSON.")] = False,
) -> None:
    """Take stories through Airflow, Kafka, S3, the workers and Elasticsearch, and show them."""
    from newswire.demo import STEPS, documents_to_show, run_demo

    documents = documents_to_show(stories or [])
    with progress_bar() as bar:
        task = bar.add_task("", total=STEPS + 1, note="")
        start(load_settings(), lambda doing, done: bar.update(task, description=doing))
        settings = load_settings()
        demonstration = run_demo(
            documents, settings, lambda doing: bar.update(task, advance=1, description=doing)
        )
    if as_json:
        print_json([printable(shown.story) for shown in demonstration.stories])
    else:
        _print(demonstration, settings)
    letters = demonstration.dead_letters
    for letter in letters:
        err.print(plain(f"dead letter: {letter.origin.uri}: {letter.message}"), style="red")
    told = tuple(f"{letter.origin.uri}: " for letter in letters)
    for line in demonstration.failures:
        if not line.startswith(told):
            err.print(plain(f"failed as before: {line}"), style="red", markup=False)
    err.print("The servers go on running. To stop them: `make down`; to remove their data too:")
    err.print(f"{Path(sys.argv[0])} down --purge", markup=False)
    if letters or demonstration.failures or not demonstration.stories:
        raise typer.Exit(1)


def _print(demonstration: Demonstration, settings: Settings) -> None:
    from newswire.contracts.topics import TOPICS

    for shown in demonstration.stories:
        print_story(shown.story)
        out.print(f"See it  curl '{shown.address}'\n", style="dim", markup=False)
    out.print(f"Topics  on Kafka at {settings.kafka_bootstrap}", markup=False)
    for topic in TOPICS:
        places = [
            f"{seen.partition}@{seen.offset}"
            for seen in demonstration.records
            if seen.topic == topic
        ]
        some = ", ".join(places[:_PLACES_SHOWN]) + (", …" if len(places) > _PLACES_SHOWN else "")
        what = f"{len(places)} new, at partition@offset {some}" if places else "nothing new"
        out.print(f"    {topic}  {what}", markup=False)
    out.print(f"All     curl '{settings.elasticsearch_url}/stories/_search?pretty'", markup=False)
