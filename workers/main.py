"""The command line and the life of a worker process: start, wait for servers, work, stop."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from types import FrameType
from typing import Annotated, TypeVar

import typer
from kafka.errors import KafkaError

from newswire.config import Settings, load_settings
from newswire.errors import NewswireError
from newswire.logs import configure_logging
from newswire.stories.model import Record
from workers.clients import Clients
from workers.loop import FIRST_WAIT_S, LONGEST_WAIT_S, Counts, Loop, StepBroken
from workers.step import Step

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)


def worker_command(build: Callable[[Settings], Step[R]], kind: type[R], description: str) -> None:
    """Run a worker as a program. Exit codes: 0 stopped or drained, 1 broken, 2 wrong usage."""

    def command(
        drain: Annotated[
            bool, typer.Option("--drain", help="Stop at the end of what is in the topic.")
        ] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="Print the final counts as JSON.")
        ] = False,
    ) -> None:
        try:
            settings = load_settings()
            configure_logging(settings.log_level)
            counts = work(settings, build, kind, stop=stopped_by_signals(), drain=drain)
        except (NewswireError, StepBroken) as error:
            log.critical("%s", error)
            raise typer.Exit(1) from error
        if as_json:
            sys.stdout.write(json.dumps(asdict(counts)) + "\n")

    # Typer's own traceback would print local variables, and so what must not be in a log.
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command(help=description)(command)
    app()


def work(
    settings: Settings,
    build: Callable[[Settings], Step[R]],
    kind: type[R],
    *,
    stop: threading.Event,
    drain: bool = False,
) -> Counts:
    """Build the step, connect, and run the loop until stopped or drained.

    Servers that are not there yet are waited for: Kafka here, what the step needs by the loop,
    which is in the consumer group by then, so that Kafka counts a waiting worker as a live one.

    Raises:
        ConfigError: models, schemas or settings are wrong.
        StepBroken: the step fails on everything.
    """
    step = build(settings)
    stage, topic = step.stage, step.input_topic
    clients = _connected(lambda: Clients(settings, stage, topic), stop)
    if clients is None:
        return Counts()
    with closing(clients):
        log.info("the %s worker reads %s", stage, topic)
        loop = Loop(settings, step, kind, clients, stop, _progress_log(stage))
        counts = loop.run(drain=drain)
    log.info("the %s worker ends: %s", stage, counts)
    return counts


def stopped_by_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; the batch in hand is finished first."""
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt  # asked twice: now
        log.info("stopping after this batch (once more to stop at once)")
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop


def _connected(connect: Callable[[], Clients], stop: threading.Event) -> Clients | None:
    wait = FIRST_WAIT_S
    while not stop.is_set():
        try:
            return connect()
        except KafkaError as error:
            log.warning("waiting %.1f s: Kafka: %s", wait, str(error) or type(error).__name__)
            stop.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)
    return None


def _progress_log(stage: str, every_s: float = 10.0) -> Callable[[Counts], None]:
    last = time.monotonic()

    def report(counts: Counts) -> None:
        nonlocal last
        if time.monotonic() - last >= every_s:
            last = time.monotonic()
            log.info("%s: %s", stage, counts)

    return report
