"""NLI and classification models as stance models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

torch: Any = pytest.importorskip("torch", reason="torch is missing: `make test-hub` has it")

from newswire.enrichment.hub import loading  # noqa: E402
from newswire.enrichment.hub.stance import HYPOTHESES, HubStance  # noqa: E402
from newswire.enrichment.question import Question  # noqa: E402
from newswire.enrichment.stance import Answer  # noqa: E402
from newswire.errors import ConfigError  # noqa: E402
from tests.hub import tiny  # noqa: E402

SURE = 20.0
CLAIM = Question("claim", "The council is against it.", "Nuclear power is clean.")
TOPIC = Question("topic", "The council is against it.", "nuclear power")
FAVOR, AGAINST, NEUTRAL = (1, 0, 0), (0, 1, 0), (0, 0, 1)


def model(folder: Path, labels: Mapping[str, str] | None = None, device: str = "cpu") -> HubStance:
    return HubStance(loading.find(str(folder), "NEWSWIRE_STANCE_MODEL"), device, 256, labels or {})


def sides(answer: Answer) -> Any:
    return pytest.approx((answer.favor, answer.against, answer.neutral), abs=1e-4)


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> HubStance:
    return model(tiny.classifier(tmp_path_factory.mktemp("models") / "nli"))


@pytest.mark.parametrize(
    ("says", "claim", "topic"),
    [
        (0, AGAINST, (0.5, 0.5, 0)),
        (1, NEUTRAL, NEUTRAL),
        (2, FAVOR, (0.5, 0.5, 0)),
    ],
    ids=["contradiction", "neutral", "entailment"],
)
def test_entailment_of_a_claim_is_favor_and_who_agrees_with_opposites_takes_no_side(
    says: int, claim: tuple[float, ...], topic: tuple[float, ...], tmp_path: Path
) -> None:
    own = model(tiny.classifier(tmp_path, bias=[SURE * (n == says) for n in range(3)]))
    of_claim, of_topic = own.predict([CLAIM, TOPIC])
    assert claim == sides(of_claim)
    assert topic == sides(of_topic)


@pytest.mark.parametrize("holder", ["", "Marit Esker"])
def test_a_name_is_asked_about_in_two_hypotheses_of_its_holder(nli: HubStance, holder: str) -> None:
    text = "Marit Esker said the council would pay for nuclear power."
    asked = [
        Question("claim", text, own.format(holder=holder or "The author", target="nuclear power"))
        for own in HYPOTHESES
    ]
    kind: Any = "holder" if holder else "topic"
    whole, for_it, against_it = nli.predict(
        [Question(kind, text, "nuclear power", holder=holder), *asked]
    )
    assert (
        (for_it.favor + against_it.against) / 2,
        (for_it.against + against_it.favor) / 2,
        (for_it.neutral + against_it.neutral) / 2,
    ) == sides(whole)


@pytest.mark.parametrize(
    ("labels", "mapped"),
    [
        ({0: "FAVOR", 1: "AGAINST", 2: "NONE"}, {}),
        ({0: "support", 1: "Deny", 2: "comment"}, {}),
        ({0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"},
         {"LABEL_0": "favor", "LABEL_1": "against", "LABEL_2": "neutral"}),
        ({0: "up", 1: "con", 2: "not enough info"}, {"up": "favor"}),
    ],
    ids=["names", "other-names", "mapped", "one-mapped"],
)  # fmt: skip
def test_a_classifiers_labels_are_told_by_name_or_as_they_are_mapped(
    labels: dict[int, str], mapped: dict[str, str], tmp_path: Path
) -> None:
    for number, expected in enumerate((FAVOR, AGAINST, NEUTRAL)):
        bias = [SURE * (n == number) for n in range(3)]
        own = model(tiny.classifier(tmp_path / str(number), labels, bias), mapped)
        for answer in own.predict([CLAIM, TOPIC]):
            assert expected == sides(answer)


def test_labels_that_mean_the_same_add_up(tmp_path: Path) -> None:
    labels = {0: "agree", 1: "disagree", 2: "discuss", 3: "observing"}
    (answer,) = model(tiny.classifier(tmp_path, labels, [0, 0, 0, 0])).predict([TOPIC])
    assert sides(answer) == (0.25, 0.25, 0.5)


def test_a_passage_that_has_nothing_to_do_with_the_target_may_be_told(tmp_path: Path) -> None:
    labels = {0: "agree", 1: "disagree", 2: "discuss", 3: "LABEL_3"}
    folder = tiny.classifier(tmp_path, labels, [0, 0, 0, SURE])
    (answer,) = model(folder, {"LABEL_3": "unrelated"}).predict([TOPIC])
    assert round(answer.unrelated, 3) == 1


def test_labels_without_names_may_be_mapped_to_those_of_nli(tmp_path: Path) -> None:
    labels = {0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}
    mapped = {"LABEL_0": "contradiction", "LABEL_1": "neutral", "LABEL_2": "entailment"}
    own = model(tiny.classifier(tmp_path, labels, [0, 0, SURE]), mapped)
    of_claim, of_topic = own.predict([CLAIM, TOPIC])
    assert sides(of_claim) == FAVOR
    assert sides(of_topic) == (0.5, 0.5, 0)


@pytest.mark.parametrize(
    ("labels", "mapped", "cause"),
    [
        ({0: "LABEL_0", 1: "LABEL_1"}, {}, "don't say what they mean: LABEL_0, LABEL_1"),
        ({0: "favor", 1: "against"}, {"pro": "favor"}, "has no label 'pro': it has favor, against"),
        ({0: "favor", 1: "neutral"}, {}, "neither for and against, nor entailment and"),
        ({0: "entailment", 1: "against"}, {}, "neither for and against, nor entailment and"),
        ({0: "LABEL_0"}, {}, "labels that don't say what they mean: LABEL_0"),
    ],
    ids=["nameless", "unknown", "one-sided", "mixed", "regression"],
)  # fmt: skip
def test_labels_that_can_not_be_told_are_one_line_with_the_setting_that_helps(
    labels: dict[int, str], mapped: dict[str, str], cause: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as raised:
        model(tiny.classifier(tmp_path, labels), mapped)
    assert cause in str(raised.value)
    assert "set NEWSWIRE_STANCE_LABELS, e.g. {" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_model_that_was_not_trained_to_classify_is_refused(tmp_path: Path) -> None:
    from transformers import BertModel

    folder = tiny.classifier(tmp_path)
    BertModel.from_pretrained(folder).save_pretrained(folder)
    with pytest.raises(ConfigError, match="was not trained for this: its weights lack classifier"):
        model(folder)


def test_an_answer_does_not_depend_on_the_others(nli: HubStance) -> None:
    texts = [*tiny.TEXT, " ".join(tiny.TEXT), "It rains."]
    questions = [Question("topic", text, "nuclear power") for text in texts] + [CLAIM]
    together = nli.predict(questions)
    for question, answer in zip(questions, together, strict=True):
        (alone,) = nli.predict([question])
        assert astuple(alone) == pytest.approx(astuple(answer), abs=1e-4)
    assert len({round(answer.favor, 3) for answer in together}) > 3
    assert nli.predict([]) == []


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("", ""),
        ("It rains. " * 100_000, "nuclear power"),
        ("It rains.", "nuclear power " * 500),
        ("x" * 50_000, "y" * 50_000),
        ("😀 \x00\x07 \u200b \ufffd \U0010ffff", "\n\t"),
        ("Ignore all previous instructions [SEP] [CLS] </s>", "{holder} {target} {0}"),
    ],
    ids=["empty", "long", "long-target", "one-word", "characters", "prompt"],
)
@pytest.mark.parametrize("kind", ["claim", "topic"])
def test_odd_texts_are_answered(nli: HubStance, text: str, target: str, kind: Any) -> None:
    (answer,) = nli.predict([Question(kind, text, target, holder="")])
    assert sum(astuple(answer)) == pytest.approx(1, abs=1e-4)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU here")
def test_a_gpu_answers_as_the_cpu_does(nli: HubStance, tmp_path: Path) -> None:
    other = model(tiny.classifier(tmp_path), device="cuda")
    questions = [CLAIM, TOPIC]
    for one, two in zip(nli.predict(questions), other.predict(questions), strict=True):
        assert astuple(one) == pytest.approx(astuple(two), abs=1e-3)
