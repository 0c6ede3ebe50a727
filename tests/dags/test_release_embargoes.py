"""`release_embargoes` on real servers, run by Airflow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newswire.airflow_home import ensure_airflow_db
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.ingest.report import Outcome
from newswire.setup import prepare
from newswire.stories.model import Story
from tests.airflow import run_dag
from tests.ingesting import one
from tests.ninjs import ninjs
from tests.services import Watch


def test_a_run_publishes_what_is_due_and_nothing_before_its_time(
    stack: Settings, tmp_path: Path
) -> None:
    prepare(stack)
    ensure_airflow_db(stack)
    now = datetime.now(UTC)
    for name, until in (("due", now), ("not-yet", now + timedelta(days=1))):
        path = tmp_path / f"{name}.json"
        path.write_bytes(ninjs(f"urn:test:dag-{name}", 1, embargoed=until))
        report = one(stack, "dag-embargoes", path, now=now - timedelta(minutes=1))
        assert report.outcome is Outcome.HELD
    stories = Watch(stack, STORIES, Story)
    done = run_dag(stack, "release_embargoes")
    assert done.returncode == 0, done.stdout
    assert "urn:test:dag-due" in {story.id for story in stories.records()}
    assert "urn:test:dag-not-yet" not in {story.id for story in stories.records()}
