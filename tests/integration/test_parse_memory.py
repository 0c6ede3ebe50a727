"""What `newswire parse` takes of memory for wires of 200 MB: measured, and held to a bound."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

WIRE_BYTES = 200 * 10**6
MOST_BYTES = 500 * 10**6
PROSE = "Pilots in Brindle Bay voted on Friday to end a strike of nine days, their union said. " * 5
ITEM = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:large:{0}" version="1">'
    '<itemMeta><itemClass qcode="ninat:text"/></itemMeta>'
    "<contentMeta><headline>Story {0}</headline></contentMeta>"
    f"<contentSet><inlineXML><html><body>{f'<p>{{1}}{PROSE}</p>' * 8}</body></html></inlineXML>"
    "</contentSet></newsItem>"
)
MEASURE = """
import resource, subprocess, sys
ran = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=sys.stderr)
sys.exit(ran.returncode)
"""
"""Of nothing but that one process: the maximum of a child's children counts for it as well."""


@dataclass(frozen=True)
class Ran:
    code: int
    stories: int
    errors: list[str]
    peak_bytes: int


def newswire_parse(path: Path, **limits: int) -> Ran:
    environment = {name: value for name, value in os.environ.items() if "NEWSWIRE" not in name}
    environment |= {f"NEWSWIRE_{name}": str(limit) for name, limit in limits.items()}
    program = str(Path(sys.executable).with_name("newswire"))
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, program, "parse", str(path)],
        env=environment, capture_output=True, timeout=240, check=False,
    )  # fmt: skip
    *errors, peak = ran.stderr.decode().splitlines()
    size = path.stat().st_size
    sys.stdout.write(f"{path.name}, {size:,} bytes: peak of {int(peak) / 10**6:.0f} MB\n")
    return Ran(ran.returncode, ran.stdout.count(b"\n"), errors, int(peak))


def wire(path: Path, size: int, sign: str = "") -> Path:
    """A news message of so many bytes and a little more, with a sign in each paragraph."""
    with path.open("wb") as file:
        written = file.write(b"<newsMessage><itemSet>")
        number = 0
        while written < size:
            written += file.write(ITEM.format(number, sign).encode())
            number += 1
        file.write(b"</itemSet></newsMessage>")
    return path


@pytest.fixture(scope="module")
def huge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wire(tmp_path_factory.mktemp("huge") / "huge.xml", WIRE_BYTES)


@pytest.mark.parametrize(
    ("limits", "line"),
    [
        ({}, r"larger than the limit of 67,108,864 bytes; raise NEWSWIRE_FETCH_MAX_BYTES"),
        (
            {"FETCH_MAX_BYTES": 300 * 2**20},
            r"200,\d{3},\d{3} bytes, over the limit of 16,777,216; raise NEWSWIRE_PARSE_MAX_BYTES",
        ),
        (
            {"FETCH_MAX_BYTES": 300 * 2**20, "PARSE_MAX_BYTES": 300 * 2**20},
            r"200,\d{3},\d{3} bytes, over the 50,331,648 that are parsed at most; split it",
        ),
    ],
    ids=["by default", "fetched", "with every limit raised"],
)
def test_a_wire_of_200_mb_is_one_line_that_says_what_the_most_is_and_takes_bounded_memory(
    huge: Path, limits: dict[str, int], line: str
) -> None:
    ran = newswire_parse(huge, **limits)
    assert (ran.code, ran.stories) == (1, 0)
    (error,) = ran.errors
    assert re.match(rf"{re.escape(str(huge))}: {line}", error)
    assert ran.peak_bytes < MOST_BYTES


@pytest.mark.parametrize(
    ("mebibytes", "sign"),
    [(16, ""), (16, "\U0001f6a2"), (48, "")],
    ids=["by default", "by default and in wide characters", "with every limit raised"],
)
def test_the_largest_wire_that_is_parsed_takes_bounded_memory(
    tmp_path: Path, mebibytes: int, sign: str
) -> None:
    path = wire(tmp_path / "large.xml", mebibytes * 2**20 - 50_000, sign)
    ran = newswire_parse(path, FETCH_MAX_BYTES=2**30, PARSE_MAX_BYTES=mebibytes * 2**20)
    assert (ran.code, ran.errors) == (0, [])
    assert ran.stories > 250 * mebibytes
    assert ran.peak_bytes < MOST_BYTES
