"""``newswire search``, ``show`` and ``dead-letters`` as somebody at a shell sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest
from kafka import KafkaProducer

from newswire.bus.deadletters import origin_key
from newswire.bus.latest import last_letters, latest
from newswire.bus.publisher import Publisher
from newswire.config import Settings
from newswire.contracts.topics import DEAD_LETTERS
from newswire.search.client import open_client
from newswire.search.document import document
from newswire.search.writer import IndexWriter
from newswire.setup import prepare
from newswire.stories.finish import finish
from newswire.stories.model import DeadLetter, Origin
from tests import shell
from tests.factories import (
    NOON,
    a_dead_letter,
    a_draft,
    a_raw_reference,
    a_story,
    an_enriched_story,
)
from tests.services import produce_raw
from tests.shell import Ran

LONG_ID = "https://wire.example.org/" + "a-long-way-down/" * 12 + "1"

Newswire = Callable[..., Ran]


@pytest.fixture(scope="module")
def newswire(stack: Settings) -> Newswire:
    """Runs a command line."""
    prepare(stack)
    records = [an_enriched_story(a_story(id=LONG_ID, headline="Brindle bridge opens"))] + [
        an_enriched_story(a_story(id=f"bridge-{number}", headline="Brindle bridge closes"))
        for number in range(3)
    ]
    with open_client(stack) as client:
        IndexWriter(client).write([document(record) for record in records])
        client.indices.refresh(index="newswire-stories-*")
    return partial(shell.newswire, stack)


def test_a_search_prints_ids_whole_and_says_how_many_more_there_are(newswire: Newswire) -> None:
    ran = newswire("search", "brindle", "bridge", "--size", "2")
    assert ran.returncode == 0
    assert len([line for line in ran.stdout.splitlines() if not line.startswith(" ")]) == 2
    assert ran.stderr == "2 of 4 stories; 2 more with a larger --size.\n"
    opens = newswire("search", "brindle opens")
    assert f"    {LONG_ID}\n" in opens.stdout
    assert opens.stderr == ""


def test_a_search_that_finds_nothing_is_an_answer(newswire: Newswire) -> None:
    ran = newswire("search", '"')
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "No story is like that.\n")
    nothing = newswire("search", "zeppelin", "--json")
    assert (json.loads(nothing.stdout), nothing.stderr) == ({"total": 0, "hits": []}, "")


def test_a_search_as_json_is_one_line_of_stories(newswire: Newswire) -> None:
    ran = newswire("search", "brindle opens", "--json")
    found = json.loads(ran.stdout)
    assert found["total"] == 1
    assert found["hits"][0]["story"]["id"] == LONG_ID
    assert ran.stdout.count("\n") == 1


def test_what_a_search_printed_is_shown_whole_or_shortened(newswire: Newswire) -> None:
    whole = newswire("show", LONG_ID)
    assert whole.returncode == 0
    assert whole.stdout.startswith("Brindle bridge opens\n")
    assert f"id  {LONG_ID}\n" in whole.stdout
    assert newswire("show", LONG_ID[:40]).stdout == whole.stdout
    assert json.loads(newswire("show", LONG_ID, "--json").stdout)["id"] == LONG_ID


@pytest.mark.parametrize(
    ("story_id", "line"),
    [
        ("no-such", "newswire: no story no-such in the index; look for it with `search`\n"),
        ("bridge-", "newswire: 3 stories have an id that begins with bridge-: "),
    ],
    ids=["unknown", "ambiguous"],
)
def test_an_id_that_names_no_one_story_is_one_line_and_1(
    newswire: Newswire, story_id: str, line: str
) -> None:
    ran = newswire("show", story_id)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(line)
    assert ran.stderr.count("\n") == 1


def test_a_story_without_a_date_says_so_wherever_its_date_is_shown(
    newswire: Newswire, stack: Settings
) -> None:
    undated = finish(a_draft(id="undated", version_created=None, language="en"), a_raw_reference())
    with open_client(stack) as client:
        IndexWriter(client).write([document(an_enriched_story(undated))])
        client.indices.refresh(index="newswire-stories-*")
    line = "2024-05-17 12:00 UTC, when it was fetched; it has no date"
    shown = newswire("show", "undated").stdout
    assert line in shown
    assert "quality  date-missing  no date: it has that of its fetch" in shown
    assert line in newswire("search", "pilots", "strike").stdout
    assert line not in newswire("show", LONG_ID).stdout


def letters_of(count: int) -> list[DeadLetter]:
    return [
        a_dead_letter(
            message=f"letter {number}",
            failed_at=NOON.replace(year=2098, minute=number),
            origin=Origin(source="test", uri=f"/srv/wire/{'in/' * 40}{number}.txt"),
            raw=a_raw_reference(key=f"raw/test/2024/05/17/{'0' * 60}{number}"),
        )
        for number in range(count)
    ]


def produce_letters(stack: Settings, letters: list[DeadLetter]) -> None:
    with Publisher(stack, "/newswire/test") as publisher:
        for letter in letters:
            publisher.publish(DEAD_LETTERS, letter, origin_key(letter.origin))
        publisher.flush()


def test_the_last_dead_letters_are_shown_with_their_cause_and_their_bytes(
    newswire: Newswire, stack: Settings
) -> None:
    letters = letters_of(5)
    produce_letters(stack, letters)
    ran = newswire("dead-letters", "--last", "3")
    assert (ran.returncode, ran.stderr) == (0, "")
    messages = [line.strip() for line in ran.stdout.splitlines() if "letter " in line]
    assert [one for one in messages if one.startswith("letter ")][::2] == [
        "letter 2", "letter 3", "letter 4",
    ]  # fmt: skip
    for letter in letters[2:]:
        assert letter.raw is not None
        assert f"    document  {letter.origin.uri}\n" in ran.stdout
        assert f"    bytes  s3://archive/{letter.raw.key}\n" in ran.stdout
    as_json = newswire("dead-letters", "--json", "--last", "2").stdout.splitlines()
    assert [json.loads(line)["letter"]["message"] for line in as_json] == ["letter 3", "letter 4"]
    assert json.loads(as_json[0])["topic"] == DEAD_LETTERS


def test_a_letter_that_can_not_be_read_is_told_and_the_others_are_shown(
    newswire: Newswire, stack: Settings
) -> None:
    produce_letters(stack, letters_of(1))
    produce_raw(stack, DEAD_LETTERS, b"not JSON")
    ran = newswire("dead-letters", "--last", "1")
    assert ran.returncode == 0
    assert f"a value on {DEAD_LETTERS} is not JSON" in ran.stderr
    assert "letter " in ran.stdout
    _, unreadable = last_letters(stack, 1)
    assert len(unreadable) == 1


def test_markers_of_transactions_do_not_hide_the_letters_before_them(
    newswire: Newswire, stack: Settings
) -> None:
    bootstrap = stack.kafka_bootstrap
    with closing(KafkaProducer(bootstrap_servers=bootstrap, transactional_id="test")) as producer:
        producer.init_transactions()
        for number in range(12):
            # Each leaves a marker behind its record, and what is aborted leaves no record.
            producer.begin_transaction()
            producer.send(DEAD_LETTERS, f"kept {number}".encode(), partition=0).get(timeout=10)
            (producer.commit_transaction if number < 6 else producer.abort_transaction)()
    seen = [one.value for one in latest(stack, DEAD_LETTERS, 6) if one.partition == 0]
    assert seen == [f"kept {number}".encode() for number in range(6)]


def test_a_topic_that_is_not_there_has_no_last_records(stack: Settings) -> None:
    assert latest(stack, "newswire.nowhere.v1", 3) == []


def test_a_target_that_nobody_watches_is_named(newswire: Newswire) -> None:
    ran = newswire("search", "--target", "no-such-target")
    assert ran.returncode == 0
    first, second = ran.stderr.splitlines()
    assert first.startswith("The watch-list has no target 'no-such-target'; it has ")
    assert second == "No story is like that."
    assert newswire("search", "no-such-word").stderr == "No story is like that.\n"
