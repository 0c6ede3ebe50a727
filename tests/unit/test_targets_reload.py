"""A change of targets.yaml is in force from a worker's next batch on, or is a line in its log."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from newswire.config import load_settings
from newswire.contracts.topics import STORIES
from newswire.enrichment.targets import WatchedTargets, Watchlist
from newswire.errors import ConfigError
from newswire.stories.identity import kafka_key
from newswire.stories.model import Story
from tests.factories import a_story, an_enrichment
from workers.enrich import EnrichStep, build
from workers.step import Message
from workers.targets import TargetsReload

ONE = """\
revision: 1
targets:
  - id: nuclear-power
    name: nuclear power
    kind: topic
"""
TWO = (
    ONE.replace("revision: 1", "revision: 2")
    + """\
  - id: whaling
    name: whaling
    kind: topic
"""
)


class Naming:
    """Enriches with the ids of the targets that are in force."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.seen: list[list[str]] = []

    def watch(self, watchlist: Watchlist) -> None:
        self.targets = [target.id for target in watchlist.targets]

    def enrich(self, stories: Sequence[Story]) -> list[Any]:
        self.seen.append(self.targets)
        return [an_enrichment() for _ in stories]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "targets.yaml"
    path.write_text(ONE, "utf-8")
    return path


def changed(file: Path, text: str, second: int = 1) -> None:
    file.write_text(text, "utf-8")
    os.utime(file, (second, second))


def a_batch() -> list[Message[Story]]:
    story = a_story()
    return [Message(STORIES, 0, 0, kafka_key(story), story.to_json(), story)]


def naming_step(file: Path) -> tuple[Naming, EnrichStep]:
    watched, enricher = WatchedTargets(file), Naming()
    enricher.watch(watched.current)
    return enricher, EnrichStep(enricher, TargetsReload(watched, enricher.watch))


def test_a_changed_watchlist_is_in_force_from_the_next_batch_on(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    enricher, step = naming_step(file)
    step.process(a_batch())
    changed(file, TWO)
    step.process(a_batch())
    step.process(a_batch())
    assert enricher.seen == [["nuclear-power"], *[["nuclear-power", "whaling"]] * 2]
    assert caplog.messages == ["the watch-list is of revision 2 now, with 2 targets"]


def test_a_changed_watchlist_that_is_wrong_is_one_line_and_the_old_one_stays_in_force(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    enricher, step = naming_step(file)
    changed(file, TWO)
    step.process(a_batch())
    changed(file, TWO.replace("id: whaling", "id: nuclear-power").replace("name: w", "nam: w"), 2)
    step.process(a_batch())
    step.process(a_batch())
    assert enricher.seen == [["nuclear-power", "whaling"]] * 3
    (line,) = (record for record in caplog.records if record.levelno >= logging.WARNING)
    assert line.levelno == logging.ERROR
    assert "\n" not in line.message
    assert line.message.startswith("the watch-list of revision 2 stays in force: ")
    assert "targets.yaml:6: targets[1].name: Field required" in line.message
    assert "targets.yaml:7: targets[1].nam: " in line.message


def test_a_change_without_a_higher_revision_is_in_force_and_warned_of(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    enricher = Naming()
    reload = TargetsReload(WatchedTargets(file), enricher.watch)
    changed(file, TWO.replace("revision: 2", "revision: 1"))
    reload()
    assert enricher.targets == ["nuclear-power", "whaling"]
    assert "its revision is 1 after 1" in caplog.text
    assert "raise `revision`" in caplog.text


def test_a_watchlist_that_is_wrong_from_the_start_ends_the_worker(file: Path) -> None:
    file.write_text("targets: many\n", "utf-8")
    with pytest.raises(ConfigError, match=r"targets\.yaml:1: targets: "):
        build(load_settings(targets_file=file))
