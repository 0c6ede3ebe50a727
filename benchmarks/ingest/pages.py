"""How well the body of a page is found, beside other extractors on the same pages in the same run.

Two collections say what is right, each in its own way, and each is scored as its makers score it:

``trafilatura``
    Segments that must be in the text and segments that must not, each page with up to six of
    either. Precision, recall and F1 count segments over all pages; white space is normalised
    (trafilatura, ``tests/eval_common.py``).
``newspaper4k``
    The whole text. Words are compared in shingles of four, the counts of each page brought to a sum
    of one; precision and recall are means over the pages, F1 is of the two means
    (scrapinghub/article-extraction-benchmark, ``evaluate.py``).

A page that a system refuses counts as one from which it got nothing. Three quarters of the pages,
by a hash of their names, were looked at while Newswire's rules were written; the rest only checks
them.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from benchmarks.ingest.extractors import PEERS, Extractor, Page, newswire
from newswire.config import ROOT
from newswire.formats.base.charset import decode
from newswire.logs import quiet_libraries

DEFAULT = ROOT.parent / "shared" / "pages"
"""Beside the checkout; ``--pages`` names another."""
PEERS_EXTRA = "pip install --editable '.[peers]'"
_SHINGLE = 4
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True)
class Score:
    """Precision and recall, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """0 where both are."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


# --- what is right -----------------------------------------------------------------------------


def load(folder: Path) -> dict[str, list[Page]]:
    """The pages of each collection; a collection that isn't there has none."""
    return {"trafilatura": _segmented(folder / "trafilatura"), "newspaper4k": _whole(folder)}


def _segmented(folder: Path) -> list[Page]:
    truth = folder / "evaldata-subset.json"
    if not truth.is_file():
        return []
    found = []
    for name, stated in json.loads(truth.read_text("utf-8")).items():
        path = folder / "pages" / name
        if path.is_file():
            wanted, unwanted = map(_normal, stated["with"]), map(_normal, stated["without"])
            page = _page(path, f"t/{name}", stated.get("url"))
            found.append(
                Page(**vars(page) | {"wanted": tuple(wanted), "unwanted": tuple(unwanted)})
            )
    return found


def _whole(folder: Path) -> list[Page]:
    found = []
    for path in sorted((folder / "newspaper4k" / "html").glob("*.html.gz")):
        name = path.name.removesuffix(".html.gz")
        text = folder / "newspaper4k" / "txt" / f"{name}.txt"
        facts = folder / "newspaper4k" / "metadata" / f"{name}.json"
        if text.is_file():
            url = json.loads(facts.read_text("utf-8")).get("url") if facts.is_file() else None
            page = _page(path, f"n/{name}", url)
            found.append(Page(**vars(page) | {"body": text.read_text("utf-8")}))
    return found


def _page(path: Path, name: str, url: str | None) -> Page:
    data = gzip.decompress(path.read_bytes())
    return Page(name, url or "https://news.example/story", data, decode(data, None)[0])


# --- scores ------------------------------------------------------------------------------------


def score(pages: Sequence[Page], texts: Sequence[str]) -> Score:
    """The score of what was extracted from the pages of one collection."""
    if pages and pages[0].body is not None:
        return _shingle_score([page.body or "" for page in pages], texts)
    return _segment_score(pages, texts)


def _segment_score(pages: Sequence[Page], texts: Sequence[str]) -> Score:
    right = wrong = missed = 0
    for page, text in zip(pages, map(_normal, texts), strict=True):
        found = sum(segment in text for segment in page.wanted)
        right += found
        missed += len(page.wanted) - found
        wrong += sum(segment in text for segment in page.unwanted)
    return Score(_share(right, right + wrong), _share(right, right + missed))


def _shingle_score(bodies: Sequence[str], texts: Sequence[str]) -> Score:
    precisions, recalls = [], []
    for body, text in zip(bodies, texts, strict=True):
        true, found = _shingles(body), _shingles(text)
        both = sum((true & found).values())
        if found:
            precisions.append(both / sum(found.values()))
        if true:
            recalls.append(both / sum(true.values()))
    return Score(_mean(precisions), _mean(recalls))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORDS.findall(text)
    last = max(1, len(words) - _SHINGLE + 1)
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(last if words else 0))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _mean(values: list[float]) -> float:
    return statistics.mean(values) if values else 0.0


def _normal(text: str) -> str:
    return " ".join(text.split())


# --- running -----------------------------------------------------------------------------------


def _run(extract: Extractor, pages: Iterable[Page]) -> list[str]:
    """What an extractor gets out of each page; nothing, where it fails."""
    texts = []
    for page in pages:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                texts.append(extract(page) or "")
        except Exception:
            # What a peer raises is not known; its users would get nothing.
            texts.append("")
    return texts


# --- the table ---------------------------------------------------------------------------------


def report(folder: Path, out: TextIO, notes: TextIO) -> bool:
    """Print a table for each collection; whether there was one to measure on."""
    collections = {name: pages for name, pages in load(folder).items() if pages}
    if not collections:
        notes.write(f"no pages to measure on: {folder}; name a folder with --pages\n")
        return False
    systems: dict[str, Extractor] = {"newswire": newswire}
    for name, load_it in PEERS.items():
        try:
            systems[name] = load_it()
        except ImportError:
            notes.write(f"{name} isn't installed, and not compared with: {PEERS_EXTRA}\n")
    every = [page for pages in collections.values() for page in pages]
    texts: dict[str, dict[str, str]] = {}
    seconds: dict[str, float] = {}
    for name, extract in systems.items():
        _run(extract, every[:1])  # what is loaded at first use isn't timed
        start = time.process_time()
        texts[name] = dict(zip((page.name for page in every), _run(extract, every), strict=True))
        seconds[name] = time.process_time() - start
    for collection, pages in collections.items():
        _show(collection, pages, texts, seconds, out)
    return True


def _show(
    collection: str,
    pages: list[Page],
    texts: dict[str, dict[str, str]],
    seconds: dict[str, float],
    out: TextIO,
) -> None:
    checks = [page for page in pages if page.checks]
    looked = [page for page in pages if not page.checks]
    title = f"{collection}: {len(pages)} pages, {len(checks)} of them only for checking"
    table = Table(title=title, title_justify="left")
    for column in ("system", "precision", "recall", "F1", "F1 looked at", "F1 checked", "s, all"):
        table.add_column(column, justify="left" if column == "system" else "right")
    rows = []
    for name, found in texts.items():
        whole, part, rest = (
            score(some, [found[page.name] for page in some]) for some in (pages, looked, checks)
        )
        figures = (whole.precision, whole.recall, whole.f1, part.f1, rest.f1)
        rows.append((whole.f1, (name, *(f"{one:.3f}" for one in figures), f"{seconds[name]:.1f}")))
    for _, cells in sorted(rows, reverse=True):
        table.add_row(*cells)
    Console(file=out, width=100).print(table)


if __name__ == "__main__":
    quiet_libraries()
    sys.exit(0 if report(DEFAULT, sys.stdout, sys.stderr) else 1)
