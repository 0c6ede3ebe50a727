"""A story as it is printed for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.text import Text

from newswire.cli.console import indented, out, plain
from newswire.search.document import NAMED, IndexedStory, document_id
from newswire.stories.enriched import Quote, SpeakerStance, Stance, StanceTag, Summary
from newswire.stories.language import LANGUAGE, primary
from newswire.stories.model import PubStatus
from newswire.stories.quality import Reason

COLOURS: dict[Stance, str] = {"favor": "green", "against": "red", "neutral": "yellow"}


def dated(story: IndexedStory) -> str:
    """The date of its version; what is no date of the story's own is said to be none."""
    return moment(
        story.version_created,
        undated=any(mark.reason == Reason.DATE_MISSING for mark in story.quality),
    )


def moment(created: datetime, *, undated: bool = False) -> str:
    """A version's date; ``undated``: the story states none, and this is that of its fetch."""
    date = f"{created:%Y-%m-%d %H:%M} UTC"
    return f"{date}, when it was fetched; it has no date" if undated else date


def linked(story: IndexedStory) -> list[str]:
    """What it is a duplicate of, and else which story's thread it is in; of a first one nothing."""
    if story.duplicate_of:
        return [f"duplicate of {plain(story.duplicate_of)}"]
    if story.thread_id and story.thread_id != story.key:
        return [f"in the thread of {plain(story.thread_id)}"]
    return []


def print_story(story: IndexedStory, *, whole: bool = False, console: Console = out) -> None:
    """Print head, summary, and each stance with its evidence.

    ``whole``: ids, names, quotes and the body too.
    """
    console.print(Text(plain(story.headline or "(no headline)"), style="bold"))
    facts = (
        story.provider,
        story.section,
        story.byline,
        story.dateline,
        dated(story),
        None if story.pub_status is PubStatus.USABLE else story.pub_status,
    )
    console.print(Text("  ".join(plain(fact) for fact in facts if fact), style="dim"))
    for link in linked(story):
        console.print(Text(link, style="dim"))
    if whole:
        for name, value in (("id", story.id), ("_id", document_id(story.key)), ("url", story.url)):
            if value:
                console.print(Text(f"{name}  {plain(value)}", style="dim"))
        for mark in story.quality:
            line = Text("quality  ", style="dim").append(plain(mark.reason), style="yellow")
            console.print(line.append(f"  {plain(mark.detail)}", style="dim"))
    if language := _foreign(story):
        console.print(Text("Language  ", style="dim").append(plain(language)))
    if story.summary and story.summary.sentences:
        console.print(Text(f"Summary{_written(story.summary)}", style="dim"))
        indented(console, Text(plain(story.summary.text)))
    for tag in story.stances:
        print_stance(console, tag)
    for own in story.speakers:
        print_stance(console, own, own.speaker)
    if whole:
        _print_named(console, story)
        print_quotes(console, story.quotes)
        for block in story.body:
            console.print()
            style = "bold" if block.kind == "crosshead" else ""
            console.print(Text(plain(block.text), style=style))


def _foreign(story: IndexedStory) -> str | None:
    """The language that the models don't read, and what was stated where that is another."""
    read = story.language_read
    if read is None or primary(read) == LANGUAGE:
        return None
    if story.language is None or primary(story.language) == primary(read):
        return read
    return f"{read}, though it states {story.language}"


def _written(summary: Summary) -> str:
    """That a summary doesn't quote, or why it does though a model was to write or choose it."""
    if summary.lead:
        return "  the first sentences: the models read English only"
    if summary.generated is None and summary.dropped is None:
        return ""
    left_out = f"{summary.dropped} left out that the body doesn't support"
    return f"  written by a model, {left_out}" if summary.generated else f"  quoted, {left_out}"


def _chances(tag: StanceTag | SpeakerStance) -> str:
    """How likely a stance is; both sides' chances where it is neutral for being divided."""
    chances = tag.probabilities
    if tag.stance == "neutral" and chances.neutral < max(chances.favor, chances.against):
        return f"(favor {chances.favor:.2f}, against {chances.against:.2f})"
    return f"{getattr(chances, tag.stance):.2f}"


def print_stance(
    console: Console, tag: StanceTag | SpeakerStance, speaker: str | None = None
) -> None:
    """One stance: the story's, or that of somebody who speaks in it."""
    line = Text("Stance ", style="dim")
    if speaker:
        line.append("of ", style="dim").append(f"{plain(speaker)}: ")
    line.append(tag.stance, style=f"bold {COLOURS[tag.stance]}")
    line.append(f" {_chances(tag)} toward {plain(tag.name)}")
    if tag.target:
        line.append(f"  [{plain(tag.target)}]", style="dim")
    console.print(line)
    for evidence in tag.evidence:
        indented(console, Text(f"“{plain(evidence.text)}”", style="italic"))


def _print_named(console: Console, story: IndexedStory) -> None:
    for kind, field in NAMED.items():
        names = [plain(entity.name) for entity in story.entities if entity.type == kind]
        if names:
            console.print(Text(f"{field}  ", style="dim").append(", ".join(names)))


def print_quotes(console: Console, quotes: Sequence[Quote]) -> None:
    """Who says what; a source that is no name beside the one that it stands for."""
    for quote in quotes:
        source = " ".join(span.text for span in quote.source)
        line = Text("Quote ", style="dim").append(
            plain(quote.speaker or source or "(nobody named)")
        )
        cue = " ".join(span.text for span in quote.cue)
        as_written = "" if quote.speaker in (None, source) else f"{source} "
        console.print(line.append(f"  {plain(as_written)}{plain(cue)}", style="dim"))
        indented(console, Text(plain(quote.text), style="italic"))
