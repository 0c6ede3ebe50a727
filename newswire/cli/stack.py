"""``newswire up``, ``down``, ``status``, ``init`` and ``config``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from newswire.cli.console import err, out, print_json, print_table, progress_bar
from newswire.config import Settings, load_settings
from newswire.stack import Progress, ServerStatus, StackConfig, StackState, State
from newswire.stack import down as stop_stack
from newswire.stack import status as stack_status
from newswire.stack import up as start_stack

Port = Annotated[
    int | None,
    typer.Option(
        min=0, max=65535, help="0: any that is free.", show_default="the usual, or a free one"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(up)
    app.command()(down)
    app.command()(status)
    app.command()(init)
    app.command()(config)


def up(
    kafka_port: Port = None,
    elasticsearch_port: Port = None,
    s3_port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Start Kafka, Elasticsearch and S3 on this machine, and make them ready."""
    with progress_bar() as bar:
        task = bar.add_task("starting the servers", total=None, note="")

        def show(doing: str, done: float | None) -> None:
            bar.update(task, description=doing, total=None if done is None else 1.0)
            bar.update(task, completed=done or 0.0)

        try:
            state = start(
                load_settings(),
                show,
                kafka_port=kafka_port,
                elasticsearch_port=elasticsearch_port,
                s3_port=s3_port,
            )
        except KeyboardInterrupt:
            err.print("newswire: interrupted; what had been started is stopped again")
            raise
    for note in state.notes:
        err.print(note, markup=False)
    if state.already_running:
        err.print("The servers were running already.")
    _print_servers(state.servers, as_json)


def start(
    settings: Settings,
    progress: Progress,
    *,
    kafka_port: int | None = None,
    elasticsearch_port: int | None = None,
    s3_port: int | None = None,
) -> StackState:
    """Start what doesn't run of the servers, and make them ready for stories."""
    from newswire.setup import prepare

    stack = StackConfig(
        settings.data_dir,
        settings.cache_dir,
        kafka_port=kafka_port,
        elasticsearch_port=elasticsearch_port,
        s3_port=s3_port,
    )
    state = start_stack(stack, progress)
    progress("topics, bucket, templates", None)
    # Read again: the addresses are in the stack's file only now.
    prepare(load_settings(data_dir=settings.data_dir))
    return state


def down(
    purge: Annotated[
        bool, typer.Option("--purge", help="Remove all data and logs too, Airflow's as well.")
    ] = False,
) -> None:
    """Stop the servers that `newswire up` started."""
    from newswire.airflow_home import remove_airflow_home

    settings = load_settings()
    with progress_bar() as bar:
        task = bar.add_task("stopping", total=None, note="")
        stopped = stop_stack(
            settings.data_dir,
            purge=purge,
            progress=lambda doing, done: bar.update(task, description=doing),
        )
        if purge:
            bar.update(task, description="removing Airflow's home")
            remove_airflow_home(settings)
    if stopped.ended:
        err.print(f"Stopped: {', '.join(stopped.ended)}.")
    else:
        err.print("Nothing was running.")
    if stopped.killed:
        err.print(f"Had to be killed: {', '.join(stopped.killed)}.")
    if stopped.purged:
        err.print("Data and logs are removed.")


def status(as_json: AsJson = False) -> None:
    """Show the servers and how far the workers are. Exit 1 if a server is down."""
    settings = load_settings()
    servers = stack_status(settings.data_dir)
    kafka_runs = any(one.title == "Kafka" and one.state is State.RUNNING for one in servers)
    if not as_json:
        # First, since Kafka may be running and not answer.
        _print_servers(servers, as_json=False)
    lags = _lags(settings) if kafka_runs else {}
    if as_json:
        print_json({"servers": [dataclasses.asdict(server) for server in servers], "lag": lags})
    else:
        for group, records in lags.items():
            out.print(f"{group}: {records} records to go", markup=False)
    if any(server.state is not State.RUNNING for server in servers):
        raise typer.Exit(1)


def init(as_json: AsJson = False) -> None:
    """Create topics and bucket and apply the templates on the configured servers."""
    from newswire.setup import prepare

    prepared = prepare(load_settings())
    if as_json:
        print_json(dataclasses.asdict(prepared))
        return
    made = [*prepared.created_topics, *(["the bucket"] if prepared.created_bucket else [])]
    err.print(f"Created: {', '.join(made) or 'nothing, all was there'}.")
    err.print(f"Applied: {', '.join(prepared.templates)}.")


def config(as_json: AsJson = False) -> None:
    """Print every setting, its environment variable and its value; secrets are hidden."""
    settings = load_settings()
    values = settings.public()
    if as_json:
        print_json(values)
        return
    print_table(
        ("variable", "value", "meaning"),
        (
            (
                f"NEWSWIRE_{name.upper()}",
                "" if values[name] is None else str(values[name]),
                field.description or "",
            )
            for name, field in type(settings).model_fields.items()
        ),
    )


def _lags(settings: Settings) -> dict[str, int]:
    """How many records each stage's workers have before them."""
    from newswire.bus.groups import consumer_group, lag
    from newswire.contracts.topics import ENRICHED, STORIES

    stages = {"enrich": STORIES, "index": ENRICHED}
    return {
        consumer_group(stage): lag(settings, consumer_group(stage), topic)
        for stage, topic in stages.items()
    }


def _print_servers(servers: tuple[ServerStatus, ...], as_json: bool) -> None:
    if as_json:
        print_json([dataclasses.asdict(server) for server in servers])
        return
    print_table(
        ("server", "state", "address", "pid", "memory", "log"),
        (
            (
                server.title,
                str(server.state),
                server.address or "",
                str(server.pid or ""),
                f"{server.memory / 2**20:.0f} MB" if server.memory else "",
                _short(server.log),
            )
            for server in servers
        ),
    )


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
