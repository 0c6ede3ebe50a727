"""Any NLI or classification model as a stance model.

An **NLI model** (labels ``entailment``, ``contradiction``, ``neutral``) is asked whether the
passage entails a hypothesis. Of a proposition that is the proposition itself: entailed is
``favor``, contradicted ``against``. Of anything else it is two, :data:`HYPOTHESES`, and the answer
is the mean of both: one that says yes to whatever it is asked takes no side.

A **classification model** reads the passage and the target as a pair. Its labels are taken by their
names (:data:`NAMES`), or as ``NEWSWIRE_STANCE_LABELS`` maps them; labels that mean the same add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
import transformers

from newswire.enrichment.hub import loading
from newswire.enrichment.hub.batching import batches
from newswire.enrichment.question import Question
from newswire.enrichment.runtime import Floats
from newswire.enrichment.stance import Answer

HYPOTHESES = ("{holder} is in favor of {target}.", "{holder} is against {target}.")
"""``holder`` is the speaker, where the question has one, else "The author"."""

NAMES: Mapping[str, frozenset[str]] = {
    "favor": frozenset("favor favour for pro support supports agree agrees positive".split()),
    "against": frozenset(
        "against con oppose opposes deny denies refute refutes undermine disagree disagrees "
        "negative".split()
    ),
    "neutral": frozenset(
        "neutral none neither discuss comment query observing other "
        "no-stance not-enough-info".split()
    ),
    "unrelated": frozenset({"unrelated", "off-topic", "irrelevant"}),
    "entailment": frozenset({"entailment", "entail", "entails"}),
    "contradiction": frozenset({"contradiction", "contradict", "contradicts"}),
}
"""Names of labels, in lower case, that say what they mean."""

_SIDES = ("favor", "against", "neutral", "unrelated")
_ENTAILS = {"entailment": "favor", "contradiction": "against", "neutral": "neutral"}

LONGEST_CHARACTERS = 20_000
"""Of a passage that are tokenised: far more than :data:`~newswire.enrichment.hub.loading.LONGEST`
tokens have."""


class HubStance:
    """See :class:`newswire.enrichment.stance.StanceModel`; its probabilities are not calibrated."""

    def __init__(
        self, found: loading.Found, device: str, batch_tokens: int, labels: Mapping[str, str]
    ) -> None:
        """Load the model and try it once.

        Args:
            found: Where it is.
            device: Of torch.
            batch_tokens: Padded tokens of one batch.
            labels: What each of its labels means, for those whose names don't say it.

        Raises:
            ConfigError: it is no such model, or its labels can't be told.
        """
        self.name = found.name
        self.revision = found.revision
        self._device = device
        self._batch_tokens = batch_tokens
        config = loading.config(found)
        meanings = _meanings(found, config, labels)
        self._is_nli = "entailment" in meanings
        sides = [_ENTAILS[own] if self._is_nli else own for own in meanings]
        self._sides = np.array([[own == side for side in _SIDES] for own in sides], np.float32)
        self._tokenizer = loading.tokenizer(found)
        self._longest = loading.longest(config, self._tokenizer)
        self._model = loading.model(
            found, transformers.AutoModelForSequenceClassification, self._device
        )
        trial = [Question("claim", "It rains.", "It rains."), Question("topic", "A. " * 9, "rain")]
        loading.tried(found, lambda: self.predict(trial))

    def predict(self, questions: Sequence[Question]) -> list[Answer]:
        """See :class:`newswire.enrichment.stance.StanceModel`."""
        asked = [self._pairs(question) for question in questions]
        rows = iter(self._run([pair for pairs in asked for pair in pairs]))
        out = []
        for pairs in asked:
            for_it = next(rows)
            if len(pairs) == 2:
                favor, against, neutral, unrelated = next(rows)
                for_it = (for_it + np.array([against, favor, neutral, unrelated])) / 2
            out.append(Answer(*map(float, for_it)))
        return out

    def _pairs(self, question: Question) -> list[tuple[str, str]]:
        """What is read for one question: the passage, and what it is held against."""
        passage = question.text[:LONGEST_CHARACTERS]
        if not self._is_nli:
            asked, _ = question.pair
            return [(passage, asked)]
        if question.kind in ("claim", "report", "headline") and not question.holder:
            return [(passage, question.target)]
        holder = question.holder or "The author"
        return [(passage, own.format(holder=holder, target=question.target)) for own in HYPOTHESES]

    def _run(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Probabilities ``[pairs, 4]`` in the order favor, against, neutral, unrelated."""
        if not pairs:
            return np.zeros((0, len(_SIDES)), np.float32)
        read = self._tokenizer(
            [passage for passage, _ in pairs],
            [other[:LONGEST_CHARACTERS] for _, other in pairs],
            truncation="longest_first",
            max_length=self._longest,
        )
        rows = [dict(zip(read, values, strict=True)) for values in zip(*read.values(), strict=True)]
        out = np.zeros((len(pairs), len(_SIDES)), np.float32)
        for group in batches([len(row["input_ids"]) for row in rows], self._batch_tokens):
            inputs: Any = self._tokenizer.pad([rows[at] for at in group], return_tensors="pt")
            with torch.inference_mode():
                logits = self._model(**inputs.to(self._device)).logits
                chances = torch.softmax(logits.float(), dim=-1)
            out[group] = chances.cpu().numpy() @ self._sides
        return out


def _meanings(found: loading.Found, config: Any, labels: Mapping[str, str]) -> list[str]:
    """What each output of the model means, in its order."""
    names = [str(config.id2label[number]) for number in range(config.num_labels)]
    remedy = (
        'set NEWSWIRE_STANCE_LABELS, e.g. {"' + names[0] + '": "favor"}, for each of them: favor, '
        "against, neutral or unrelated, or entailment, contradiction or neutral"
    )
    if unknown := sorted(set(labels) - set(names)):
        raise found.wrong(f"has no label {unknown[0]!r}: it has {', '.join(names)}", remedy)
    meanings = [labels.get(name) or _meaning(name) for name in names]
    if unclear := [name for name, own in zip(names, meanings, strict=True) if own is None]:
        raise found.wrong(f"has labels that don't say what they mean: {', '.join(unclear)}", remedy)
    told = [own for own in meanings if own is not None]
    nli, sides = {"entailment", "contradiction"}, {"favor", "against"}
    if not (nli <= set(told) and not sides & set(told)) and not (
        sides <= set(told) and not nli & set(told)
    ):
        raise found.wrong(
            f"has the labels {', '.join(names)}: neither for and against, nor entailment and "
            "contradiction",
            remedy,
        )
    return told


def _meaning(name: str) -> str | None:
    plain = "-".join(name.lower().replace("_", " ").split())
    return next((meaning for meaning, names in NAMES.items() if plain in names), None)
