"""Measure the speed of enrichment, in all and model by model, and the size of the models' files.

    python -m training.bench_enrich [--threads 1 2] [--targets 1 50] [--stories 16]

Stories of 400 words are made up from the sentences of a small invented vocabulary, so that no
corpus is needed. The bare model is the encoder on windows that are tokenised already, in the same
process.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from newswire.config import ROOT
from newswire.enrichment.encoder import LONGEST_PIECE, Encoder, pack
from newswire.enrichment.enricher import Enricher
from newswire.enrichment.manifest import load_manifest
from newswire.enrichment.reading import sentences_of
from newswire.enrichment.runtime import Floats, Integers, Model, Threads
from newswire.enrichment.targets import Target, Watchlist
from newswire.stories.model import Block, RawReference, Story

WORDS = 400
ROUNDS = 5
MOST_MEGABYTES = 80
"""Of all model files together."""
TOUCHED = (2, 10)
"""Targets of the watch-list that a story touches, however long the list is: most name one or two,
few ten."""

_VOCABULARY = (
    "the council of harbour city minister said on monday that prices rose after talks with unions "
    "about wages energy schools and trade while police government voters companies banks courts "
    "farmers scientists expect more money for roads hospitals before an election next year"
).split()


def made_up(number: int, touched: int = TOUCHED[0]) -> Story:
    """A story of :data:`WORDS` words that touches so many targets, twice each."""
    chance = random.Random(number)
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < WORDS:
        words = chance.choices(_VOCABULARY, k=chance.randint(12, 28))
        sentences.append(" ".join(words).capitalize() + ".")
    for target in range(touched):
        for at in chance.sample(range(len(sentences)), 2):
            sentences[at] = sentences[at][:-1] + f" and Subject{target} Person."
    body = tuple(Block(text=" ".join(sentences[at : at + 2])) for at in range(0, len(sentences), 2))
    now = datetime(2024, 1, 1, tzinfo=UTC)
    raw = RawReference(
        bucket="-",
        key="-",
        sha256="0" * 64,
        size=0,
        media_type="text/plain",
        source="-",
        uri="-",
        archived_at=now,
    )
    return Story(
        id=str(number),
        version=1,
        first_created=now,
        version_created=now,
        headline="Harbour city council agrees on prices",
        body=body,
        raw=raw,
    )


def watchlist(targets: int) -> Watchlist:
    """So many people, of whom the stories name the first few."""
    return Watchlist(
        revision=0,
        sha256="0" * 64,
        targets=tuple(
            Target(id=f"t{n}", name=f"Subject{n} Person", kind="person") for n in range(targets)
        ),
    )


def milliseconds(work: Callable[[], object], count: int) -> float:
    """The median over :data:`ROUNDS` of the time for one of ``count`` stories."""
    work()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return 1000 * statistics.median(times) / count


@dataclass
class Clock:
    """How long each model file was run."""

    seconds: dict[Path, float] = field(default_factory=dict)


@contextmanager
def timed() -> Iterator[Clock]:
    """Take the time of every run of the models that are loaded inside."""
    clock = Clock()
    files: dict[int, Path] = {}
    load, run = Model.__init__, Model.__call__

    def loaded(model: Model, path: Path) -> None:
        load(model, path)
        files[id(model)] = path

    def ran(model: Model, inputs: Mapping[str, Floats | Integers]) -> list[Floats]:
        begin = time.perf_counter()
        out = run(model, inputs)
        file = files[id(model)]
        spent = time.perf_counter() - begin
        clock.seconds[file] = clock.seconds.get(file, 0.0) + spent
        return out

    with patch.object(Model, "__init__", loaded), patch.object(Model, "__call__", ran):
        yield clock


def by_model(models: Path, stories: Sequence[Story]) -> Table:
    """Milliseconds a story in each model, one thread, one target; and the size of the files."""
    with timed() as clock:
        enricher = Enricher(models=models, watchlist=watchlist(1), threads=1)
        enricher.enrich(stories)
        best: dict[Path, float] = {}
        whole = math.inf
        for _ in range(ROUNDS):
            clock.seconds.clear()
            begin = time.perf_counter()
            enricher.enrich(stories)
            spent = time.perf_counter() - begin
            if spent < whole:
                whole, best = spent, dict(clock.seconds)
        enricher.close()
    table = Table("model", f"ms a story of {WORDS} words", "MB")
    total = 0.0
    for file in sorted(models.rglob("*.onnx")):
        size = file.stat().st_size / 1e6
        total += size
        spent = 1000 * best.get(file, 0.0) / len(stories)
        table.add_row(str(file.relative_to(models)), f"{spent:.1f}", f"{size:.1f}")
    rest = 1000 * (whole - sum(best.values())) / len(stories)
    table.add_row("all else (sentences, tokens, gate, choice)", f"{rest:.1f}", "")
    mark = "!" if total > MOST_MEGABYTES else ""
    said = f"{total:.1f} of {MOST_MEGABYTES} {mark}"
    table.add_row("together", f"{1000 * whole / len(stories):.1f}", said)
    return table


def by_targets(
    models: Path, count: int, most: int, targets: Sequence[int], touched: int
) -> Iterator[tuple[str, float, float, float]]:
    """What is measured with ``count`` threads on ``most`` stories: its name, milliseconds a story,
    and these to those of the bare encoder and of one target.
    """
    stories = [made_up(number, touched) for number in range(most)]
    threads = Threads(count)
    file = models / load_manifest(models).encoder.file
    encoder = Encoder(file.parent, file.name, threads)
    windows = []
    for story in stories:
        tokens = encoder.tokenize([own.text for own in sentences_of(story)], LONGEST_PIECE)
        windows += [[tokens[n] for n in run] for run in pack([len(ids) for ids in tokens])]
    bare = milliseconds(partial(encoder.encode_windows, windows), len(stories))
    threads.close()
    one = 0.0
    for number in sorted({1, *targets}, key=lambda own: (own != 1, own)):
        enricher = Enricher(models=models, watchlist=watchlist(number), threads=count)
        spent = milliseconds(partial(enricher.enrich, stories), len(stories))
        enricher.close()
        one = one or spent
        name = f"enrich, {number} targets, {min(number, touched)} of them touched"
        yield name, spent, spent / bare, spent / one
    yield "bare encoder, tokenised before", bare, 1.0, bare / one


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--targets", type=int, nargs="+", default=[0, 1, 8, 50])
    parser.add_argument("--stories", type=int, default=16)
    options = parser.parse_args()
    stories = [made_up(number) for number in range(options.stories)]
    table = Table("threads", "what", "ms a story", "to the bare encoder", "to one target")
    for count in options.threads:
        for touched in TOUCHED:
            for name, *figures in by_targets(
                options.models, count, options.stories, options.targets, touched
            ):
                spent, to_bare, to_one = figures
                table.add_row(str(count), name, f"{spent:.1f}", f"{to_bare:.2f}", f"{to_one:.2f}")
            table.add_section()
    console = Console(width=110)
    console.print(by_model(options.models, stories))
    console.print(table)


if __name__ == "__main__":
    main()
