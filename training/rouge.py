"""ROUGE-1 F1 and the greedy oracle, without stemming: for comparison within this project.

Published figures are of ROUGE-1.5.5 with stemming and lie a point or two above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words that ROUGE counts."""
    return _WORD.findall(text.lower())


def _f1(common: int, made: int, wanted: int) -> float:
    return 2 * common / (made + wanted) if made + wanted else 0.0


def rouge1(summary: str, reference: str) -> float:
    """F1 of unigrams, 0 to 1 (Lin, 2004)."""
    made, wanted = Counter(words(summary)), Counter(words(reference))
    return _f1((made & wanted).total(), made.total(), wanted.total())


def oracle(sentences: Sequence[str], reference: str, most: int = 3) -> list[int]:
    """The sentences that a greedy search takes to raise ROUGE-1 + ROUGE-2 (Nallapati et al., 2017).

    Returns:
        Numbers of sentences, in the order in which they were taken.
    """
    wanted = words(reference)
    wanted1, wanted2 = Counter(wanted), Counter(pairwise(wanted))
    grams = []
    for sentence in sentences:
        own = words(sentence)
        grams.append((Counter(own), Counter(pairwise(own))))
    taken: list[int] = []
    sum1: Counter[str] = Counter()
    sum2: Counter[tuple[str, str]] = Counter()
    best = 0.0
    while len(taken) < most:
        scored = []
        for number, (one, two) in enumerate(grams):
            if number in taken:
                continue
            all1, all2 = sum1 + one, sum2 + two
            value = _f1((all1 & wanted1).total(), all1.total(), wanted1.total()) + _f1(
                (all2 & wanted2).total(), all2.total(), wanted2.total()
            )
            scored.append((value, -number))
        if not scored or max(scored)[0] <= best:
            break
        best, minus = max(scored)
        taken.append(-minus)
        sum1 += grams[-minus][0]
        sum2 += grams[-minus][1]
    return taken
