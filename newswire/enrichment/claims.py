"""What the body of a story says of a claim: agree, disagree, discuss, or unrelated to it.

    claim, body -> the sentences that may speak of it -> is one close to it? -> stance -> evidence

The labels are those of the Fake News Challenge, on whose training part the stance model learnt the
kind of question ``report``: ``discuss`` is a story that reports the claim and takes no side.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from newswire.config import Settings
from newswire.enrichment.claims_said import ClaimLabel, ClaimProbabilities, Judgement
from newswire.enrichment.hub import configured_models
from newswire.enrichment.question import PASSAGE_WORDS, Question, nearest, share
from newswire.enrichment.reading import other_language, sentences_of
from newswire.enrichment.runtime import Floats
from newswire.enrichment.shipped import Shipped
from newswire.enrichment.stance import Answer, StanceModel
from newswire.errors import NewswireError
from newswire.stories.enriched import ModelRevision, ScoredSpan, Span
from newswire.stories.model import Story

FEWEST_WORDS = 3
"""Of a claim: it says something of somebody. "Weather" and "In brief" claim nothing."""
MOST_WORDS = 60
"""Of a claim. The model reads some 45 words of one; the longest headline of FNC-1 has 40."""
FEWEST_LETTERS = 20
"""From which on the language of a claim is detected. Of 594 headlines of FNC-1 that are English and
have as many, none is taken for another language with the certainty that is asked for."""

NEAR = 0.45
"""Cosine of the claim and the closest of the sentences that may speak of it, and ..."""
SHARED = 1 / 3
"""... part of its words that they have, from which on the stance model is asked. Of FNC-1's
development part they keep 0.92 of the bodies that speak of a headline, and at most 0.02 of the
unrelated ones, which are picked blindly. Of those that are of another event and closest to it in
meaning the model then takes 0.15 for related; 0.22 without the words."""
SURE = 0.5
"""Probability of a side from which it is taken: by the passages together, and by one sentence of
its own. Else the body only discusses the claim. Of bodies of another event 0.03 get a side then,
0.06 without; of those that agree 0.66 are found, 0.74 without."""

MOST_EVIDENCE = 2
_ASKED_AGAIN = 4
"""Sentences of a passage that are asked one by one for the evidence: those closest to the claim."""


class ClaimRefused(NewswireError):
    """A text that can't be judged as a claim, now or later."""


def read_claim(text: str) -> str:
    """A claim as it is asked: on one line, without control characters.

    Raises:
        ClaimRefused: it is no statement of a sensible length, or not English.
    """
    shown = "".join(" " if unicodedata.category(own) in ("Cc", "Cs") else own for own in text)
    claim = " ".join(shown.split())
    words = [word for word in claim.split() if any(map(str.isalpha, word))]
    if not words:
        raise ClaimRefused("a claim without words", "state who did what")
    if len(words) > MOST_WORDS:
        raise ClaimRefused(
            f"a claim of {len(words):,} words, over the limit of {MOST_WORDS}",
            "hand in the one sentence that matters",
        )
    if (language := other_language(claim, FEWEST_LETTERS)) is not None:
        raise ClaimRefused(
            f"the claim reads as another language ({language}); nothing is judged",
            "the models read English",
        )
    if len(words) < FEWEST_WORDS:
        raise ClaimRefused(
            f"{claim!r} states nothing: a claim has {FEWEST_WORDS} words or more",
            "say who did what",
        )
    return claim


class ClaimJudge:
    """The judge that ships: loads the models once.

    What a body gets depends on it and the claim alone. The time for one is bounded: two passages,
    and at most :data:`_ASKED_AGAIN` sentences of them.
    """

    def __init__(self, models: Path, threads: int = 0, stance: StanceModel | None = None) -> None:
        """Load the models.

        Args:
            models: The folder that holds ``models.json``.
            threads: 0: as many as this process may use.
            stance: Another stance model; None: the one that ships.

        Raises:
            ConfigError: where a file of the models is missing or not the one it was.
        """
        shipped = Shipped.load(models, threads)
        self._encoder = shipped.encoder
        self._stance = stance or shipped.stance
        own = {model.task: model for model in shipped.manifest.revisions()}
        # The stem is the shipped stance model's lower half: other answers come of another one.
        used = ["encoder", "stem"] if stance is None else ["encoder"]
        self.models: tuple[ModelRevision, ...] = (
            *(own[task] for task in used),
            ModelRevision(task="stance", name=self._stance.name, revision=self._stance.revision),
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The judge that the settings describe.

        Raises:
            ConfigError: where the models are at fault.
        """
        stance, _ = configured_models(settings.model_copy(update={"summary_model": None}))
        return cls(settings.models_dir, settings.enrich_threads, stance)

    def vector(self, claim: str) -> list[float]:
        """See :class:`~newswire.enrichment.claims_said.Judge`."""
        ((piece,),) = self._encoder.encode([[claim]])
        return [float(value) for value in piece.vector]

    def judge(self, claim: str, stories: Sequence[Story]) -> list[Judgement]:
        """See :class:`~newswire.enrichment.claims_said.Judge`."""
        bodies = [_Body.of(story, claim) for story in stories]
        encoded = self._encoder.encode([[claim, *body.texts] for body in bodies])
        out = []
        for body, (asked, *pieces) in zip(bodies, encoded, strict=True):
            if not pieces:
                out.append(_UNRELATED)
                continue
            closeness = np.array([piece.vector for piece in pieces], np.float32) @ asked.vector
            out.append(self._judge(claim, body, closeness))
        return out

    def _judge(self, claim: str, body: _Body, closeness: Floats) -> Judgement:
        if closeness.max() < NEAR or share(body.texts, claim) < SHARED:
            return _UNRELATED
        together = _mean(
            self._stance.predict(
                [Question("report", text, claim) for text in dict.fromkeys(body.passages)]
            )
        )
        label = _label(together)
        if label == "unrelated":
            return Judgement(label=label, probabilities=together)
        # Rounded, so that the order doesn't hang on the last bit of a product.
        order = sorted(range(len(body.spans)), key=lambda at: (-round(float(closeness[at]), 4), at))
        close = [at for at in order[:_ASKED_AGAIN] if closeness[at] >= NEAR]
        answers = self._stance.predict(
            [Question("headline", body.spans[at].text, claim) for at in close]
        )
        alone = [(body.spans[at], _mean([own])) for at, own in zip(close, answers, strict=True)]
        shown = alone
        if label in ("agree", "disagree"):
            shown = [one for one in alone if getattr(one[1], label) >= SURE]
            if not shown or getattr(together, label) < SURE:
                shown, label = alone, "discuss"
        return Judgement(
            label=label,
            probabilities=together,
            evidence=tuple(
                ScoredSpan(**span.model_dump(), score=getattr(own, label))
                for span, own in shown[:MOST_EVIDENCE]
            ),
        )


@dataclass(frozen=True)
class _Body:
    """The sentences of a body that may speak of a claim."""

    spans: tuple[Span, ...]
    """Those of both passages, in order."""
    passages: tuple[str, ...]
    """What has most to do with the claim, as the model was trained on it; and the top."""

    @property
    def texts(self) -> list[str]:
        return [span.text for span in self.spans]

    @classmethod
    def of(cls, story: Story, claim: str) -> Self:
        spans = tuple(sentences_of(story))
        near = nearest([span.text for span in spans], claim) if spans else []
        top = _top(spans)
        return cls(
            tuple(spans[at] for at in sorted({*near, *top})),
            tuple(" ".join(spans[at].text for at in chosen) for chosen in (near, top)),
        )


def _top(spans: Sequence[Span]) -> range:
    """As many sentences from the top as a passage has words for, at least one."""
    room = PASSAGE_WORDS
    for number, span in enumerate(spans):
        room -= len(span.text.split())
        if room < 0:
            return range(max(1, number))
    return range(len(spans))


_UNRELATED = Judgement(label="unrelated")


def _mean(answers: Sequence[Answer]) -> ClaimProbabilities:
    """The mean of the passages' answers: on FNC-1's development part worth a point of macro-F1."""
    favor, against, unrelated = (
        round(sum(getattr(answer, name) for answer in answers) / len(answers), 4)
        for name in ("favor", "against", "unrelated")
    )
    return ClaimProbabilities(
        agree=favor,
        disagree=against,
        discuss=round(max(0.0, 1 - favor - against - unrelated), 4),
        unrelated=unrelated,
    )


def _label(probabilities: ClaimProbabilities) -> ClaimLabel:
    """The likeliest; of equals, the one that claims least."""
    labels: tuple[ClaimLabel, ...] = ("unrelated", "discuss", "agree", "disagree")
    return max(labels, key=lambda label: float(getattr(probabilities, label)))
