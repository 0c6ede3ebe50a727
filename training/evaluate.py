"""Score the models that ship on any file in the corpora's form. Needs no torch.

    python -m training.evaluate stance --data FILE.jsonl[.gz] [--part dev] [--json]
    python -m training.evaluate summary --data FILE.jsonl[.gz] --predictions OUT.jsonl

Without ``--part`` every row counts; with it, the part that training held back for selection
(``dev``) or learnt from (``train``). Rows without a label or a summary are predicted too.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from newswire.config import ROOT
from newswire.enrichment.shipped import Shipped
from newswire.errors import ConfigError, NewswireError
from training.evaluate_quotes import quotes
from training.evaluate_speakers import speakers
from training.evaluate_stance import stance
from training.evaluate_summary import summary
from training.predictions import predictions_to

Scores = dict[str, dict[str, float | int | str]]
"""Of each corpus, by its ``source``; the 95 % interval of a figure is ``"FIGURE, 95 %"``."""

INTERVAL = ", 95 %"

Evaluate = Callable[[Path, Shipped, str | None, int | None], tuple[Scores, list[dict[str, object]]]]
"""A file, the models, a part and how many rows at most; scores, and an answer for each row."""

TASKS: Mapping[str, Evaluate] = {
    "stance": stance,
    "quotes": quotes,
    "speakers": speakers,
    "summary": summary,
}


def show(scores: Scores, out: TextIO) -> None:
    """Print the scores as a table, a row for each corpus."""
    names = list(dict.fromkeys(name for row in scores.values() for name in row))
    columns = [own for own in names if own.removesuffix(INTERVAL) not in set(names) - {own}]
    table = Table("corpus", *columns)
    for source, row in scores.items():
        table.add_row(source, *(_cell(row, name) for name in columns))
    Console(file=out, width=40 + 20 * len(columns)).print(table)


def _cell(row: Mapping[str, float | int | str], name: str) -> str:
    """A figure, and its interval where it has one."""
    value = row.get(name, "")
    said = f"{value:.3f}" if isinstance(value, float) else str(value)
    interval = row.get(f"{name}{INTERVAL}")
    return said if interval is None else f"{said} ({interval})"


def at_least_one(stated: str) -> int:
    """How many rows, as it is written on the command line.

    Raises:
        ArgumentTypeError: it isn't a number from 1 on.
    """
    if not stated.isdecimal() or int(stated) < 1:
        raise argparse.ArgumentTypeError(f"{stated!r} is no number from 1 on")
    return int(stated)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--data", type=Path, required=True, help="JSONL, gzip or plain")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--part", choices=("train", "dev"), help="only the rows of this part")
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")
    parser.add_argument("--predictions", type=Path, help="where to write each row's answer")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--limit", type=at_least_one, help="only the first rows")
    options = parser.parse_args(arguments)
    try:
        # Opened first: nobody wants to learn after an hour that there is no such folder.
        with predictions_to(options.predictions, options.data) as out:
            models = Shipped.load(options.models, options.threads)
            scores, predictions = TASKS[options.task](
                options.data, models, options.part, options.limit
            )
            if not predictions:
                which = f"{options.part} rows" if options.part else "rows"
                raise ConfigError(f"{options.data} has no {which}")
            if out:
                out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in predictions)
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.json:
        sys.stdout.write(json.dumps(scores, indent=2) + "\n")
    elif scores:
        show(scores, sys.stdout)
    else:
        sys.stderr.write(f"nothing to score: no row of {options.data} states what is right\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
