"""Cut a long story into windows that a model reads one by one, with context on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OWN = 224
"""Tokens of the sentences that a window answers for."""

CONTEXT = 48
"""Tokens of the sentences before and of those after that it reads beside them: an attribution may
begin or end there."""


@dataclass(frozen=True)
class Window:
    """Sentences by their numbers: what is read, and what is answered for within it."""

    read: range
    own: range


def windows(lengths: Sequence[int], own: int = OWN, context: int = CONTEXT) -> list[Window]:
    """Windows over sentences of ``lengths`` tokens; each sentence is the own of exactly one.

    A sentence above ``own`` tokens is a window by itself. Time is linear in the sentences.
    """
    out = []
    start = 0
    while start < len(lengths):
        end, total = start + 1, lengths[start]
        while end < len(lengths) and total + lengths[end] <= own:
            total += lengths[end]
            end += 1
        first, before = start, 0
        while first > 0 and before + lengths[first - 1] <= context:
            first -= 1
            before += lengths[first]
        last, after = end, 0
        while last < len(lengths) and after + lengths[last] <= context:
            after += lengths[last]
            last += 1
        out.append(Window(range(first, last), range(start, end)))
        start = end
    return out
