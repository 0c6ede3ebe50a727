"""What int8 costs: the models that ship beside their fp32 twins, on the same rows.

    python -m training.compare_int8 [--data DIR] [--tasks stance …] [--files stance_vast …]

The twins are what the last exports left under ``.cache/training/fp32/``. Needs no torch. Prints the
score of both on every development part and the difference in points; ``!`` marks a loss of more
than half a point.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from newswire.config import ROOT
from newswire.enrichment.manifest import sha256_of
from newswire.enrichment.shipped import Shipped
from newswire.errors import ConfigError, NewswireError
from training.evaluate import TASKS, Scores, at_least_one
from training.evaluate_all import figures
from training.goals import CORPORA as MEASURED
from training.goals import Corpus, Goal
from training.paths import CACHE, CORPORA

MOST_LOST = 0.5
"""Points."""


@dataclass(frozen=True)
class Difference:
    """One figure, by both."""

    source: str
    goal: Goal
    fp32: float
    int8: float

    @property
    def points(self) -> float:
        """What int8 wins; negative: loses."""
        won = self.int8 - self.fp32
        # ROUGE is in points already; all other figures are shares of one.
        won *= 1 if max(abs(self.int8), abs(self.fp32)) > 1 else 100
        return -won if self.goal.low else won

    @property
    def mark(self) -> str:
        """``!`` where more is lost than may be."""
        return "!" if self.points < -MOST_LOST else ""


def fp32_twin(models: Path, cache: Path, out: Path) -> list[str]:
    """Lay out ``out`` as ``models``, with the fp32 twin of each file that has one.

    Returns:
        Those files, relative to the folder.

    Raises:
        ConfigError: there is none.
    """
    manifest = json.loads((models / "models.json").read_text("utf-8"))
    taken = []
    for file in sorted(own for own in models.rglob("*") if own.is_file()):
        name = file.relative_to(models)
        twin = cache / name
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        if name.name != "models.json":
            (out / name).symlink_to((twin if twin.is_file() else file).absolute())
        if twin.is_file():
            taken.append(str(name))
    if not taken:
        raise ConfigError(f"{cache} has no fp32 model", "train or export one: make train-stance")
    for weights in _weights(manifest):
        weights["sha256"] = sha256_of(out / str(weights["file"]))
    (out / "models.json").write_text(json.dumps(manifest), "utf-8")
    return taken


def _weights(manifest: object) -> Iterator[dict[str, object]]:
    """The entries of files, wherever they stand."""
    if isinstance(manifest, dict):
        if "file" in manifest and "sha256" in manifest:
            yield manifest
        for own in manifest.values():
            yield from _weights(own)


def differences(corpus: Corpus, fp32: Scores, int8: Scores) -> list[Difference]:
    """Every figure of a file that both have."""
    found = {(own.source, own.goal): own.value for own in figures(corpus, fp32)}
    return [
        Difference(own.source, own.goal, found[own.source, own.goal], own.value)
        for own in figures(corpus, int8)
    ]


def table(lines: Sequence[Difference]) -> Table:
    """The differences as they are printed."""
    out = Table("corpus", "measure", "fp32", "int8", "points", "")
    for own in lines:
        values = (f"{value:.4f}" for value in (own.fp32, own.int8))
        out.add_row(own.source, own.goal.measure, *values, f"{own.points:+.2f}", own.mark)
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=CORPORA)
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--fp32", type=Path, default=CACHE / "fp32")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--files", nargs="+", help="only these corpora, as stance_vast")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--limit", type=at_least_one, help="only the first rows of each file")
    options = parser.parse_args(arguments)
    wanted = [
        own
        for own in MEASURED
        if own.task in options.tasks and (not options.files or own.file in options.files)
    ]
    lines: list[Difference] = []
    try:
        with TemporaryDirectory() as folder:
            taken = fp32_twin(options.models, options.fp32, Path(folder))
            sys.stderr.write(f"fp32: {', '.join(taken)}\n")
            both = [Shipped.load(own, options.threads) for own in (Path(folder), options.models)]
            for number, corpus in enumerate(wanted, 1):
                sys.stderr.write(f"{number} of {len(wanted)}: {corpus.file}\n")
                file = options.data / f"{corpus.file}.jsonl.gz"
                fp32, int8 = (
                    TASKS[corpus.task](file, own, corpus.part, options.limit)[0] for own in both
                )
                lines += differences(corpus, fp32, int8)
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    Console(width=100).print(table(lines))
    lost = sum(bool(own.mark) for own in lines)
    sys.stdout.write(f"{lost} of {len(lines)} lose more than {MOST_LOST} points\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
