"""Claims against the bodies of other stories, on real servers: kills, corrections, embargoes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from newswire.claims import judging
from newswire.claims.ask import ask, ask_of_story
from newswire.claims.judging import Totals, judge_new
from newswire.config import Settings
from newswire.contracts.topics import ENRICHED
from newswire.enrichment.claims import ClaimRefused
from newswire.errors import DependencyUnavailable
from newswire.search.claims import Indexed, read
from newswire.search.claims_index import ALL, ClaimPairs
from newswire.search.client import open_client
from newswire.stories.enriched import EnrichedStory
from tests.claims import AtOnce, ByWords, kept, shown, telling
from tests.copies import body
from tests.factories import NOON, a_story, an_embedding, an_enriched_story
from tests.services import drain, produce
from tests.shell import newswire
from workers.index import build


@pytest.fixture
def client(client: Elasticsearch) -> Elasticsearch:
    """Also without pairs."""
    for index in client.indices.get(index=ALL):
        client.indices.delete(index=index)
    return client


def come_in(stack: Settings, *records: EnrichedStory) -> None:
    """Stories as the index worker takes them."""
    produce(stack, ENRICHED, records)
    drain(stack, build(stack))


def judged(stack: Settings, judge: ByWords | None = None, limit: int | None = None) -> Totals:
    return judge_new(stack, AtOnce(stack), limit=limit, judge=judge or ByWords())


def withdrawn(name: str, status: str = "canceled", hours: float = 0) -> EnrichedStory:
    created = NOON + timedelta(hours=hours)
    return EnrichedStory(
        story=a_story(id=name, version=9, first_created=created, pub_status=status, body=[])
    )


def same(record: EnrichedStory) -> list[dict[str, str]]:
    """The same copy."""
    return body(*(block.text for block in record.story.body))


THREE = [telling("alpha", "confirmed"), telling("beta", "denied", 1), telling("gamma", "met", 2)]


def test_each_headline_is_held_against_each_other_body_and_shown_to_dashboards(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE)
    totals = judged(stack)
    assert (totals.judged, totals.left) == (3, 0)
    found = shown(client)
    assert {names: pair["label"] for names, pair in found.items()} == {
        ("alpha", "beta"): "disagree",
        ("beta", "alpha"): "agree",
        ("gamma", "alpha"): "agree",
        ("gamma", "beta"): "disagree",
    }
    pair = found["gamma", "beta"]
    assert (pair["story"]["outlet"], pair["claim"]["outlet"]) == (
        "Outlet of beta",
        "Outlet of gamma",
    )
    text = THREE[1].story.text
    (evidence,) = pair["evidence"]
    assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    assert "denied" in evidence["text"]
    assert pair["models"][0]["revision"] == "1" * 64
    assert {"code", "judged_at", "probabilities"} <= pair.keys()
    by_outlet = client.search(
        index="claims",
        size=0,
        aggs={
            "outlet": {
                "terms": {"field": "story.outlet"},
                "aggs": {"label": {"terms": {"field": "label"}}},
            }
        },
    )["aggregations"]["outlet"]["buckets"]
    counts = {one["key"]: one["label"]["buckets"] for one in by_outlet}
    assert counts["Outlet of alpha"] == [{"key": "agree", "doc_count": 2}]


def test_a_second_run_asks_the_models_nothing_and_newer_models_judge_anew(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE)
    judged(stack)
    before = shown(client)
    again = ByWords()
    assert judged(stack, again) == Totals(left=0)
    assert (again.asked, shown(client)) == (0, before)
    assert judged(stack, ByWords(revision="2")).judged == 3
    assert {pair["models"][0]["revision"] for pair in shown(client).values()} == {"2" * 64}


def test_a_run_that_ends_early_is_made_good_by_the_next(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE)
    assert judged(stack, limit=1).left == 2
    assert judged(stack).judged == 2
    assert len(shown(client)) == 4


def test_what_a_turn_that_is_over_leaves_is_known_without_reading_it(
    stack: Settings, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = telling("delta", "met", -1, body=same(THREE[2]))
    come_in(stack, copy)
    come_in(stack, *THREE[:2])
    come_in(stack, THREE[2])
    asked: list[str] = []

    def read_and_told(client: Elasticsearch, documents: Sequence[str]) -> list[Indexed]:
        found = read(client, documents)
        asked.extend(one.story.id for one in found)
        return found

    monkeypatch.setattr(judging, "read", read_and_told)
    none = judge_new(stack, AtOnce(stack, batches=0), judge=ByWords())
    assert (none, asked) == (Totals(left=4), [])
    first = judge_new(stack, AtOnce(stack, size=1, batches=1), judge=ByWords())
    assert (first.judged, first.left) == (2, 2), "the copy is judged with it, and is not left"
    assert asked == ["gamma"]
    rest = judge_new(stack, AtOnce(stack), judge=ByWords())
    assert (rest.judged, rest.left) == (2, 0)
    del asked[:]
    assert judged(stack) == Totals(left=0)
    assert asked == []


def test_what_another_run_has_judged_meanwhile_is_not_judged_again(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE)
    runs = [lambda: judged(stack)]

    def run_another() -> None:
        if runs:
            assert runs.pop()().judged == 3

    totals = judge_new(stack, AtOnce(stack, size=1), judge=ByWords(run_another))
    assert (totals.judged, totals.left) == (1, 0)
    assert len(shown(client)) == 4


def test_a_story_that_comes_later_is_a_witness_to_what_was_judged_before(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, THREE[2])
    judged(stack)
    assert shown(client) == {}
    come_in(stack, THREE[0])
    assert judged(stack).judged == 1
    assert {*shown(client)} == {("gamma", "alpha")}


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_what_is_withdrawn_disappears_as_claim_and_as_witness(
    stack: Settings, client: Elasticsearch, status: str
) -> None:
    come_in(stack, *THREE)
    judged(stack)
    come_in(stack, withdrawn("beta", status, 1))
    assert {*shown(client)} == {("gamma", "alpha")}
    assert "denied" not in json.dumps(kept(client))
    assert judged(stack) == Totals(left=0)
    come_in(stack, THREE[1])
    judged(stack)
    assert {*shown(client)} == {("gamma", "alpha")}, "a late older version brings nothing back"


def test_a_correction_is_judged_anew_and_what_it_said_before_is_gone_at_once(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE)
    judged(stack)
    come_in(stack, telling("beta", "confirmed", 1, version=2))
    assert {*shown(client)} == {("gamma", "alpha")}
    assert judged(stack).judged == 1
    found = shown(client)
    assert {names: pair["label"] for names, pair in found.items() if "beta" in names} == {
        ("alpha", "beta"): "agree",
        ("beta", "alpha"): "agree",
        ("gamma", "beta"): "agree",
    }
    assert "denied" not in json.dumps(kept(client))


def test_a_story_that_is_killed_while_it_is_judged_is_never_shown(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE)
    kills = [lambda: come_in(stack, withdrawn("beta", hours=1))]

    def kill() -> None:
        if kills:
            kills.pop()()

    judged(stack, ByWords(kill))
    assert {*shown(client)} == {("gamma", "alpha")}
    assert "denied" not in json.dumps(kept(client))


def test_a_story_that_is_killed_as_its_pair_is_about_to_be_shown_is_never_shown(
    stack: Settings, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(stack, *THREE[:2])
    looked = ClaimPairs._unchanged
    kills = [lambda: come_in(stack, withdrawn("beta", hours=1))]

    def then_killed(self: ClaimPairs, parties: Any) -> list[bool]:
        good = looked(self, parties)
        if parties and kills:
            kills.pop()()
        return good

    monkeypatch.setattr(ClaimPairs, "_unchanged", then_killed)
    judged(stack)
    assert not kills
    assert shown(client) == {}
    assert "denied" not in json.dumps(kept(client))


def test_what_is_under_an_embargo_is_nowhere_and_what_expires_is_shown_no_longer(
    stack: Settings, client: Elasticsearch
) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    come_in(
        stack,
        THREE[0],
        telling("beta", "denied", 1, embargoed_until=later),
        telling("delta", "denied", 1, expires=later),
    )
    judged(stack)
    assert {*shown(client)} == {("alpha", "delta"), ("delta", "alpha")}
    assert "Outlet of beta" not in json.dumps(kept(client))
    hits = client.search(index=ALL, size=100, query={"exists": {"field": "expires"}})["hits"]
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    for hit in hits["hits"]:
        client.index(
            index=hit["_index"], id=hit["_id"], document={**hit["_source"], "expires": past}
        )
    assert shown(client) == {}


def test_copies_are_one_voice_and_are_said_to_be_copies(
    stack: Settings, client: Elasticsearch
) -> None:
    copy = telling("beta", "denied", 1)
    come_in(
        stack,
        THREE[0],
        copy,
        telling("beta-again", "denied", 2, body=same(copy)),
        telling("alpha-again", "confirmed", 3, body=same(THREE[0])),
    )
    judged(stack)
    found = shown(client)
    assert {
        names: (pair.get("label"), pair.get("copy_of"), len(pair.get("evidence", ())))
        for names, pair in found.items()
    } == {
        ("alpha", "beta"): ("disagree", None, 1),
        ("alpha", "beta-again"): ("disagree", "beta", 0),
        ("alpha", "alpha-again"): (None, "alpha", 0),
        ("beta", "alpha"): ("agree", None, 1),
        ("beta", "alpha-again"): ("agree", "alpha", 0),
        ("beta", "beta-again"): (None, "beta", 0),
    }
    come_in(stack, withdrawn("beta", hours=1))
    assert all("beta" not in names for names in shown(client))
    assert ("alpha", "beta-again") not in shown(client), "what it was judged by is gone"
    judged(stack)
    assert shown(client)["alpha", "beta-again"]["label"] == "disagree"
    assert "copy_of" not in shown(client)["alpha", "beta-again"]


def test_what_is_not_english_or_has_no_headline_makes_no_claim(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(
        stack,
        THREE[0],
        telling("untitled", "denied", headline=None, type="picture"),
        telling("brief", "denied", 1, headline="In brief"),
        telling("russisch", "denied", language="de"),
        telling("undeclared", "denied", language=None, body=body(RUSSIAN + " denied")),
    )
    assert judged(stack).left == 0
    assert {*shown(client)} == {("alpha", "untitled"), ("alpha", "brief")}
    report = ask(client, ByWords(), "Harbour pilots of Brindle Bay end strike")
    assert {said.story.id: said.label for said in report.said} == {
        "alpha": "agree",
        "untitled": "disagree",
        "brief": "disagree",
    }
    assert report.not_judged == ("ru",)
    for name, line in {
        "untitled": "the story untitled has no headline; hand in what it claims as a text",
        "brief": "'In brief' states nothing: a claim has 3 words or more; say who did what",
        "russisch": "the story russisch is in another language (de); nothing is judged; the models "
        "read English",
    }.items():
        with pytest.raises(ClaimRefused) as refused:
            ask_of_story(client, ByWords(), name)
        assert str(refused.value) == line


RUSSIAN = "Портовые лоцманы прекратили забастовку в пятницу, сообщил профсоюз."


def test_a_claim_is_asked_within_its_days_and_never_of_its_own_story(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(stack, *THREE, telling("old", "denied", -24 * 30))
    report = ask_of_story(client, ByWords(), "gamma")
    assert [(said.story.id, said.label) for said in report.said] == [
        ("alpha", "agree"),
        ("beta", "disagree"),
    ]
    assert report.story is not None
    assert report.story.id == "gamma"
    day = NOON.date() - timedelta(days=31)
    wide = ask_of_story(client, ByWords(), "gamma", since=day)
    assert {said.story.id for said in wide.said} == {"alpha", "beta", "old"}
    none = ask(client, ByWords(), "Pilots of Brindle Bay strike", since=NOON.date(), until=day)
    assert none.said == ()


def test_an_index_without_stories_and_without_pairs_is_no_error(
    stack: Settings, client: Elasticsearch
) -> None:
    assert judged(stack) == Totals(left=0)
    assert ask(client, ByWords(), "Pilots of Brindle Bay end strike").said == ()
    come_in(stack, withdrawn("beta"))


def test_an_elasticsearch_that_is_away_is_waited_for_by_whoever_called(stack: Settings) -> None:
    away = stack.model_copy(update={"elasticsearch_url": "http://127.0.0.1:9"})
    with pytest.raises(DependencyUnavailable, match="Elasticsearch does not answer"):
        judged(away)
    with open_client(away) as nobody, pytest.raises(DependencyUnavailable):
        ClaimPairs(nobody).check(["x"])


def test_the_commands_show_outlets_and_evidence_and_keep_the_same(
    stack: Settings, client: Elasticsearch
) -> None:
    come_in(
        stack,
        *(
            an_enriched_story(
                a_story(
                    id=name,
                    first_created=NOON + timedelta(hours=hour),
                    headline=headline,
                    provider=provider,
                    language="en",
                    body=body(*texts),
                ),
                embedding=an_embedding(),
            )
            for hour, (name, headline, provider, *texts) in enumerate(TOLD)
        ),
    )
    ran = newswire(stack, "claim", "--story", "bay-1", "--all")
    assert ran.returncode == 0, ran.stderr
    head, _, table = ran.stdout.partition("\n\n")
    assert head.startswith("Harbour pilots in Brindle Bay end strike\n")
    assert table.startswith("outlet")
    assert "Tidewater Post" in table
    assert "    bay-2\n" in table
    assert "    bay-1\n" not in table
    lines = [
        json.loads(line)
        for line in newswire(
            stack, "claim", "Harbour pilots in Brindle Bay end strike", "--all", "--json"
        ).stdout.splitlines()
    ]
    assert {line["story"]["id"] for line in lines} == {"bay-1", "bay-2", "bay-3"}
    assert {line["story"]["id"] for line in lines if line["label"] == "unrelated"} == {"bay-3"}
    texts = {name: "\n\n".join(texts) for name, _, _, *texts in TOLD}
    for line in lines:
        for evidence in line.get("evidence", ()):
            text = texts[line["story"]["id"]]
            assert text[evidence["start"] : evidence["end"]] == evidence["text"]
    done = newswire(stack, "judge", "--rate", "1e6", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["judged"] == 3
    assert {("bay-1", "bay-2"), ("bay-2", "bay-1")} == {*shown(client)}
    nobody = newswire(stack, "claim", "--story", "no-such")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert nobody.stderr == "newswire: no story no-such in the index; look for it with `search`\n"


TOLD = [
    (
        "bay-1",
        "Harbour pilots in Brindle Bay end strike",
        "Example Wire",
        "Harbour pilots in Brindle Bay voted on Friday to end their strike of nine days.",
        "Ships were moving again by noon, the port authority said.",
    ),
    (
        "bay-2",
        "Brindle Bay pilots go back to work after nine days",
        "Tidewater Post",
        "The strike of the harbour pilots in Brindle Bay is over: they voted to end it on Friday.",
        "The first ships were piloted into the bay at noon.",
    ),
    (
        "bay-3",
        "A recipe for plum cake from the hills",
        "Example Kitchen",
        "Butter the tin and lay the plums on the dough with their skins down.",
        "Bake it for forty minutes and let it cool under a cloth.",
    ),
]
