"""docs/reference.md names what there is, and nothing else."""

from __future__ import annotations

import re

import typer

from newswire.cli import app
from newswire.config import ROOT, Settings

REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")


def test_the_reference_has_every_command_and_no_other() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert re.findall(r"^\| `newswire ([\w-]+)`", REFERENCE, re.MULTILINE) == sorted(commands)


def test_the_reference_has_every_setting_with_its_meaning() -> None:
    rows = re.findall(r"^\| `NEWSWIRE_(\w+)` \| .*? \| (.+) \|$", REFERENCE, re.MULTILINE)
    assert {name.lower(): meaning for name, meaning in rows} == {
        name: field.description for name, field in Settings.model_fields.items()
    }
