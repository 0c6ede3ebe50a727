"""The watch-list of a running enricher, and what an enrichment says of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from enrichment_stories import NOW, story

from newswire.config import ROOT, load_settings
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.manifest import load_manifest
from newswire.enrichment.revision import current_revision
from newswire.enrichment.targets import Target, Watchlist
from newswire.errors import ConfigError

MODELS = ROOT / "models"
BODY = "Nuclear power must go, the minister said.", "Whaling is to be banned, she added."


def a_watchlist(revision: int, *names: str) -> Watchlist:
    targets = tuple(
        Target(id=f"t{number}", name=name, kind="topic") for number, name in enumerate(names)
    )
    return Watchlist(revision, targets, hashlib.sha256(repr(names).encode()).hexdigest())


@pytest.fixture(scope="module")
def enricher() -> Iterator[Enricher]:
    made = Enricher(
        models=MODELS, watchlist=a_watchlist(1, "nuclear power"), threads=1, clock=lambda: NOW
    )
    yield made
    made.close()


def named(enricher: Enricher) -> list[str]:
    (made,) = enricher.enrich([story(*BODY)])
    return [tag.name for tag in made.stances]


def test_another_watchlist_is_judged_by_from_then_on(enricher: Enricher) -> None:
    enricher.watch(a_watchlist(1, "nuclear power"))
    before = enricher.generation
    assert named(enricher) == ["nuclear power"]
    second = a_watchlist(2, "whaling", "nuclear power")
    enricher.watch(second)
    assert named(enricher) == ["whaling", "nuclear power"]
    assert enricher.generation == before + 1
    (made,) = enricher.enrich([story(*BODY)])
    assert made.provenance.generation == enricher.generation
    assert made.provenance.watchlist == second.sha256
    assert made.provenance.watchlist_revision == made.provenance.revision_of_watchlist == 2


def test_a_target_of_500_words_costs_no_more_than_a_sentence(enricher: Enricher) -> None:
    long = " ".join(f"word{number}" for number in range(500))
    enricher.watch(a_watchlist(3, long, "whaling"))
    assert named(enricher) == ["whaling"]
    # Also where it is found.
    (made,) = enricher.enrich([story(f"They want {long}.", BODY[1])])
    assert [tag.name for tag in made.stances][-1] == "whaling"


def test_what_is_there_now_is_told_without_the_weights(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_bytes((MODELS / "models.json").read_bytes())
    targets = tmp_path / "targets.yaml"
    targets.write_text("revision: 9\ntargets: []\n", "utf-8")
    now = current_revision(load_settings(models_dir=tmp_path, targets_file=targets))
    manifest = load_manifest(MODELS)
    assert now.generation == manifest.generation * 1024 + 9
    assert now.watchlist == hashlib.sha256(targets.read_bytes()).hexdigest()


def test_models_that_are_not_there_are_a_mistake_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"models\.json: No such file"):
        current_revision(load_settings(models_dir=tmp_path))


def test_an_earlier_release_left_the_watchlists_revision_in_the_generation(
    enricher: Enricher,
) -> None:
    enricher.watch(a_watchlist(5))
    (made,) = enricher.enrich([story(*BODY)])
    earlier = made.provenance.model_copy(update={"watchlist_revision": None})
    assert earlier.revision_of_watchlist == 5
