"""Score the parsers on real wire files and pages: what each states, and how fast it is read.

    python -m benchmarks.ingest [--truth FILE] [--misses] [--json] [--no-speed] [--no-pages]

Exits 1 where there is nothing to measure against.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from benchmarks.ingest import pages, speed, truth
from benchmarks.ingest.agreement import FIELDS, Outcome, compare
from newswire.config import load_settings
from newswire.errors import NewswireError
from newswire.ingest.unarchived import read_stories
from newswire.logs import quiet_libraries

_GOAL = 0.98
_ALL = "all"
_MOST_PAGES = 60
"""Pages that are timed: each takes a tenth of a second."""

Shares = dict[str, dict[str, tuple[int, int]]]
"""By format and field: how many agree, of how many that state it."""


def outcomes(rows: Iterable[truth.Row]) -> list[Outcome]:
    """Read every file, and compare."""
    settings = load_settings()
    found = []
    for row in rows:
        try:
            stories = read_stories(row.path.read_bytes(), settings, uri=f"file:{row.name}").stories
        except OSError as error:
            sys.stderr.write(f"{row.path}: {error.strerror}\n")
            stories = []
        found += compare(row, stories)
    return found


def shares(found: Iterable[Outcome]) -> Shares:
    """Count the agreements by format, and over all formats."""
    counted: dict[str, dict[str, list[int]]] = {}
    for one in found:
        for name in (one.row.format, _ALL):
            count = counted.setdefault(name, {}).setdefault(one.field, [0, 0])
            count[0] += one.agrees
            count[1] += 1
    return {
        name: {field: (agree, of) for field, (agree, of) in fields.items()}
        for name, fields in sorted(counted.items(), key=lambda item: (item[0] == _ALL, item[0]))
    }


def show_shares(counted: Shares, title: str, out: TextIO) -> None:
    """A row for each field, a column for each format; below the goal it says how many agree."""
    table = Table("field", *counted, title=title, title_justify="left")
    for field in FIELDS:
        cells = [_cell(fields.get(field)) for fields in counted.values()]
        table.add_row(field, *cells)
    Console(file=out, width=26 + 22 * len(counted)).print(table)


def _cell(count: tuple[int, int] | None) -> str:
    if count is None:
        return ""
    agree, of = count
    return f"{agree / of:.1%}{'' if agree >= _GOAL * of else ' !'} ({agree}/{of})"


def show_speed(timed: dict[str, speed.Timed], out: TextIO) -> None:
    """A row for each format, and one for all that have the same bare parser."""
    columns = ("format", "files", "stories", "stories/s", "bare parser", "share of it", "goal")
    table = Table(*columns, title="speed", title_justify="left")
    rows = sorted(timed.items())
    together = speed.together(timed.values())
    for name, one in [*rows, *((f"all of {one.bare}", one) for one in together)]:
        share = "" if one.share is None else f"{one.share:.2f}"
        goal = f"{one.goal:.2f}" if one.bare else ""
        numbers = (f"{one.files}", f"{one.stories}", f"{one.rate:,.0f}")
        last = bool(rows) and name == rows[-1][0]
        table.add_row(name, *numbers, one.bare, share, goal, end_section=last)
    Console(file=out, width=110).print(table)


def _timed_files(folder: Path, shown_in: Path) -> list[Path]:
    """The wire files, and some of the pages, spread over them."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    shown = [path for path in sorted(shown_in.rglob("*.html*")) if path.is_file()]
    return files + shown[:: max(1, len(shown) // _MOST_PAGES)]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--truth", type=Path, default=truth.DEFAULT, help="what the files state")
    parser.add_argument("--pages", type=Path, default=pages.DEFAULT, help="scored and timed")
    parser.add_argument("--format", help="only the rows of this format of the truth")
    parser.add_argument("--misses", action="store_true", help="list what doesn't agree")
    parser.add_argument("--no-speed", action="store_true", help="leave the speed out")
    parser.add_argument("--no-pages", action="store_true", help="leave the bodies of pages out")
    parser.add_argument("--rounds", type=int, default=4, help="of the timing; the best counts")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    options = parser.parse_args(arguments)
    quiet_libraries()
    try:
        rows = [row for row in truth.load(options.truth) if options.format in {None, row.format}]
        found = outcomes(rows)
    except NewswireError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    every, sent = shares(found), shares(one for one in found if one.row.as_sent)
    timed: dict[str, speed.Timed] = {}
    if not options.no_speed:
        files = _timed_files(options.truth.parent, options.pages)
        timed = speed.measure(files, options.rounds)
    if options.json:
        figures = {
            "all rows": every,
            "as sent": sent,
            "speed": {
                name: asdict(one) | {"stories_per_second": one.rate, "share": one.share}
                for name, one in timed.items()
            },
        }
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return 0
    show_shares(sent, "wire as sent", sys.stdout)
    show_shares(every, "all rows", sys.stdout)
    if timed:
        show_speed(timed, sys.stdout)
    if not options.no_pages:
        pages.report(options.pages, sys.stdout, sys.stderr)
    if options.misses:
        for one in found:
            if not one.agrees:
                sys.stdout.write(
                    f"{one.row.name}\t{one.field}\tstated {one.stated}\tread {one.read}\n"
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
