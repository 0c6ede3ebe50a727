"""Pairs whose passage says nothing of the target, for the label ``unrelated``.

The corpora have few. A passage drawn blindly from another target's is told apart by its words
alone; what the gate lets through shares a word with the target. So half of the pairs are *hard*:
the passage has a word of the target, and was said of another one that has none.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from newswire.enrichment.question import content_words
from training.questions import LABELS, Row

_MANY, _FEW = 10, 40
"""A word that more than one target of so many has, as "should", says nothing; to make a hard pair
it is to be rarer."""
_TRIES = 40
"""Passages that are looked at for a hard pair before its target is given up."""


def unrelated(rows: Sequence[Row], shares: Mapping[str, int], seed: int) -> Iterator[Row]:
    """Pairs of a target of ``rows`` with another's passage: half blind, half hard.

    Args:
        rows: A training part.
        shares: How many pairs of each kind of question; for a hard one that isn't found there is
            none.
        seed: Of the choice.
    """
    chance = random.Random(seed)
    for kind, most in shares.items():
        # GWSD has one target, whatever the passage.
        own = [row for row in rows if row.question.kind == kind and row.source != "GWSD"]
        if not own:
            continue
        words = {row.question.target: content_words(row.question.target) for row in own}
        says = _words_of_few(words, _MANY)
        tells = _words_of_few(words, _FEW)
        for number in range(most):
            one = chance.choice(own)
            tries = 1 if number % 2 else _TRIES
            for other in (chance.choice(own) for _ in range(tries)):
                target, others = words[one.question.target], words[other.question.target]
                if target & others & says or one.question.target == other.question.target:
                    continue
                if tries > 1 and not target & tells & content_words(other.question.text):
                    continue
                question = replace(one.question, text=other.question.text)
                label = LABELS.index("unrelated")
                yield replace(one, id=f"{one.id}-off", question=question, label=label, chances=None)
                break


def _words_of_few(words: Mapping[str, set[str]], share: int) -> set[str]:
    """The words that not more than one target of ``share`` has, and those of a single one."""
    often = Counter(word for own in words.values() for word in own)
    return {word for word, count in often.items() if count == 1 or count * share <= len(words)}
