"""What an older revision made is counted, and made anew: newest first, behind live news, once."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire import renewal
from newswire.config import Settings
from newswire.contracts.topics import STORIES
from newswire.enrichment.revision import current_revision
from newswire.errors import NewswireError
from newswire.renewal import NotRenewed, Totals, Turn, reenrich, stale
from newswire.search.document import document, document_id
from newswire.search.stale import MadeBy, Month
from newswire.search.writer import IndexWriter
from newswire.stories.enriched import EnrichedStory, ModelRevision, Provenance
from newswire.stories.model import PubStatus, Story
from tests.factories import NOON, a_raw_reference, a_story, an_enriched_story
from tests.renewing import (
    MONTHS,
    NEW,
    OLD,
    OfGeneration,
    both,
    come_in,
    numbered,
    of_the_new_generation,
    working,
)
from tests.services import Watch, contents, drain, eventually, produce
from workers import enrich
from workers.enrich import EnrichStep

ALL_AT_ONCE = 10_000_000


@pytest.fixture
def now(stack: Settings, tmp_path: Path) -> Settings:
    return of_the_new_generation(stack, tmp_path)


def turn(settings: Settings, within_s: float = 120) -> Turn:
    return Turn(settings, rate=ALL_AT_ONCE, within_s=within_s)


def ids(watch: Watch) -> list[str]:
    return [story.id for story in watch.records()]


def test_what_is_stale_is_counted_by_source_and_month_and_by_what_made_it(
    now: Settings, client: Elasticsearch
) -> None:
    there = current_revision(now)

    def made(name: str, generation: int, watchlist: str = "0" * 64, **differs: object) -> None:
        differs = {"first_created": NOON, "raw": a_raw_reference(source="wire")} | differs
        story = a_story(id=name, **differs)
        if story.pub_status is not PubStatus.USABLE:
            records.append(EnrichedStory(story=story))
            return
        provenance = Provenance(
            generation=generation,
            models=(
                ModelRevision(task="encoder", name="small", revision="a" * 64),
                ModelRevision(task="stance", name="keen", revision=f"{generation % 10}" * 64),
            ),
            watchlist=watchlist,
            watchlist_revision=generation % 1024 if name != "earliest" else None,
            code="0.1",
            enriched_at=NOON,
        )
        records.append(an_enriched_story(story, provenance=provenance))

    records: list[EnrichedStory] = []
    later = datetime.now(UTC) + timedelta(days=1)
    june = datetime(2024, 6, 1, tzinfo=UTC)
    made("earliest", 1024)
    made("older", OLD, "b" * 64)
    made("of-june", OLD, "b" * 64, first_created=june)
    made("of-another", OLD, "b" * 64, raw=a_raw_reference(source="agency"))
    made("new", NEW, there.watchlist)
    made("newer", NEW + 1, "c" * 64)
    made("unraised", NEW, "c" * 64)
    made("killed", OLD, pub_status=PubStatus.CANCELED)
    made("withheld", OLD, pub_status=PubStatus.WITHHELD)
    made("embargoed", OLD, embargoed_until=later)
    made("expired", OLD, expires=NOON)
    IndexWriter(client).write([document(record) for record in records])
    client.indices.refresh(index=MONTHS)

    found = stale(now)
    assert (found.generation, found.stale, found.stories, found.unlike) == (NEW, 4, 7, 1)
    may = date(2024, 5, 1)
    assert found.months == (
        Month(source="agency", month=may, stale=1, stories=1),
        Month(source="wire", month=may, stale=2, stories=5),
        Month(source="wire", month=june.date(), stale=1, stories=1),
    )
    assert set(found.made_by) == {
        MadeBy(task="encoder", name="small", revision="a" * 64, generation=1024, stories=1),
        MadeBy(task="encoder", name="small", revision="a" * 64, generation=OLD, stories=3),
        MadeBy(task="stance", name="keen", revision="4" * 64, generation=1024, stories=1),
        MadeBy(task="stance", name="keen", revision="0" * 64, generation=OLD, stories=3),
        MadeBy(task="watch-list", name="revision 0", revision="0" * 64, generation=1024, stories=1),
        MadeBy(task="watch-list", name="revision 2", revision="b" * 64, generation=OLD, stories=3),
    }


def test_counts_go_on_beyond_one_answer(
    now: Settings, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newswire.search.stale._PAGE", 2)
    stories = [
        a_story(id=name, raw=a_raw_reference(source=name)) for name in ("a", "b", "c", "d", "e")
    ]
    IndexWriter(client).write([document(an_enriched_story(story)) for story in stories])
    client.indices.refresh(index=MONTHS)
    assert [(row.source, row.stale) for row in stale(now).months] == [
        (name, 1) for name in ("a", "b", "c", "d", "e")
    ]


def test_an_index_without_stories_has_nothing_stale(now: Settings, client: Elasticsearch) -> None:
    found = stale(now)
    assert (found.stale, found.stories, found.months, found.made_by) == (0, 0, (), ())
    assert reenrich(now, turn(now)) == Totals(left=0)


def test_what_is_stale_is_renewed_newest_first_and_a_killed_story_stays_killed(
    now: Settings, client: Elasticsearch
) -> None:
    came = numbered(12)
    kill = a_story(
        id="story-5", version=2, version_created=NOON + timedelta(days=1),
        pub_status=PubStatus.CANCELED, headline=None, body=(),
    )  # fmt: skip
    come_in(now, client, *came, kill)
    tombstone = contents(client, MONTHS)[document_id("story-5")]
    assert stale(now).stale == 11
    sent = Watch(now, STORIES, Story)
    with working(now, *both(client)):
        # Five in a batch.
        few = Turn(now, rate=5 * 3600 / renewal.BATCH_S, sleep=lambda _: pause(), within_s=120)
        told: list[Totals] = []
        totals = reenrich(now, few, progress=told.append)
    assert totals == Totals(sent=11, renewed=11, left=0)
    assert [one.renewed for one in told] == [5, 10, 11]
    assert stale(now).stale == 0
    left = [story for story in came if story.id != "story-5"]
    by_id = {story.id: story for story in sent.records()}
    assert by_id == {story.id: story for story in left}, "what is sent is what came in"
    found = contents(client, MONTHS)
    assert found.pop(document_id("story-5")) == tombstone
    for story in left:
        held = found[document_id(story.key)]
        assert held["provenance"]["generation"] == NEW
        there = client.get(index=f"{MONTHS[:-1]}2024.05", id=document_id(story.key))
        assert there["_version"] == (story.version << 20) | NEW
    # One batch after the other; within one, partitions share them out.
    in_time = [held["id"] for held in sorted(found.values(), key=lambda one: one["indexed_at"])]
    newest = [story.id for story in reversed(left)]
    for first, last in ((0, 5), (5, 10), (10, 11)):
        assert set(in_time[first:last]) == set(newest[first:last])


def pause() -> None:
    threading.Event().wait(0.05)


def test_begun_twice_nothing_is_sent_twice(
    now: Settings, client: Elasticsearch, stories: Watch
) -> None:
    come_in(now, client, *numbered(4))
    with working(now, *both(client)):
        assert reenrich(now, turn(now)).renewed == 4
        assert reenrich(now, turn(now)) == Totals(left=0)
    assert len(stories.records()) == 8


class Killed(BaseException):
    """As a process ends that is killed: nobody catches it."""


@pytest.mark.parametrize("when", ["sent", "done"])
def test_a_run_that_is_killed_is_begun_again_and_renews_the_rest(
    now: Settings, client: Elasticsearch, stories: Watch, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    come_in(now, client, *numbered(9))

    def die(*_: object) -> None:
        raise Killed

    few = Turn(now, rate=3 * 3600 / renewal.BATCH_S, sleep=lambda _: pause(), within_s=120)
    with working(now, *both(client)):
        with monkeypatch.context() as patched:
            if when == "sent":
                # Before anybody could look what became of it.
                patched.setattr(renewal._Run, "check", die)
            with pytest.raises(Killed):
                reenrich(now, few, progress=die)
        totals = reenrich(now, turn(now))
    assert totals == Totals(sent=6, renewed=6, left=0)
    assert len(stories.records()) == 18


def test_what_is_withdrawn_or_corrected_while_it_is_looked_up_is_not_sent(
    now: Settings, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(now, client, *numbered(4))
    sent = Watch(now, STORIES, Story)
    later = {"version_created": NOON + timedelta(days=1), "version": 2}
    changes = [
        EnrichedStory(
            story=a_story(id="story-0", pub_status=PubStatus.CANCELED, headline=None, body=(),
                          **later)
        ),
        an_enriched_story(a_story(id="story-1", headline="Corrected", **later), generation=OLD),
        EnrichedStory(
            story=a_story(id="story-2", pub_status=PubStatus.WITHHELD, headline=None, body=())
        ),
    ]  # fmt: skip
    really = renewal.newest

    def newest(*given: Any) -> object:
        found = really(*given)
        IndexWriter(client).write([document(change) for change in changes])
        return found

    monkeypatch.setattr(renewal, "newest", newest)
    with working(now, *both(client)):
        totals = reenrich(now, turn(now))
    assert (totals.sent, totals.renewed, totals.overtaken) == (1, 1, 3)
    assert [story.id for story in sent.records()] == ["story-3"]
    assert totals.left == 1, "the corrected one is for the next run"


def test_a_kill_that_comes_after_a_story_was_sent_stands(
    now: Settings, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(now, client, *numbered(1))
    kill = a_story(id="story-0", pub_status=PubStatus.CANCELED, headline=None, body=())
    really = Turn.all_is_through
    looks: list[int] = []

    def all_is_through(self: Turn) -> bool:
        looks.append(1)
        if len(looks) == 3:
            # Sent, and not through yet: the kill overtakes it in the index.
            IndexWriter(client).write([document(EnrichedStory(story=kill))])
        return really(self)

    monkeypatch.setattr(Turn, "all_is_through", all_is_through)
    with working(now, *both(client)):
        assert reenrich(now, turn(now)) == Totals(sent=1, overtaken=1, left=0)
    assert contents(client, MONTHS)[document_id("story-0")]["pub_status"] == "canceled"


def test_workers_of_an_older_generation_are_named_instead_of_fed_for_ever(
    now: Settings, client: Elasticsearch, stories: Watch
) -> None:
    come_in(now, client, *numbered(30))
    before = len(stories.records())
    few = Turn(now, rate=8 * 3600 / renewal.BATCH_S, sleep=lambda _: pause(), within_s=120)
    with working(now, *both(client, OLD)), pytest.raises(NotRenewed, match=f"than {NEW}, or"):
        reenrich(now, few)
    assert len(stories.records()) == before + renewal.MOST_UNCHANGED_IN_A_ROW
    assert issubclass(NotRenewed, NewswireError)


def test_live_news_goes_first(now: Settings, client: Elasticsearch, stories: Watch) -> None:
    come_in(now, client, *numbered(3))
    live = a_story(id="live")
    produce(now, STORIES, [live])
    told: list[int] = []
    patient = Turn(now, rate=ALL_AT_ONCE, within_s=1, waiting=told.append)
    assert reenrich(now, patient) == Totals(left=3)
    assert set(told) == {1}
    drain(now, EnrichStep(OfGeneration(NEW)))
    # It is enriched, and not yet in the index.
    assert reenrich(now, turn(now, 1)) == Totals(left=3)
    assert sorted(ids(stories)) == ["live", "story-0", "story-1", "story-2"]
    with working(now, *both(client)):
        assert reenrich(now, turn(now)).renewed == 3


def test_the_worker_takes_a_changed_watchlist_up_and_what_it_made_before_is_renewed(
    stack: Settings, client: Elasticsearch, tmp_path: Path
) -> None:
    targets = tmp_path / "targets.yaml"
    targets.write_text("revision: 1\ntargets: []\n", "utf-8")
    settings = stack.model_copy(update={"targets_file": targets, "enrich_threads": 1})
    sentence = "The port will not reopen, the harbour master said, while the strike goes on."
    body = [{"text": sentence}, {"text": "Harbour pilots have struck for nine days."}]

    def tagged(name: str) -> bool:
        fields = contents(client, MONTHS).get(document_id(name), {})
        return "strike" in json.dumps(fields.get("stances", []))

    def there(name: str) -> bool:
        return document_id(name) in contents(client, MONTHS)

    produce(settings, STORIES, [a_story(id="before", body=body)])
    with working(settings, enrich.build, both(client)[1]):
        assert eventually(lambda: there("before"), 60)
        assert not tagged("before")
        assert stale(settings).stale == 0
        targets.write_text(
            "revision: 2\ntargets:\n  - {id: strike, name: strike, kind: topic}\n", "utf-8"
        )
        produce(settings, STORIES, [a_story(id="after", body=body)])
        assert eventually(lambda: tagged("after"), 60)
        assert stale(settings).stale == 1
        assert reenrich(settings, turn(settings)) == Totals(sent=1, renewed=1, left=0)
        assert tagged("before")
        assert stale(settings).stale == 0


def test_the_commands_print_what_is_stale_and_what_became_of_it(
    now: Settings, client: Elasticsearch
) -> None:
    come_in(now, client, *numbered(2))
    environment = {
        **{name: value for name, value in os.environ.items() if "NEWSWIRE_" not in name},
        "NEWSWIRE_DATA_DIR": str(now.data_dir),
        "NEWSWIRE_MODELS_DIR": str(now.models_dir),
        "NEWSWIRE_TARGETS_FILE": str(now.targets_file),
    }

    def newswire(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("newswire")), *arguments],
            env=environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    shown = newswire("stale")
    assert shown.returncode == 0
    assert shown.stderr == f"2 of 2 stories are older than generation {NEW}.\n"
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert lines[:2] == [["source", "month", "stale", "stories"], ["test", "2024-05", "2", "2"]]
    assert ["encoder", "test", "0" * 12, str(OLD), "2"] in lines
    counted = json.loads(newswire("stale", "--json").stdout)
    assert (counted["stale"], counted["months"][0]["month"]) == (2, "2024-05-01")
    with working(now, *both(client)):
        renewed = newswire("reenrich", "--rate", "100000", "--limit", "1", "--json")
        assert (renewed.returncode, json.loads(renewed.stdout)) == (
            0, {"sent": 1, "renewed": 1, "overtaken": 0, "failed": [], "left": 1},
        )  # fmt: skip
        assert newswire("reenrich", "--minutes", "1").stderr == (
            "1 renewed of 1 sent, 0 overtaken, 0 failed; 0 are still stale\n"
        )
    none = newswire("stale")
    assert (none.returncode, none.stdout) == (1, "")
    assert none.stderr.startswith(f"0 of 2 stories are older than generation {NEW}.\n2 stories are")
    assert math.isinf(Turn(now, rate=1)._end)
