"""What the models are measured on, and what each figure is to reach: at least, and at best.

Development parts only: what has a test part alone (REALSumm, the summaries of professional writers)
isn't measured here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """One figure of a corpus."""

    measure: str
    """Its name in the scores of :mod:`training.evaluate`; ``over X``: ROUGE-1 above figure X."""
    least: float | None = None
    aim: float | None = None
    low: bool = False
    """Whether less is better."""

    def mark(self, value: float) -> str:
        """``!`` where the least isn't reached, ``+`` where the aim is."""
        sign = -1 if self.low else 1
        if self.least is not None and sign * value < sign * self.least:
            return "!"
        return "+" if self.aim is not None and sign * value >= sign * self.aim else ""


@dataclass(frozen=True)
class Corpus:
    """One file, and the task that it measures."""

    task: str
    file: str
    """Without ``.jsonl.gz``."""
    goals: tuple[Goal, ...]
    part: str = "dev"


def _stance(file: str, *goals: Goal) -> Corpus:
    return Corpus("stance", f"stance_{file}", (*goals, Goal("ECE", 0.05, 0.03, low=True)))


def _summary(file: str, part: str = "dev", *goals: Goal) -> Corpus:
    own = goals or (Goal("ROUGE-1"), Goal("over lead-3"))
    return Corpus("summary", f"summ_{file}", own, part)


CORPORA = (
    _stance("newsmtsc", Goal("macro-F1", 0.80, 0.84)),
    _stance("directed", Goal("macro-F1", 0.66, 0.75), Goal("five classes", 0.46, 0.58)),
    _stance("vast", Goal("macro-F1", 0.70, 0.77)),
    _stance("fnc1", Goal("macro-F1", 0.66, 0.76), Goal("FNC score", 0.86, 0.91)),
    _stance("perspectrum", Goal("macro-F1", 0.76, 0.83)),
    _stance("emergent", Goal("macro-F1", 0.68, 0.74), Goal("accuracy", 0.76, 0.80)),
    _stance("ibm_claim", Goal("macro-F1"), Goal("accuracy", 0.70, 0.78)),
    _stance("gwsd", Goal("macro-F1", 0.65, 0.75)),
    _stance("persent", Goal("macro-F1", 0.42, 0.50)),
    Corpus(
        "quotes",
        "quotes_polnear",
        (
            Goal("source", 0.77, 0.83),
            Goal("cue", 0.69, 0.75),
            Goal("content", 0.60, 0.73),
            Goal("attributed", 0.58, 0.72),
        ),
    ),
    Corpus("speakers", "mentions_gum", (Goal("F1", 0.60, 0.75), Goal("accuracy", 0.60, 0.75))),
    _summary("inshorts", "dev", Goal("ROUGE-1", 48.0, 50.0), Goal("over lead-3")),
    _summary("cnndm_more", "dev", Goal("ROUGE-1"), Goal("over lead-3", 1.2, 4.0)),
    _summary("cnndm", "val"),
    _summary("xsum", "val"),
    _summary("bbc_extractive"),
    Corpus("support", "summ_defacto_factuality", (Goal("balanced"),), "val"),
)
