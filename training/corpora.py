"""The stance corpora in one form, and the parts that training and selection may see.

Labels are mapped to favor, against and neutral as follows. The mapping keeps what a corpus asks;
where "neutral" means something else in each corpus, that is said here rather than hidden.

===========  ===================  ==============================================================
corpus       favor / against      neutral
===========  ===================  ==============================================================
NewsMTSC     positive / negative  neutral: no sentiment toward the person or organisation named.
                                  Sentiment, not stance toward a proposition.
VAST         pro / con            neutral: nearly always a topic that the text is not about
Perspectrum  SUPPORT / UNDERMINE  none
IBM claims   PRO / CON            none
Emergent     for / against        observing: the headline reports the claim, and takes no side
GWSD         agree / disagree     neutral, by the judgement of eight annotators
FNC-1        agree / disagree     discuss; the rows that are unrelated are left out
Directed     positive / negative  neutral: no stance of the holder that the row names. The holder is
                                  not shown to the model: any stance in the sentence counts.
PerSenT      Positive / Negative  Neutral; whole stories; only measured, never trained on
===========  ===================  ==============================================================
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from newswire.errors import ConfigError

Part = Literal["train", "dev"]

LABELS = ("favor", "against", "neutral")
"""The order of the head's outputs."""

NAMES: Mapping[str, tuple[str, str, str | None]] = {
    "NewsMTSC": ("positive", "negative", "neutral"),
    "VAST": ("pro", "con", "neutral"),
    "Perspectrum": ("SUPPORT", "UNDERMINE", None),
    "IBM-ClaimStance": ("PRO", "CON", None),
    "Emergent": ("for", "against", "observing"),
    "GWSD": ("agree", "disagree", "neutral"),
    "FNC-1": ("agree", "disagree", "discuss"),
    "DirectedSentiment": ("positive", "negative", "neutral"),
    "PerSenT": ("Positive", "Negative", "Neutral"),
}
"""A corpus's own names of :data:`LABELS`, by the ``source`` of its rows."""

UNSCORED = {"FNC-1": {"unrelated"}}
"""Labels that are another question: whether a text is about the target at all, which the gate
answers. Such rows are read as rows without a label."""

TRAINED = {
    "newsmtsc": "stance_newsmtsc.jsonl.gz",
    "vast": "stance_vast.jsonl.gz",
    "perspectrum": "stance_perspectrum.jsonl.gz",
    "ibm_claim": "stance_ibm_claim.jsonl.gz",
    "emergent": "stance_emergent.jsonl.gz",
    "gwsd": "stance_gwsd.jsonl.gz",
}
"""The files of the first stage of training, by what they are called here."""

NEWS = {
    "FNC-1": "stance_fnc1.jsonl.gz",
    "DirectedSentiment": "stance_directed.jsonl.gz",
}
"""The files that the second stage adds, by their ``source``."""

DEV_SHARE = 5
"""One group of so many is held back where a corpus has no development part."""


@dataclass(frozen=True)
class StanceRow:
    """One question of a corpus: what does ``text`` say for or against ``target``?"""

    id: str
    target: str
    text: str
    source: str
    label: int | None
    """Index into :data:`LABELS`; None where the row states none."""
    part: Part | None
    """None: neither, as a test part."""


def read_rows(path: Path) -> Iterator[dict[str, object]]:
    """The rows of a JSONL file, gzip or plain.

    Raises:
        ConfigError: naming the file or the line that can't be read.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise ConfigError(f"{path}:{number}: not JSON: {error}") from None
                if not isinstance(row, dict):
                    raise ConfigError(f"{path}:{number}: not a JSON object")
                yield row
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read: {error}", "name the corpora with --data"
        ) from error


def held_back(group: str) -> bool:
    """Whether a group (a target, a claim, an article) is in the made development part."""
    return hashlib.sha256(group.encode("utf-8")).digest()[0] % DEV_SHARE == 0


def _part(row: Mapping[str, object], source: str) -> Part | None:
    split = str(row.get("split", ""))
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


def stance_rows(path: Path) -> list[StanceRow]:
    """Read a stance corpus.

    Raises:
        ConfigError: where the file can't be read, or a row lacks id, target or text, or has a
            label that its source doesn't know.
    """
    out = []
    for number, row in enumerate(read_rows(path), 1):
        source = str(row.get("source", ""))
        missing = [name for name in ("id", "target", "text") if not isinstance(row.get(name), str)]
        if missing:
            raise ConfigError(f"{path}: row {number} lacks {', '.join(missing)}")
        names = NAMES.get(source, LABELS)
        label = row.get("label")
        if label in UNSCORED.get(source, ()):
            label = None
        if label is not None and label not in names:
            raise ConfigError(
                f"{path}: row {number}: {label!r} is no label of {source or 'no source'}",
                f"known: {', '.join(name for name in names if name)}",
            )
        out.append(
            StanceRow(
                id=str(row["id"]),
                target=str(row["target"]),
                text=str(row["text"]),
                source=source,
                label=None if label is None else names.index(str(label)),
                part=_part(row, source),
            )
        )
    return out
