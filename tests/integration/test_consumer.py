"""A service of somebody else's: the README's few lines of kafka-python, word for word."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from newswire.bus.publisher import Publisher
from newswire.config import ROOT, Settings
from newswire.contracts.topics import DEAD_LETTERS, ENRICHED
from newswire.setup import prepare
from newswire.stories.enriched import EnrichedStory
from newswire.stories.model import PubStatus
from tests.factories import a_dead_letter, a_story, an_enriched_story
from tests.services import produce


@pytest.fixture
def consumer(stack: Settings, tmp_path: Path) -> Path:
    """The lines, with the address of this stack, a group of their own and less patience."""
    blocks = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.M | re.S
    )
    (code,) = (block for block in blocks if "KafkaConsumer(" in block)
    for known, ours in {
        '"127.0.0.1:9092"': f'"{stack.kafka_bootstrap}"',
        '"my-service"': f'"{tmp_path.name}"',
        "10_000": "3_000",
    }.items():
        assert known in code
        code = code.replace(known, ours)
    script = tmp_path / "consumer.py"
    script.write_text(code, "utf-8")
    return script


def run(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(script)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_it_reads_every_enriched_story_and_holds_it_against_the_schema(
    stack: Settings, consumer: Path
) -> None:
    prepare(stack)
    killed = EnrichedStory(story=a_story(id="killed", pub_status=PubStatus.CANCELED, headline=None))
    produce(stack, ENRICHED, [an_enriched_story(a_story(headline="Read by a stranger")), killed])
    ran = run(consumer)
    assert ran.returncode == 0, ran.stderr
    assert (
        "org.newswire.enriched.usable Read by a stranger\n  against strike - Harbour" in ran.stdout
    )
    assert "org.newswire.enriched.canceled" in ran.stdout


def test_it_would_notice_a_record_that_breaks_the_schema(stack: Settings, consumer: Path) -> None:
    prepare(stack)
    with Publisher(stack, "/newswire/test") as publisher:
        publisher.publish(DEAD_LETTERS, a_dead_letter(), b"key")
    code = consumer.read_text("utf-8")
    consumer.write_text(code.replace(f'"{ENRICHED}",', f'"{DEAD_LETTERS}",'), "utf-8")
    ran = run(consumer)
    assert ran.returncode != 0
    assert "'story' is a required property" in ran.stderr
