"""Which story is a duplicate of which, and which thread it belongs to. Pure: no index, no order.

Each link of a story follows from the stories before it alone: the *earliest* of those that are the
same copy (``duplicate_of``), and of those that tell the same event (``thread_id``). A link never
depends on another link, so that whatever came first, the links end the same. The numbers are
measured: docs/decisions/0010-duplicates-and-threads.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from newswire.stories.shingles import Signature, containment, similarity, words_of

COPY_DAYS = timedelta(days=30)
"""How far apart two stories of the same copy may be created: outlets print a feature for weeks."""
THREAD_DAYS = timedelta(days=3)
"""How far apart two tellings of one event may be."""

SAME_COPY = 0.6
"""Jaccard similarity of the same copy. Forms that are filled in every day reach 0.55."""
CUT_COPY, CONTAINED = 0.35, 0.8
"""An outlet cuts from below: similarity of what is left, and how much of it the longer one has."""
SHARED_COPY = 0.3
"""Jaccard similarity of two stories that share a background: the same event, told further."""
SAME_EVENT = 0.7
"""Cosine of the embeddings of one event's stories, ..."""
HEADLINE_WORDS, HEADLINE_SHARE = 2, 0.3
"""... whose headlines share so many words, and such a part of the shorter one's."""

_SHORTEST_WORD = 4
"""Of a headline's words: shorter ones are mostly articles and prepositions, in most languages."""

Vector = npt.NDArray[np.float32]


class Order(NamedTuple):
    """What is earlier. No two stories are equal, and Elasticsearch can sort by the same."""

    first_created: int
    """Milliseconds since 1970."""
    no_lineage: bool
    name: str
    """The lineage, or else the id."""


@dataclass(frozen=True)
class Telling:
    """What of a usable story decides its links."""

    key: str
    order: Order
    copy: Signature | None
    headline: frozenset[str]
    """As :func:`headline_words` has it."""
    embedding: Vector | None
    """Of unit length."""


class Links(NamedTuple):
    """The links of one story."""

    duplicate_of: str | None
    """Key of the earliest story of the same copy; ``None``: this one is it."""
    thread_id: str
    """Key of the earliest story of the same event: its own, where it is the first."""


def links(story: Telling, others: Iterable[Telling]) -> Links:
    """The links of a story among others; those that came later mean nothing to it."""
    earlier = sorted(
        (one for one in others if one.order < story.order and one.key != story.key),
        key=lambda one: one.order,
    )
    # Of hundreds of copies the first is found at once.
    origin = next((one for one in earlier if same_copy(story, one)), None)
    first = next((one for one in earlier if same_event(story, one)), story)
    return Links(origin.key if origin else None, first.key)


def same_copy(later: Telling, earlier: Telling) -> bool:
    """Whether the later story is the earlier one's copy: as it was, edited a little, or cut.

    A later story that holds the earlier one and more is news of its own.
    """
    if later.copy is None or earlier.copy is None or _apart(later, earlier) > COPY_DAYS:
        return False
    alike = similarity(later.copy, earlier.copy)
    return alike >= SAME_COPY or (
        alike >= CUT_COPY and containment(later.copy, earlier.copy) >= CONTAINED
    )


def same_event(one: Telling, other: Telling) -> bool:
    """Whether two stories tell one event: by their copy, or their meaning and their headlines."""
    if same_copy(one, other) or same_copy(other, one):
        return True
    if _apart(one, other) > THREAD_DAYS:
        return False
    if one.copy and other.copy and similarity(one.copy, other.copy) >= SHARED_COPY:
        return True
    if one.embedding is None or other.embedding is None:
        return False
    shared = len(one.headline & other.headline)
    return (
        shared >= HEADLINE_WORDS
        and shared >= HEADLINE_SHARE * min(len(one.headline), len(other.headline))
        and float(one.embedding @ other.embedding) >= SAME_EVENT
    )


def headline_words(headline: str) -> frozenset[str]:
    """The words of a headline that say what it is about."""
    return frozenset(
        word
        for word in words_of(headline)
        if len(word) >= _SHORTEST_WORD or word.isdigit() or not word.isascii()
    )


def _apart(one: Telling, other: Telling) -> timedelta:
    return timedelta(milliseconds=abs(one.order.first_created - other.order.first_created))
