"""The mean of several trainings' weights: a model that keeps what each of them does best.

    python -m training.average OUT WEIGHTS=SHARE…

Of trainings that went on from one another ("model soups", Wortsman et al., 2022). Needs the extra
``train``.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor


def average(parts: Sequence[tuple[Mapping[str, Tensor], float]]) -> dict[str, Tensor]:
    """Each weight's mean; the shares sum to 1. What all have alike, as a frozen layer, stays."""
    first, _ = parts[0]
    return {
        name: weight
        if all(torch.equal(own[name], weight) for own, _ in parts)
        else torch.stack([own[name] * share for own, share in parts]).sum(0)
        for name, weight in first.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("weights", nargs="+", metavar="WEIGHTS=SHARE")
    options = parser.parse_args(arguments)
    named = [own.rpartition("=") for own in options.weights]
    shares = [float(share) for _, _, share in named]
    if not math.isclose(sum(shares), 1):
        parser.error(f"the shares sum to {sum(shares):g}, not to 1")
    files = [torch.load(file, weights_only=True) for file, _, _ in named]
    torch.save(average(list(zip(files, shares, strict=True))), options.out)


if __name__ == "__main__":
    main()
