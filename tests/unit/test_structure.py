"""Imports go one way, and the library's parts know only what they should."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newswire.config import ROOT

MODULES = sorted(
    path for folder in ("newswire", "workers", "dags") for path in (ROOT / folder).rglob("*.py")
)

NEVER = {
    "newswire": {"workers", "dags", "training"},
    "newswire/formats": {
        "kafka", "boto3", "elasticsearch", "httpx", "requests", "newswire.bus", "newswire.archive",
        "newswire.search", "newswire.sources", "newswire.ingest", "newswire.enrichment",
        "newswire.cli", "newswire.config",
    },
    "newswire/enrichment": {
        "torch", "kafka", "boto3", "elasticsearch", "httpx", "newswire.bus", "newswire.archive",
        "newswire.search", "newswire.sources", "newswire.ingest", "newswire.formats",
        "newswire.cli",
    },
    "newswire/stories": {"newswire.formats", "newswire.enrichment", "newswire.bus", "kafka"},
    "newswire/stack": {"newswire.bus", "newswire.search", "newswire.archive", "newswire.cli"},
    "workers": {"dags", "training", "newswire.cli", "airflow"},
    "dags": {"workers", "training", "newswire.cli"},
}  # fmt: skip

FORMATS_FOLDERS = ("base", "lines", "desk", "fields", "web", "wire", "pasted", "page", "xml")
"""What formats share. Each folder may import those before it, and none a format."""

EXCEPT = {"newswire/enrichment/hub": {"torch"}}
"""What a folder may import though the one that it is in may not."""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def banned_in(path: Path, folder: str) -> set[str]:
    """What a file may not import for the folder that it is in."""
    allowed = [names for inner, names in EXCEPT.items() if path.is_relative_to(ROOT / inner)]
    return NEVER[folder].difference(*allowed)


@pytest.mark.parametrize("folder", NEVER)
def test_a_folder_imports_nothing_that_stands_above_it(folder: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in MODULES
        if path.is_relative_to(ROOT / folder)
        for name in imported(path)
        if any(
            name == banned or name.startswith(f"{banned}.") for banned in banned_in(path, folder)
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", FORMATS_FOLDERS)
def test_what_formats_share_imports_one_way_and_no_format(folder: str) -> None:
    formats = ROOT / "newswire" / "formats"
    known = FORMATS_FOLDERS[: FORMATS_FOLDERS.index(folder) + 1]
    allowed = tuple(f"newswire.formats.{name}" for name in known)
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (formats / folder).rglob("*.py")
        for name in imported(path)
        if name.startswith("newswire.formats") and not name.startswith(allowed)
    ]
    assert wrong == []


def test_every_folder_of_formats_has_its_place_in_the_order() -> None:
    folders = {path.parent.name for path in (ROOT / "newswire" / "formats").glob("*/__init__.py")}
    assert folders == set(FORMATS_FOLDERS)


def test_the_command_line_shows_its_help_without_loading_servers_clients_or_models() -> None:
    heavy = {"kafka", "boto3", "elasticsearch", "transformers", "onnxruntime", "trafilatura"}
    code = f"import sys, newswire.cli; print(sorted({heavy!r} & set(sys.modules)))"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert shown.stdout.strip() == "[]"
