"""Every table of the model cards, from the corpora. Needs no torch.

    python -m training.evaluate_all [--data DIR] [--tasks stance …] [--json DIR] [--limit N]

Each figure stands beside what it is to reach (``training/goals.py``) and its 95 % interval, by a
bootstrap over the rows with a fixed seed. ``!`` marks what the least isn't reached of, ``+`` what
reaches the aim. Exits 1 where a corpus is missing or has nothing to score.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from newswire.config import ROOT
from newswire.enrichment.shipped import Shipped
from newswire.errors import NewswireError
from training import goals
from training.evaluate import INTERVAL, TASKS, Evaluate, Scores, at_least_one, show
from training.evaluate_support import support
from training.goals import Corpus, Goal
from training.paths import CACHE, CORPORA

EVERY: Mapping[str, Evaluate] = {**TASKS, "support": support}


@dataclass(frozen=True)
class Figure:
    """One line of the table of goals."""

    corpus: Corpus
    source: str
    goal: Goal
    value: float
    interval: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As they are printed."""
        wanted = ("" if own is None else f"{own:g}" for own in (self.goal.least, self.goal.aim))
        digits = 1 if abs(self.value) > 1 else 3
        return (
            self.corpus.task,
            f"{self.source} ({self.corpus.part})",
            self.goal.measure,
            f"{self.value:.{digits}f}",
            self.interval,
            *wanted,
            self.goal.mark(self.value),
        )


def figures(corpus: Corpus, scores: Scores) -> list[Figure]:
    """What the scores of a file say to its goals."""
    out = []
    for source, row in scores.items():
        for goal in corpus.goals:
            value = _value(row, goal.measure)
            if value is not None:
                interval = str(row.get(f"{goal.measure}{INTERVAL}", ""))
                out.append(Figure(corpus, source, goal, value, interval))
    return out


def _value(row: Mapping[str, float | int | str], measure: str) -> float | None:
    value = row.get(measure)
    base = row.get(measure.removeprefix("over "))
    if value is None and isinstance(base, float):
        value = float(row["ROUGE-1"]) - base
    return value if isinstance(value, float) else None


def table(lines: Sequence[Figure]) -> Table:
    """All figures beside their goals."""
    out = Table("task", "corpus (part)", "measure", "is", "95 %", "at least", "aim", "")
    for own in lines:
        out.add_row(*own.cells)
    return out


def store(folder: Path, corpus: Corpus, scores: Scores, seconds: float) -> None:
    """Write the scores of one file as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {"task": corpus.task, "file": corpus.file, "part": corpus.part, "seconds": seconds}
    text = json.dumps(made | {"scores": scores}, indent=2, ensure_ascii=False)
    (folder / f"{corpus.task}-{corpus.file}.json").write_text(text + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--tasks", nargs="+", choices=EVERY, default=list(EVERY))
    parser.add_argument("--json", type=Path, default=CACHE / "scores", help="a folder")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--limit", type=at_least_one, help="only the first rows of each file")
    options = parser.parse_args(arguments)
    wanted = [own for own in goals.CORPORA if own.task in options.tasks]
    begin = time.monotonic()
    by_task: dict[str, Scores] = {}
    lines: list[Figure] = []
    missing = []
    empty = []
    try:
        models = Shipped.load(options.models, options.threads)
        for number, corpus in enumerate(wanted, 1):
            file = options.data / f"{corpus.file}.jsonl.gz"
            if not file.is_file():
                missing.append(corpus.file)
                continue
            sys.stderr.write(f"{number} of {len(wanted)}: {corpus.task}, {corpus.file}\n")
            since = time.monotonic()
            scores, _ = EVERY[corpus.task](file, models, corpus.part, options.limit)
            if not scores:
                empty.append(f"{file} has no {corpus.part} rows that say what is right\n")
                continue
            store(options.json, corpus, scores, round(time.monotonic() - since, 1))
            by_task.setdefault(corpus.task, {}).update(scores)
            lines += figures(corpus, scores)
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for task, scores in by_task.items():
        sys.stdout.write(f"\n{task}\n")
        show(scores, sys.stdout)
    if lines:
        Console(width=140).print(table(lines))
        short = [own for own in lines if own.goal.mark(own.value) == "!"]
        minutes = (time.monotonic() - begin) / 60
        sys.stdout.write(
            f"{len(short)} of {len(lines)} short of the least; {minutes:.1f} minutes\n"
        )
    if missing:
        sys.stderr.write(
            f"missing: {options.data} has no {', '.join(missing)}; name their folder: DATA=FOLDER\n"
        )
    sys.stderr.writelines(f"nothing to score: {line}" for line in empty)
    return int(bool(missing or empty))


if __name__ == "__main__":
    sys.exit(main())
