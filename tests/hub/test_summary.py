"""Sequence-to-sequence models as writers of summaries, and both models in the enricher."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch", reason="torch is missing: `make test-hub` has it")

from newswire.config import load_settings  # noqa: E402
from newswire.contracts.schema import contracts  # noqa: E402
from newswire.contracts.topics import ENRICHED  # noqa: E402
from newswire.enrichment.enricher import Enricher  # noqa: E402
from newswire.enrichment.hub import loading  # noqa: E402
from newswire.enrichment.hub.summary import LONGEST_SUMMARY, HubWriter  # noqa: E402
from newswire.errors import ConfigError  # noqa: E402
from newswire.stories.enriched import EnrichedStory  # noqa: E402
from newswire.stories.model import Story  # noqa: E402
from tests.factories import a_story  # noqa: E402
from tests.hub import tiny  # noqa: E402

WRITTEN = f"{tiny.TEXT[0]} Nine ferries sank in 1912."


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    tiny.writer(folder / "writer", WRITTEN)
    tiny.babbler(folder / "bart", "bart", num_beams=2, max_length=24)
    tiny.classifier(folder / "nli", bias=[0.0, 0.0, 9.0])
    return folder


def writer(folder: Path, device: str = "cpu", prefix: str | None = None) -> HubWriter:
    return HubWriter(loading.find(str(folder), "NEWSWIRE_SUMMARY_MODEL"), device, 1024, prefix)


def test_a_model_writes_what_it_was_trained_to(folders: Path) -> None:
    assert writer(folders / "writer").write([tiny.TEXT[1], tiny.TEXT[2]]) == [WRITTEN, WRITTEN]


def test_what_is_written_does_not_depend_on_the_other_texts_nor_on_chance(folders: Path) -> None:
    own = writer(folders / "bart")
    texts = [*tiny.TEXT, " ".join(tiny.TEXT)]
    together = own.write(texts)
    assert [own.write([text])[0] for text in texts] == together
    assert any(together)
    assert own.write([]) == []


def test_what_is_written_is_bounded_whatever_the_model_says(tmp_path: Path) -> None:
    own = writer(tiny.babbler(tmp_path, "bart", max_length=100_000, do_sample=True, min_length=500))
    (first,), (second,) = own.write([tiny.TEXT[0]]), own.write([tiny.TEXT[0]])
    assert first == second
    assert len(tiny.tokenizer()(first)["input_ids"]) <= 2 * LONGEST_SUMMARY


@pytest.mark.parametrize(
    "text",
    ["", "It rains. " * 100_000, "x" * 100_000, "😀 \x00\x07 \u200b \ufffd \U0010ffff"],
    ids=["empty", "long", "one-word", "characters"],
)
def test_odd_texts_are_read(folders: Path, text: str) -> None:
    for kind in ("writer", "bart"):
        (written,) = writer(folders / kind).write([text])
        assert isinstance(written, str)


def test_the_prefix_is_the_one_that_the_configuration_names_or_the_setting(
    folders: Path, tmp_path: Path
) -> None:
    folder = tiny.babbler(tmp_path, "bart", max_length=24)
    named = json.loads((folder / "config.json").read_text("utf-8"))
    named["task_specific_params"] = {"summarization": {"prefix": "Summarize: ", "num_beams": 3}}
    (folder / "config.json").write_text(json.dumps(named), "utf-8")
    plain = writer(folder, prefix="")
    assert writer(folder).write(["it rains."]) == plain.write(["Summarize: it rains."])
    assert writer(folder, prefix="I said ").write(["A."]) == plain.write(["I said A."])


def test_a_model_that_only_reads_is_no_writer(folders: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        writer(folders / "nli")
    assert re.fullmatch(
        r"NEWSWIRE_SUMMARY_MODEL: \S+ \(bert\) is no model that reads one text and writes another; "
        r"name a sequence-to-sequence model, .*",
        str(raised.value),
    )


def test_a_classifier_with_encoder_and_decoder_is_no_writer(folders: Path, tmp_path: Path) -> None:
    from transformers import BartForSequenceClassification

    model = BartForSequenceClassification.from_pretrained(folders / "bart")
    with pytest.raises(ConfigError, match=r"\(bart\) is no model that reads one text and writes"):
        writer(tiny.saved(model, tiny.tokenizer(), tmp_path))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")
def test_a_gpu_writes_as_the_cpu_does(folders: Path) -> None:
    on_gpu = writer(folders / "writer", device="cuda")
    assert on_gpu.write(list(tiny.TEXT)) == writer(folders / "writer").write(list(tiny.TEXT))


@pytest.fixture(scope="module")
def enricher(folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enricher]:
    targets = tmp_path_factory.mktemp("targets") / "targets.yaml"
    targets.write_text(
        "revision: 5\ntargets:\n"
        "  - {id: strike, name: strike, kind: topic, proposition: The strike is right.}\n",
        "utf-8",
    )
    made = Enricher.from_settings(
        load_settings(
            targets_file=targets,
            stance_model=str(folders / "nli"),
            summary_model=str(folders / "writer"),
            model_generation=1,
            enrich_threads=1,
        )
    )
    yield made
    made.close()


def stories() -> tuple[Story, Story]:
    about = a_story(body=[{"text": tiny.TEXT[1]}, {"text": tiny.TEXT[0]}])
    other = a_story(id="other", body=[{"text": "The council met. Nothing was decided all day."}])
    return about, other


def test_the_enricher_keeps_what_the_body_supports_and_counts_the_rest(enricher: Enricher) -> None:
    about, other = stories()
    one, two = enricher.enrich([about, other])
    assert one.summary.generated is not None
    (sentence,) = one.summary.generated
    assert sentence.text == tiny.TEXT[0]
    assert [span.text for span in sentence.evidence] == [tiny.TEXT[0]]
    assert one.summary.sentences == sentence.evidence
    assert one.summary.dropped == 1
    assert two.summary.generated is None
    assert two.summary.dropped == 2
    assert [span.text for span in two.summary.sentences] != []


def test_what_comes_out_is_valid_under_the_contract_and_names_both_models(
    enricher: Enricher, folders: Path
) -> None:
    about, _ = stories()
    (made,) = enricher.enrich([about])
    settings = load_settings()
    record = EnrichedStory(story=about, enrichment=made)
    value = contracts(settings.schemas_dir).encode(ENRICHED, record)
    assert contracts(settings.schemas_dir).decode(ENRICHED, value, EnrichedStory) == record
    revisions = {model.task: (model.name, model.revision) for model in made.provenance.models}
    for task, name in (("summary", "writer"), ("stance", "nli")):
        folder = folders / name
        assert revisions[task] == (str(folder), loading.find(str(folder), "X").revision)
    (tag,) = made.stances
    assert (tag.target, tag.stance) == ("strike", "favor")


def test_a_story_gets_the_same_whatever_its_neighbours(enricher: Enricher) -> None:
    together = enricher.enrich([*stories(), *reversed(stories())])
    alone = [enricher.enrich([story])[0] for story in stories()]
    for made, again in zip(together, [*alone, *reversed(alone)], strict=True):
        assert made.summary == again.summary
        assert [tag.stance for tag in made.stances] == [tag.stance for tag in again.stances]
