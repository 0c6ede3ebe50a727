"""Summaries that a model writes, with a writer who writes what he is told to."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from enrichment_stories import NOW, story

from newswire.config import ROOT, load_settings
from newswire.enrichment import hub
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.summary.choice import MOST, Budget
from newswire.enrichment.summary.extractive import SummaryRequest, scored
from newswire.enrichment.summary.written import WrittenSummarizer, sentences_of
from newswire.enrichment.targets import Watchlist
from newswire.errors import ConfigError
from newswire.stories.enriched import EnrichedStory, Enrichment, Span, Summary
from newswire.stories.model import Story

SENTENCES = (
    "Harbour pilots in Brindle Bay voted on Friday to end a strike of nine days.",
    "Their union won a rise of 1,250 crowns a month.",
    "Ships were moving again by noon, the port authority said.",
)


class Told:
    """Writes the same about every text, and remembers the texts."""

    name, revision = "told", "7" * 64

    def __init__(self, text: str) -> None:
        self.text = text
        self.read: list[str] = []

    def write(self, texts: Sequence[str]) -> list[str]:
        self.read += texts
        return [self.text for _ in texts]


class Last:
    """Quotes the last sentence."""

    name, revision = "last", "8" * 64

    def summarize(self, requests: Sequence[SummaryRequest]) -> list[Summary]:
        return [Summary(sentences=(scored(one.sentences[-1], 0.5),)) for one in requests]


def request() -> SummaryRequest:
    spans, at = [], 0
    for sentence in SENTENCES:
        spans.append(Span(text=sentence, start=at, end=at + len(sentence)))
        at += len(sentence) + 1
    return SummaryRequest(tuple(spans), ())


def written(text: str, budget: Budget | None = None) -> Summary:
    summarizer = WrittenSummarizer(Told(text), Last(), budget or Budget())
    (summary,) = summarizer.summarize([request()])
    return summary


def test_supported_sentences_are_kept_with_their_evidence_and_the_others_counted() -> None:
    summary = written(
        "Ships moved again by noon after the strike. The pilots won 2,000 crowns. "
        "Pilots in Brindle Bay ended a strike of nine days."
    )
    assert summary.generated is not None
    assert [own.text for own in summary.generated] == [
        "Ships moved again by noon after the strike.",
        "Pilots in Brindle Bay ended a strike of nine days.",
    ]
    assert [own.evidence[0].text for own in summary.generated] == [SENTENCES[2], SENTENCES[0]]
    assert summary.dropped == 1
    # In story order, whatever the order in which the model wrote.
    assert [span.text for span in summary.sentences] == [SENTENCES[0], SENTENCES[2]]
    assert summary.text.startswith("Ships moved again")


@pytest.mark.parametrize(
    ("text", "dropped"), [("Ferry crews in Harrow went home.", 1), ("", 0), (" \n<n> ", 0)]
)
def test_where_nothing_is_left_the_summary_quotes(text: str, dropped: int) -> None:
    summary = written(text)
    assert summary.generated is None
    assert summary.dropped == dropped
    assert [span.text for span in summary.sentences] == [SENTENCES[2]]


def test_a_summary_has_no_more_sentences_than_a_quoted_one() -> None:
    text = " ".join(f"Ships were moving{' again' * n} by noon." for n in range(1, 8))
    summary = written(text)
    assert len(summary.generated or ()) == MOST
    assert [span.text for span in summary.sentences] == [SENTENCES[2]]


def test_a_written_summary_is_within_its_budget() -> None:
    text = " ".join(f"Ships were moving{' again' * n} by noon." for n in range(1, 8))
    assert len(written(text, Budget(2)).generated or ()) == 2
    assert len(written(text, Budget(characters=70)).text) <= 70
    assert len(written(text, Budget(characters=1)).generated or ()) == 1


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One came. Two went.", ["One came.", "Two went."]),
        ("one came . two went .", ["one came.", "two went."]),
        ("One came<n>Two went", ["One came"]),
        ("One came.\nTwo  went.", ["One came.", "Two went."]),
        ("One came. One came. One, CAME!", ["One came."]),
        ("One came. Two went and", ["One came."]),
        ("One came and", ["One came and"]),
        ("", []),
    ],
    ids=["plain", "tokenised", "pegasus", "lines", "repeated", "broken-off", "only", "none"],
)
def test_what_a_model_wrote_is_split_as_models_write(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_what_is_left_out_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    told = Told("Nine ferries sank. Ships were moving by noon.")
    summarizer = WrittenSummarizer(told, Last(), Budget())
    with caplog.at_level(logging.INFO):
        summarizer.summarize([request(), request()])
        summarizer.summarize([request()])
    first, second = caplog.messages
    assert first.startswith("summaries: 2 sentences that told wrote are not supported")
    assert second.endswith("(3 of 6 since the start)")


NO_TARGETS = Watchlist(revision=3, sha256="a" * 64, targets=())


def enriched(writer: Told, *stories: Story) -> list[Enrichment]:
    made = Enricher(
        models=ROOT / "models",
        watchlist=NO_TARGETS,
        threads=1,
        writer=writer,
        model_generation=2,
        clock=lambda: NOW,
    )
    try:
        return made.enrich(stories)
    finally:
        made.close()


def test_an_enriched_story_names_the_writer_and_is_a_record_of_its_topic() -> None:
    writer = Told("Ships moved again by noon.")
    source, foreign = story(*SENTENCES), story(*SENTENCES, language="de")
    own, lead = enriched(writer, source, foreign)
    assert writer.read == [" ".join(SENTENCES)]
    assert own.summary.text == "Ships moved again by noon."
    assert ("summary", "told", "7" * 64) in {
        (model.task, model.name, model.revision) for model in own.provenance.models
    }
    assert own.provenance.generation // 1024 == lead.provenance.generation // 1024 > 2
    assert lead.summary.generated is None
    assert lead.summary.dropped is None
    assert EnrichedStory(story=source, enrichment=own).enrichment == own


@pytest.mark.parametrize("variable", ["stance_model", "summary_model"])
def test_without_the_extra_a_configured_model_is_one_line_that_says_what_to_install(
    variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def without_torch(name: str) -> object:
        return None if name == "torch" else find_spec(name)

    monkeypatch.setattr(hub, "find_spec", without_torch)
    settings = load_settings(**{variable: str(tmp_path)})
    with pytest.raises(ConfigError) as raised:
        hub.configured_models(settings)
    assert str(raised.value) == (
        "NEWSWIRE_STANCE_MODEL or NEWSWIRE_SUMMARY_MODEL is set, and torch is not installed; "
        "pip install 'newswire[hub]'"
    )


def test_nothing_of_the_extra_is_loaded_where_no_model_is_configured() -> None:
    assert hub.configured_models(load_settings(stance_model="", summary_model="")) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"model_device": "tpu"},
        {"stance_labels": {"LABEL_0": "pro"}},
        {"enrich_batch_stories": 0},
    ],
)
def test_a_wrong_setting_of_the_models_is_named(wrong: dict[str, object]) -> None:
    (name,) = wrong
    with pytest.raises(ConfigError, match=f"NEWSWIRE_{name.upper()}"):
        load_settings(**wrong)
