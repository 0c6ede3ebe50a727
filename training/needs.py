"""See that the corpora of a training are there, before torch is installed for it.

    python -m training.needs TASK [--data DIR]

One line names what is missing, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from training.paths import CORPORA
from training.questions import FILES
from training.taught.climate import NEWS

NEEDS = {
    "stance": (*FILES, *NEWS),
    "quotes": ("quotes_polnear", "mentions_gum"),
    "mentions": ("mentions_gum", "summ_cnndm_more"),
    "summary": ("summ_cnndm_more", "summ_inshorts"),
}
"""Of each training: the names of its corpora's files, without ``.jsonl.gz``."""


def missing(task: str, data: Path) -> list[str]:
    """The files of a training that ``data`` lacks."""
    return [name for own in NEEDS[task] if not (data / (name := f"{own}.jsonl.gz")).is_file()]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task", choices=NEEDS)
    parser.add_argument("--data", type=Path, default=CORPORA)
    options = parser.parse_args(arguments)
    gone = missing(options.task, options.data)
    if gone:
        sys.stderr.write(
            f"the corpora of {options.task} are missing: {options.data} has no {', '.join(gone)}; "
            "name their folder: make … DATA=FOLDER\n"
        )
    return int(bool(gone))


if __name__ == "__main__":
    sys.exit(main())
