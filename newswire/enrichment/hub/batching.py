"""Rows of like length together: what a padded model runs at once."""

from __future__ import annotations

from collections.abc import Sequence


def batches(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Group the numbers of rows so that a padded batch holds at most ``budget`` tokens.

    Sorted by length first, so that little is padding. A row above the budget stands alone.
    """
    out: list[list[int]] = []
    for number in sorted(range(len(lengths)), key=lambda n: (lengths[n], n)):
        if out and lengths[number] * (len(out[-1]) + 1) <= budget:
            out[-1].append(number)
        else:
            out.append([number])
    return out
