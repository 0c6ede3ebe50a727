"""Whether what was read is what the file states, field by field.

White space is normalised, and nothing else, but for this:

- Of several stories in a file the one is compared whose id the truth has, else the first text.
- A date with a zone is compared as an instant, one without by its digits.
- A version that is no number (``1st Ld-Writethru``) and an urgency that is a letter (ANPA 1312) are
  kept in ``extra``, since ``Story`` has numbers there; they are compared with what is kept.
- A bare subject code (``04005004``) agrees with the same code under a scheme.
- The signs by which ANPA 1312 sends quotes, dashes and halves are signs, not text.
- *paragraphs*: the number of the body's paragraphs and quotes, or that of all of its blocks, since
  crossheads, tables and items of lists count in some files and not in others.
- *start*: the body's text begins with what is stated.
- A withheld story says nothing on purpose: only *parsed*, *id* and *version* are compared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from benchmarks.ingest.truth import Row
from newswire.formats.base.clean import one_line
from newswire.stories.model import ItemType, PubStatus, Story

FIELDS = (
    "parsed",
    "id",
    "version",
    "headline",
    "byline",
    "language",
    "published",
    "urgency",
    "subjects",
    "paragraphs",
    "start",
)
"""The fields of the goal."""
_OF_WITHHELD = ("parsed", "id", "version")


@dataclass(frozen=True)
class Outcome:
    """One field of one file that states it."""

    row: Row
    field: str
    agrees: bool
    stated: str
    read: str


def compare(row: Row, stories: Sequence[Story]) -> list[Outcome]:
    """An outcome for each field that the truth states of a file."""
    story = _chosen(row, stories)
    found = [Outcome(row, "parsed", story is not None, "a story", str(len(stories)))]
    for field, (stated, compared) in _COMPARED.items():
        expected = row.stated.get(stated)
        if expected is None or expected == [] or (stated.startswith("body_") and _tabular(row)):
            continue
        if story is None:
            found.append(Outcome(row, field, False, _short(expected), "nothing"))
            continue
        if story.pub_status is PubStatus.WITHHELD and field not in _OF_WITHHELD:
            continue
        agrees, read = compared(row, expected, story)
        found.append(Outcome(row, field, agrees, _short(expected), _short(read)))
    return found


def _tabular(row: Row) -> bool:
    """A table over ANPA: its truth counts the lines of the table."""
    return row.stated.get("format_code") == "tabular"


def _chosen(row: Row, stories: Sequence[Story]) -> Story | None:
    same = [story for story in stories if story.id == row.stated.get("id")]
    texts = [story for story in stories if story.type is ItemType.TEXT]
    return next(iter([*same, *texts, *stories]), None)


def _short(value: JsonValue) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = one_line(text)
    return text if len(text) <= 100 else f"{text[:97]}..."


def _same(one: str | None, other: str | None) -> bool:
    return _folded(one or "") == _folded(other or "")


def _folded(text: str) -> str:
    return one_line(unicodedata.normalize("NFC", text))


_ANPA_SIGNS = str.maketrans({"_": "—", "–": "—", "“": '"', "”": '"', "‘": "'", "’": "'", "{": "½"})


def _as_sent(row: Row, text: str) -> str:
    """Text to be compared: over ANPA without regard to how quotes and dashes are sent."""
    if row.format != "anpa1312":
        return _folded(text)
    return _folded(text.replace("``", '"').replace("''", '"').translate(_ANPA_SIGNS))


Compared = Callable[[Row, JsonValue, Story], tuple[bool, JsonValue]]
"""Whether a field agrees, and what was read."""


def _text(name: str) -> Compared:
    def compared(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
        read: str | None = getattr(story, name)
        return _as_sent(row, str(stated)) == _as_sent(row, read or ""), read

    return compared


def _language(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    return str(stated).casefold() == (story.language or "").casefold(), story.language


def _version(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    if str(stated).isdecimal():
        return int(str(stated)) == story.version, story.version
    kept = str(story.extra.get("version") or "")
    return _same(str(stated), kept), kept or story.version


def _urgency(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    if str(stated).isdecimal():
        return int(str(stated)) == story.urgency, story.urgency
    kept = str(story.extra.get("priority") or "")
    return _same(str(stated), kept), kept or story.urgency


def _published(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    moment = datetime.fromisoformat(str(stated))
    read = story.version_created
    if moment.tzinfo is None:
        return moment == read.replace(tzinfo=None), read.isoformat()
    return moment == read, read.isoformat()


def _subjects(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    wanted = {one_line(str(code)) for code in stated} if isinstance(stated, list) else set()
    read = {one_line(subject.qcode) for subject in story.subjects}
    bare = {code.rpartition(":")[2] if code not in wanted else code for code in read}
    return wanted in (read, bare), [*sorted(read)]


def _paragraphs(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    prose = sum(block.kind in {"paragraph", "quote"} for block in story.body)
    counts = dict.fromkeys((prose, len(story.body)))
    return int(str(stated)) in counts, " or ".join(map(str, counts))


def _start(row: Row, stated: JsonValue, story: Story) -> tuple[bool, JsonValue]:
    text = " ".join(block.text for block in story.body[:20])
    return _begins(_as_sent(row, text), _as_sent(row, str(stated))), text


def _begins(text: str, start: str) -> bool:
    # A dateline's dash may be a space away from the first word or not.
    return text.replace(" ", "").startswith(start.replace(" ", ""))


_COMPARED: dict[str, tuple[str, Compared]] = {
    "id": ("id", _text("id")),
    "version": ("version", _version),
    "headline": ("headline", _text("headline")),
    "byline": ("byline", _text("byline")),
    "language": ("language", _language),
    "published": ("published", _published),
    "urgency": ("urgency", _urgency),
    "subjects": ("subjects", _subjects),
    "paragraphs": ("body_paragraphs", _paragraphs),
    "start": ("body_first_80_chars", _start),
}
"""Of each field its name in the truth, and how it is compared."""
