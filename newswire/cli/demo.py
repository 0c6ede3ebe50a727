"""``newswire demo``: a story's whole way on real servers, and what came out of it.

up -> Airflow: fetch_documents -> workers, until drained -> Elasticsearch -> printed
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, TaskID

from newswire.airflow_home import airflow_command, airflow_environment, ensure_airflow_db
from newswire.cli.console import err, out, plain, print_json, progress_bar
from newswire.cli.stack import start
from newswire.cli.story import print_story
from newswire.cli.work import Worker, worker_arguments
from newswire.config import ROOT, Settings, load_settings
from newswire.errors import NewswireError
from newswire.stories.model import DeadLetter

SOURCE = "demo"
"""The source's name in the archive, so that a demo's documents are told from any other."""

_LOG_LINES_SHOWN = 15


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    stories: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[STORY]...", help="Story files; none: the project's samples."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the documents as JSON.")] = False,
) -> None:
    """Take stories through Airflow, Kafka, S3, the workers and Elasticsearch, and show them."""
    from newswire.bus.tail import Tail
    from newswire.contracts.topics import DEAD_LETTERS, TOPICS

    documents = _documents(stories or [ROOT / "samples"])
    with progress_bar() as bar:
        task = bar.add_task("", total=6, note="")
        start(load_settings(), lambda doing, done: bar.update(task, description=doing))
        settings = load_settings()
        tail = Tail(settings, list(TOPICS))
        _step(bar, task, "Airflow: database")
        ensure_airflow_db(settings)
        _step(bar, task, "Airflow: DAG fetch_documents")
        _fetch_through_airflow(documents, settings)
        _step(bar, task, "enrich worker")
        _drain(Worker.ENRICH, settings)
        _step(bar, task, "index worker")
        _drain(Worker.INDEX, settings)
        _step(bar, task, "Elasticsearch")
        found = _indexed(documents, settings)
        new = list(tail.since())
        _step(bar, task, "done")
    letters = [
        DeadLetter.model_validate_json(seen.value)
        for seen in new
        if seen.topic == DEAD_LETTERS and seen.value
    ]
    if as_json:
        print_json([document for _, document in found])
    else:
        for address, document in found:
            print_story(document)
            out.print(f"See it    curl '{address}'", style="dim", markup=False)
            out.print()
        _print_topics(settings, [(seen.topic, seen.partition, seen.offset) for seen in new])
    for letter in letters:
        err.print(plain(f"dead letter: {letter.origin.uri}: {letter.message}"), style="red")
    err.print("The servers go on running. Stop them: `newswire down`; with --purge their data too.")
    if not found or letters:
        raise typer.Exit(1)


def _documents(paths: Sequence[Path]) -> list[str]:
    from newswire.sources.files import list_directory

    documents: list[str] = []
    for path in paths:
        if path.is_dir():
            listed = list_directory(path.resolve())
            documents += [uri for uri in listed if Path(uri).suffix != ".md"]
        else:
            # Airflow's tasks have a working directory of their own.
            documents.append(str(path.resolve()))
    return documents


def _step(bar: Progress, task: TaskID, doing: str) -> None:
    bar.update(task, advance=1, description=doing)


def _fetch_through_airflow(documents: list[str], settings: Settings) -> None:
    conf = json.dumps({"uris": documents, "source": SOURCE})
    command = airflow_command("dags", "test", "fetch_documents", "--conf", conf)
    _run(command, settings, "airflow", airflow_environment(settings))


def _drain(worker: Worker, settings: Settings) -> None:
    _run(worker_arguments(worker, drain=True), settings, worker, None)


def _run(command: list[str], settings: Settings, name: str, env: dict[str, str] | None) -> None:
    log = settings.data_dir / "logs" / f"demo-{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as file:
        code = subprocess.run(
            command, env=env, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code != 0:
        for line in log.read_text("utf-8", "replace").splitlines()[-_LOG_LINES_SHOWN:]:
            err.print(plain(line), style="dim", markup=False)
        raise NewswireError(f"{name} ended with code {code}", f"its whole log is {log}")


def _indexed(documents: list[str], settings: Settings) -> list[tuple[str, dict[str, Any]]]:
    """The index documents of all stories in the source documents, with an address for curl."""
    from newswire.archive.seen import SeenStore
    from newswire.archive.store import open_store
    from newswire.search.client import ALIAS, open_client
    from newswire.search.document import document_id
    from newswire.search.reader import get

    seen = SeenStore(open_store(settings))
    known = [seen.document(SOURCE, uri) for uri in documents]
    ids = dict.fromkeys(story_id for one in known if one is not None for story_id in one.story_ids)
    found = []
    with open_client(settings) as client:
        client.indices.refresh(index=ALIAS, ignore_unavailable=True, allow_no_indices=True)
        for story_id in ids:
            document = get(client, story_id)
            if document is not None:
                query = f"_search?q=_id:{document_id(story_id)}&pretty"
                found.append((f"{settings.elasticsearch_url}/{ALIAS}/{query}", document))
    return found


def _print_topics(settings: Settings, new: list[tuple[str, int, int]]) -> None:
    from newswire.contracts.topics import TOPICS

    out.print(f"Topics    on Kafka at {settings.kafka_bootstrap}", markup=False)
    for topic in TOPICS:
        places = [f"{partition}@{offset}" for name, partition, offset in new if name == topic]
        shown = ", ".join(places[:8]) + (", …" if len(places) > 8 else "")
        what = f"{len(places)} new, partition@offset {shown}" if places else "nothing new"
        out.print(f"          {topic}  {what}", markup=False)
    url = settings.elasticsearch_url
    out.print(f"All       curl '{url}/stories/_search?pretty'", markup=False)
