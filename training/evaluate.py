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
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from newswire.config import ROOT
from newswire.errors import NewswireError
from training.evaluate_stance import stance
from training.evaluate_summary import summary
from training.shipped import Shipped

Scores = dict[str, dict[str, float | int | str]]
"""Of each corpus, by its ``source``."""


def show(scores: Scores, out: TextIO) -> None:
    """Print the scores as a table, a row for each corpus."""
    columns = list(dict.fromkeys(name for row in scores.values() for name in row))
    table = Table("corpus", *columns)
    for source, row in scores.items():
        table.add_row(
            source,
            *(
                f"{v:.3f}" if isinstance(v := row.get(name, ""), float) else str(v)
                for name in columns
            ),
        )
    Console(file=out, width=40 + 14 * len(columns)).print(table)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("task", choices=("stance", "summary"))
    parser.add_argument("--data", type=Path, required=True, help="JSONL, gzip or plain")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--part", choices=("train", "dev"), help="only the rows of this part")
    parser.add_argument("--json", action="store_true", help="print the scores as JSON")
    parser.add_argument("--predictions", type=Path, help="where to write each row's answer")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--limit", type=int, help="only the first rows")
    options = parser.parse_args(arguments)
    try:
        run = stance if options.task == "stance" else summary
        models = Shipped.load(options.models, options.threads)
        scores, predictions = run(options.data, models, options.part, options.limit)
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.predictions:
        with options.predictions.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in predictions)
    if options.json:
        sys.stdout.write(json.dumps(scores, indent=2) + "\n")
    else:
        show(scores, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
