"""The stance corpora as questions to the cross-encoder, with their labels in one set.

===========  ========  ===================  ===================================  ===============
corpus       kind      favor / against      neutral                              unrelated
===========  ========  ===================  ===================================  ===============
NewsMTSC     name      positive / negative  neutral                              -
Directed     holder    positive / negative  neutral: none of this holder         -
PerSenT      story     Positive / Negative  Neutral                              -
BASIL        story     positive / negative  neutral                              -
VAST         topic     pro / con            neutral where the topic is its own   neutral where the
                                                                                 topic is random
Perspectrum  claim     SUPPORT / UNDERMINE  -                                    another's sentence
IBM claims   claim     PRO / CON            -                                    another's sentence
GWSD         claim     agree / disagree     neutral, as its eight annotators do  -
Emergent     headline  for / against        observing                            another's headline
FNC-1        report    agree / disagree     discuss                              unrelated
===========  ========  ===================  ===================================  ===============

Where a corpus has no ``unrelated``, what the model gives to it counts as neutral; where it has
neither, the sides alone are compared. NewsMTSC, Directed, PerSenT and BASIL are sentiment toward a
name rather than stance toward a proposition: that is why they are kinds of questions of their own.
Nothing is learnt from BASIL, which has a test part alone; it can be scored.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from newswire.enrichment.question import Kind, Question, passage
from newswire.errors import ConfigError
from training.corpora import Id, Part, held_back, read_rows, require, span_of

log = logging.getLogger(__name__)

LABELS = ("favor", "against", "neutral", "unrelated")
"""The order of the model's answers."""

OWN: Mapping[str, Mapping[str, str]] = {
    "NewsMTSC": {"positive": "favor", "negative": "against", "neutral": "neutral"},
    "DirectedSentiment": {"positive": "favor", "negative": "against", "neutral": "neutral"},
    "PerSenT": {"Positive": "favor", "Negative": "against", "Neutral": "neutral"},
    "BASIL": {"positive": "favor", "negative": "against", "neutral": "neutral"},
    "VAST": {"pro": "favor", "con": "against", "neutral": "neutral"},
    "Perspectrum": {"SUPPORT": "favor", "UNDERMINE": "against"},
    "IBM-ClaimStance": {"PRO": "favor", "CON": "against"},
    "GWSD": {"agree": "favor", "disagree": "against", "neutral": "neutral"},
    "Emergent": {"for": "favor", "against": "against", "observing": "neutral"},
    "FNC-1": {
        "agree": "favor",
        "disagree": "against",
        "discuss": "neutral",
        "unrelated": "unrelated",
    },
}
"""A corpus's labels, by the ``source`` of its rows, and ours."""

ANY: Mapping[str, str] = {
    name.casefold(): ours
    for names in ({name: name for name in LABELS}, *OWN.values())
    for name, ours in names.items()
}
"""All of them: what the rows of a source that isn't known may have. None has two meanings."""

_SPELLED = {source.casefold(): source for source in OWN}

KIND_OF: Mapping[str, Kind] = {
    "NewsMTSC": "name",
    "DirectedSentiment": "holder",
    "PerSenT": "story",
    "BASIL": "story",
    "VAST": "topic",
    "Perspectrum": "claim",
    "IBM-ClaimStance": "claim",
    "GWSD": "claim",
    "Emergent": "headline",
    "FNC-1": "report",
}

FILES = (
    "stance_newsmtsc",
    "stance_directed",
    "stance_persent",
    "stance_vast",
    "stance_perspectrum",
    "stance_ibm_claim",
    "stance_gwsd",
    "stance_emergent",
    "stance_fnc1",
)

LONG_WORDS = 150
"""A text of more is a story: toward a name it is asked as one."""

CLAIM_WORDS = 5
"""A target of as many words or more is a claim, where nothing else tells its kind."""


@dataclass(frozen=True)
class Row:
    """One question of a corpus, and what its annotators say."""

    id: str
    source: str
    question: Question
    label: int | None
    """Index into :data:`LABELS`; None where the row states none, or an empty one."""
    part: Part | None
    """None: neither, as a test part."""
    chances: tuple[float, ...] | None = None
    """The distribution of several annotators' labels over :data:`LABELS`, where it is known."""
    number: int | float | None = None
    """The id as it is written, where that is a number: an answer has it so."""


def label_names(source: str) -> Mapping[str, str]:
    """What a corpus calls our labels; as we do where the source isn't known."""
    return OWN.get(source) or {name: name for name in LABELS}


@cache
def _read_as(source: str) -> Mapping[str, int]:
    """Of each label that the rows of a source may have, whatever its case, ours."""
    names = OWN.get(source, ANY)
    return {name.casefold(): LABELS.index(ours) for name, ours in names.items()}


def allowed(source: str) -> tuple[int, ...]:
    """Which of :data:`LABELS` a corpus has."""
    return tuple(sorted(LABELS.index(ours) for ours in set(label_names(source).values())))


def gold_of(row: Row) -> int:
    """The label as the corpus has it: what it has no name for counts as neutral."""
    assert row.label is not None
    return row.label if row.label in allowed(row.source) else LABELS.index("neutral")


def folded(probabilities: np.ndarray, source: str) -> np.ndarray:
    """``[N, 4]`` as the corpus asks: what it can't say is given to what it can, rows sum to 1."""
    own = allowed(source)
    out = probabilities.copy()
    neutral, unrelated = LABELS.index("neutral"), LABELS.index("unrelated")
    if unrelated not in own and neutral in own:
        out[:, neutral] += out[:, unrelated]
    out[:, [n for n in range(len(LABELS)) if n not in own]] = 0
    total = out.sum(1, keepdims=True)
    return np.asarray(out / np.where(total == 0, 1, total), np.float32)


def read_questions(path: Path) -> list[Row]:
    """Read a stance corpus.

    Raises:
        ConfigError: where the file can't be read, or a row lacks id, target or text, or has a
            label that its source doesn't know.
    """
    out = []
    for number, row in enumerate(read_rows(path), 1):
        require(row, {"id": Id, "target": str, "text": str}, f"{path}: row {number}")
        source = str(row.get("source", ""))
        source = _SPELLED.get(source.casefold(), source)
        stated = row.get("label")
        label = _read_as(source).get(str(stated).casefold())
        if label is None and stated not in (None, ""):
            raise ConfigError(
                f"{path}: row {number}: {stated!r} is no label of {source or 'no source'}",
                f"known: {', '.join(OWN.get(source, ANY))}",
            )
        if source == "VAST" and label == LABELS.index("neutral") and row.get("random_target"):
            label = LABELS.index("unrelated")
        identity = row["id"]
        out.append(
            Row(
                id=str(identity),
                source=source,
                question=_question(row, source, f"{path}: row {number}"),
                label=label,
                part=_part(row, source),
                chances=_chances(row, _read_as(source)),
                number=identity if isinstance(identity, int | float) else None,
            )
        )
    return out


def _question(row: Mapping[str, object], source: str, where: str) -> Question:
    text, target = str(row["text"]), str(row["target"])
    speaker = str(row.get("speaker") or "")
    kind = KIND_OF.get(source) or _kind(text, target, speaker)
    if kind == "story":
        title = str(row.get("title") or "")
        return Question("story", passage(f"{title}\n\n{text}".strip(), target), target)
    if kind == "report":
        return Question("report", passage(text, target), target)
    if kind == "holder":
        return Question(
            "holder",
            text,
            target,
            holder=speaker,
            target_span=_mention(row.get("target_span"), text, target, f"{where}: target_span"),
            holder_span=_mention(row.get("speaker_span"), text, speaker, f"{where}: speaker_span"),
        )
    if kind == "name":
        bounds = [row.get("start"), row.get("end")]
        stated = None if bounds == [None, None] else bounds
        span = _mention(stated, text, target, f"{where}: start, end")
        return Question("name", text, target, target_span=span)
    return Question(kind, text, target)


def find_mention(text: str, name: str) -> tuple[int, int] | None:
    """The first place where ``name`` stands as whole words, else its last word; None: nowhere."""
    for phrase in (name, name.rpartition(" ")[2]):
        if phrase:
            found = re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE)
            if found:
                return found.span()
    return None


def _kind(text: str, target: str, speaker: str) -> Kind:
    """Of a question whose corpus isn't known, by its form."""
    if speaker:
        return "holder"
    if len(target.split()) >= CLAIM_WORDS:
        return "report" if len(text.split()) > LONG_WORDS else "claim"
    if target[:1].isupper():
        return "story" if len(text.split()) > LONG_WORDS else "name"
    return "topic"


def _mention(stated: object, text: str, name: str, where: str) -> tuple[int, int] | None:
    """Where a row says that somebody is named; where it doesn't say, the first place.

    What is no span of the text is told and taken for unsaid: its row goes through, as its
    neighbours do.
    """
    if stated is not None:
        try:
            return span_of(stated, text)
        except ValueError as error:
            log.warning("%s: %s; the first place that names %s is taken", where, error, name)
    return find_mention(text, name)


def _chances(row: Mapping[str, object], labels: Mapping[str, int]) -> tuple[float, ...] | None:
    stated = row.get("probs")
    if not isinstance(stated, dict):
        return None
    out = [0.0] * len(LABELS)
    for name, value in stated.items():
        label = labels.get(str(name).casefold())
        if label is not None and isinstance(value, int | float):
            out[label] += float(value)
    return tuple(out) if sum(out) > 0 else None


def _part(row: Mapping[str, object], source: str) -> Part | None:
    split = str(row.get("split", ""))
    if source == "PerSenT":
        # It has no training part: four fifths of its development part are learnt from.
        return None if split != "dev" else "dev" if held_back(str(row["id"])) else "train"
    if split.startswith("dev"):
        return "dev"
    if split != "train":
        return None
    if source in ("IBM-ClaimStance", "Emergent"):
        group = str(row.get("claim_id") or row["target"])
    elif source == "GWSD":
        # One target; its rows come in batches of sentences that were annotated together.
        group = str(row["id"]).rpartition("_")[0]
    elif source == "FNC-1":
        group = str(row.get("body_id", row["text"]))
    else:
        return "train"
    return "dev" if held_back(group) else "train"
