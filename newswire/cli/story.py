"""A story as it is printed for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newswire.cli.console import out, plain

_INDENT = 4
_COLOURS = {"favor": "green", "against": "red", "neutral": "yellow"}


def print_story(document: dict[str, Any], *, body: bool = False, console: Console = out) -> None:
    """Print an index document: head, summary, each stance with its evidence, and the body."""
    console.print(Text(plain(document.get("headline", "(no headline)")), style="bold"))
    facts = (
        document.get("provider"),
        document.get("section"),
        document.get("byline"),
        document.get("dateline"),
        document["version_created"][:16].replace("T", " ") + " UTC",
        document.get("pub_status") if document.get("pub_status") != "usable" else None,
    )
    console.print(Text("  ".join(plain(fact) for fact in facts if fact), style="dim"))
    summary = document.get("summary", {}).get("text")
    if summary:
        _labelled(console, "Summary", summary)
    for tag in document.get("stances", []):
        _print_stance(console, tag)
    if body:
        for block in document.get("body", []):
            style = "bold" if block["kind"] == "crosshead" else ""
            console.print()
            console.print(Text(plain(block["text"]), style=style))


def _print_stance(console: Console, tag: dict[str, Any]) -> None:
    stance = tag["stance"]
    line = Text("Stance ", style="dim")
    line.append(stance, style=f"bold {_COLOURS.get(stance, '')}")
    line.append(f" {tag['probabilities'][stance]:.2f} toward {plain(tag['name'])}")
    line.append(f"  [{plain(tag['target'])}]", style="dim")
    console.print(line)
    for evidence in tag["evidence"]:
        _indented(console, Text(f"“{plain(evidence['text'])}”", style="italic"))


def _labelled(console: Console, label: str, text: str) -> None:
    console.print(Text(label, style="dim"))
    _indented(console, Text(plain(text)))


def _indented(console: Console, text: Text) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, _INDENT)), soft_wrap=False)
    else:
        # A padded line would be cut to a width that nobody looks at.
        console.print(Text(" " * _INDENT).append(text))
