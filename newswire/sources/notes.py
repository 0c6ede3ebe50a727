"""What the fetch must know of a server at the next run: an outer memory, and what is kept in it."""

from __future__ import annotations

from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError


class Notes(Protocol):
    """Small texts by name, kept over runs and shared by all tasks."""

    def read(self, name: str) -> bytes | None:
        """A note, if there is one."""

    def write(self, name: str, note: bytes) -> None:
        """Keep a note, over what was there."""


class NotesOfThisRun:
    """Notes that nobody keeps: for what is fetched once."""

    def __init__(self) -> None:
        self._notes: dict[str, bytes] = {}

    def read(self, name: str) -> bytes | None:
        """A note, if there is one."""
        return self._notes.get(name)

    def write(self, name: str, note: bytes) -> None:
        """Keep a note, over what was there."""
        self._notes[name] = note


class Note(BaseModel):
    """Something that is kept as a note."""

    model_config = ConfigDict(frozen=True, extra="ignore")


N = TypeVar("N", bound=Note)


def read_note(notes: Notes, name: str, kind: type[N]) -> N | None:
    """A note; one that can't be read is none."""
    found = notes.read(name)
    try:
        return None if found is None else kind.model_validate_json(found)
    except ValidationError:
        return None


def write_note(notes: Notes, name: str, note: Note) -> None:
    """Keep a note."""
    notes.write(name, note.model_dump_json().encode())
