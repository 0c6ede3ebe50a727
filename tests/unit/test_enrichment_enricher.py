from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from enrichment_stories import NOW, invented, story

from newswire.config import ROOT
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.manifest import load_manifest
from newswire.enrichment.question import Question
from newswire.enrichment.stance import Answer
from newswire.enrichment.targets import Target, Watchlist
from newswire.errors import ConfigError
from newswire.stories.enriched import Enrichment
from newswire.stories.model import Block, Story

MODELS = ROOT / "models"

WATCHLIST = Watchlist(
    revision=7,
    sha256="a" * 64,
    targets=(
        Target(id="nuclear", name="nuclear power", kind="topic", aliases=("nuclear plant",)),
        Target(id="rates", name="raising interest rates", kind="topic", aliases=("rate increase",)),
        Target(id="ellery", name="Ruth Ellery", kind="person", aliases=("Ellery",)),
        Target(id="whales", name="commercial whaling", kind="topic"),
        Target(id="elsewhere", name="fishermen", kind="topic", context=("Atlantis",)),
        Target(id="french", name="herring", kind="topic", languages=("fr",)),
    ),
)


@pytest.fixture(scope="module")
def enricher() -> Iterator[Enricher]:
    made = Enricher(models=MODELS, watchlist=WATCHLIST, threads=1, clock=lambda: NOW)
    yield made
    made.close()


def check(made: Enrichment, source: Story) -> None:
    """What must be true of every enrichment."""
    text = source.text
    for span in [*made.summary.sentences, *(s for t in made.stances for s in t.evidence)]:
        assert text[span.start : span.end] == span.text
    assert len(made.summary.sentences) <= 4
    assert [s.start for s in made.summary.sentences] == sorted(
        s.start for s in made.summary.sentences
    )
    for tag in made.stances:
        assert tag.evidence
        odds = tag.probabilities
        assert odds.favor + odds.against + odds.neutral == pytest.approx(1, abs=1e-3)
    if made.embedding:
        assert np.linalg.norm(made.embedding) == pytest.approx(1, abs=1e-3)


def test_what_the_invented_stories_get_is_sound(enricher: Enricher) -> None:
    stories = invented()
    for enrichment, source in zip(enricher.enrich(stories), stories, strict=True):
        check(enrichment, source)


def test_a_target_that_a_story_does_not_touch_gets_no_tag(enricher: Enricher) -> None:
    reactor, rates, ferry = enricher.enrich(invented())
    assert {tag.target for tag in reactor.stances} == {"nuclear", "ellery"}
    assert {tag.target for tag in rates.stances} == {"rates"}
    assert ferry.stances == ()


def test_a_story_gets_the_same_whatever_its_neighbours_and_threads(enricher: Enricher) -> None:
    stories = list(invented())
    long = story("Filler. " * 20_000)  # two of them are more than is enriched at once
    together = enricher.enrich([*stories, long, long, *reversed(stories)])
    alone = [enricher.enrich([one])[0] for one in stories]
    assert together[:3] == alone
    assert together[: -len(stories) - 1 : -1] == alone
    threaded = Enricher(models=MODELS, watchlist=WATCHLIST, threads=2, clock=lambda: NOW)
    try:
        assert threaded.enrich(stories) == alone
    finally:
        threaded.close()


def test_crossheads_and_tables_are_in_no_summary_and_no_evidence(enricher: Enricher) -> None:
    source = story(
        Block(kind="crosshead", text="NUCLEAR POWER"),
        Block(kind="table", text="nuclear power 1 2 3"),
        "The council met.",
    )
    (made,) = enricher.enrich([source])
    assert [span.text for span in made.summary.sentences] == ["The council met."]
    assert made.stances == ()


@pytest.mark.parametrize(
    "source",
    [
        story(Block(kind="crosshead", text="ONLY A CROSSHEAD")),
        story("   .", headline="  "),
    ],
    ids=lambda source: ascii(source.text[:12]),
)
def test_stories_without_prose_are_enriched_without_an_exception(
    enricher: Enricher, source: Story
) -> None:
    (made,) = enricher.enrich([source])
    check(made, source)


def test_an_empty_body_gives_an_empty_summary_and_the_headlines_embedding(
    enricher: Enricher,
) -> None:
    (made,) = enricher.enrich([story(headline="Council backs nuclear power")])
    assert made.summary.sentences == ()
    assert made.stances == ()
    assert made.embedding is not None
    assert len(made.embedding) == 384
    (nothing,) = enricher.enrich([story(headline=None)])
    assert nothing.embedding is None


def test_no_stories_give_no_enrichments(enricher: Enricher) -> None:
    assert enricher.enrich([]) == []


def test_another_language_gets_its_lead_and_no_stance(enricher: Enricher) -> None:
    texts = [f"Das ist Satz Nummer {number} über nuclear power." for number in range(6)]
    for stated in ("de-AT", "EN-GB", None):
        (made,) = enricher.enrich([story(" ".join(texts), language=stated)])
        assert [span.text for span in made.summary.sentences] == texts[:3]
        assert made.stances == ()
        assert made.summary.lead
        assert made.language == "de"
        assert not made.quotes
    plain = "Parliament voted for nuclear power on Monday."
    (english,) = enricher.enrich([story(plain, language="EN-GB")])
    assert [tag.target for tag in english.stances] == ["nuclear"]
    assert english.language == "en"


def test_fifty_targets_cost_little_more_than_one() -> None:
    class Counting:
        name, revision = "counting", "b" * 64
        asked = 0

        def predict(self, questions: Sequence[Question]) -> list[Answer]:
            self.asked += len(questions)
            return [Answer(favor=1, against=0, neutral=0) for _ in questions]

    model = Counting()
    many = Watchlist(
        revision=1,
        sha256="c" * 64,
        targets=tuple(
            Target(id=f"t{n}", name=f"Person Number{n}", kind="person") for n in range(49)
        )
        + WATCHLIST.targets[:1],
    )
    enricher = Enricher(models=MODELS, watchlist=many, threads=1, stance=model)
    source = story(*["Nuclear power is discussed by the council in words." for _ in range(30)])
    (made,) = enricher.enrich([source])
    assert model.asked == 6
    assert [(tag.target, tag.stance) for tag in made.stances] == [("nuclear", "favor")]
    for named, asked in ((6, 24), (40, 40)):
        roll = ", ".join(f"Person Number{n}" for n in range(named))
        model.asked = 0
        (made,) = enricher.enrich([story(*[f"Those who voted are {roll}."] * 8)])
        assert model.asked == asked, "of a list of everybody each is judged, and none for long"
        assert len(made.stances) == named
    assert ("stance", "counting") in {(m.task, m.name) for m in made.provenance.models}


def test_an_enrichment_names_what_made_it(enricher: Enricher) -> None:
    (made,) = enricher.enrich([story("One sentence.")])
    manifest = load_manifest(MODELS)
    assert made.provenance.generation == manifest.generation * 1024 + 7 == enricher.generation
    assert made.provenance.watchlist == "a" * 64
    assert made.provenance.enriched_at == NOW
    assert [model.task for model in made.provenance.models] == [
        "encoder", "summary", "stem", "stance", "reader", "roles", "mentions"
    ]  # fmt: skip


def test_weights_that_are_not_the_measured_ones_are_refused(tmp_path: Path) -> None:
    manifest = load_manifest(MODELS)
    for weights in manifest.weights().values():
        (tmp_path / weights.file).parent.mkdir(exist_ok=True)
        (tmp_path / weights.file).write_bytes(b"other")
    (tmp_path / "models.json").write_bytes((MODELS / "models.json").read_bytes())
    with pytest.raises(ConfigError, match="is not the one that"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[1]"])
def test_a_broken_manifest_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "models.json").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"models\.json: .*restore models/"):
        load_manifest(tmp_path)


def test_loading_the_enricher_imports_no_torch() -> None:
    code = "import sys, newswire.enrichment.enricher; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_mention_that_is_marked_is_the_targets_own_name() -> None:
    class Listening:
        name, revision = "listening", "b" * 64
        texts: ClassVar[list[str]] = []

        def predict(self, questions: Sequence[Question]) -> list[Answer]:
            self.texts += [question.pair[1] for question in questions if question.kind == "name"]
            return [Answer(favor=0, against=0, neutral=1) for _ in questions]

    union = Target(id="eu", name="European Union", aliases=("EU",), kind="organisation")
    own = Watchlist(revision=1, sha256="c" * 64, targets=(union,))
    enricher = Enricher(models=MODELS, watchlist=own, threads=1, stance=Listening())
    enricher.enrich([story("Union leaders called the EU a disgrace to all of its citizens.")])
    assert Listening.texts == ["Union leaders called the # EU # a disgrace to all of its citizens."]
