"""The watch-list: the targets whose stance is tagged, as ``targets.yaml`` declares them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from newswire.declared import Location, read_declared
from newswire.enrichment.reading import LANGUAGE
from newswire.errors import ConfigError
from newswire.stories.enriched import WATCHLIST_REVISIONS

TargetKind = Literal["topic", "claim", "person", "organisation"]

MOST_CHARS = 10_000
"""Longest name, proposition or alias: three times a target of 500 words. Every story is searched
for it, and every tag repeats the name."""


def _named(phrase: str) -> str:
    # Signs alone are in every story: "..." would be touched by any that breaks off.
    if not any(char.isalnum() for char in phrase):
        raise PydanticCustomError("no_word", "Phrase should have a letter or a digit")
    return phrase


# An empty one would be found between any two words of any story.
Phrase = Annotated[str, Field(min_length=1, max_length=MOST_CHARS), AfterValidator(_named)]
Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]


class Target(BaseModel):
    """Something that a story can be for or against."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)
    name: Phrase = Field(description="For people, and the first of the aliases.")
    proposition: Phrase | None = Field(
        None,
        description="What a story that is in favour holds, as a sentence; the stance model reads "
        "it in the name's place. It judges propositions better than bare topics.",
    )
    kind: TargetKind
    aliases: tuple[Phrase, ...] = Field(
        (), description="Other words for it. A sentence that has one of them touches the target."
    )
    context: tuple[Phrase, ...] = Field(
        (),
        description="Where given, a story must have one of these words too: "
        '"mobilisation" is Russia\'s only in a story that names Russia.',
    )
    description: str | None = None
    languages: tuple[Language, ...] = Field(
        ("en",),
        min_length=1,
        description="BCP 47 primary tags. Stances are read in English only: without `en` it is "
        "never judged.",
    )

    @property
    def asked(self) -> str:
        """What the stance model reads: the proposition, else the name."""
        return self.proposition or self.name


class _File(BaseModel):
    """``targets.yaml`` as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: int = Field(
        ge=0, lt=WATCHLIST_REVISIONS, description="Raised by whoever changes the file."
    )
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Watchlist:
    """The targets of one revision of the file."""

    revision: int
    targets: tuple[Target, ...]
    sha256: str
    """Of the file's bytes."""


def load_watchlist(path: Path) -> Watchlist:
    """Read and check ``targets.yaml``.

    Raises:
        ConfigError: each mistake with its line, ``targets.yaml:12: targets[1].kind: …``.
    """
    while True:
        before = _sha256(path)
        file = read_declared(path, _File, variable="NEWSWIRE_TARGETS_FILE", check=_repeats)
        # Somebody may be writing to it: the hash must be that of the targets that were read.
        if before is not None and before == _sha256(path):
            return Watchlist(file.revision, file.targets, before)


def unjudged(path: Path) -> str | None:
    """Which targets of a file that is right no story is judged for, each with its line.

    No mistake: a file that is written for more languages than are read today is taken as it is.
    """
    try:
        read_declared(path, _File, variable="NEWSWIRE_TARGETS_FILE", check=_without_english)
    except ConfigError as error:
        return error.cause
    return None


class WatchedTargets:
    """``targets.yaml`` while it is in use: read again once it has changed."""

    def __init__(self, path: Path) -> None:
        """Read it.

        Raises:
            ConfigError: as :func:`load_watchlist`.
        """
        self._path = path
        self._seen = _state(path)
        self.current = load_watchlist(path)
        """What is in force: that of the last file that was right."""

    def renewed(self) -> Watchlist | None:
        """The watch-list, where it is another one than at the last call: :attr:`current` from then.

        Costs one look at the file's attributes, unless they have changed.

        Raises:
            ConfigError: the file has changed, and is wrong. Said once for each change.
        """
        state = _state(self._path)
        if state == self._seen:
            return None
        # Before the file is read: what changes meanwhile is a change for the next call.
        self._seen = state
        read = load_watchlist(self._path)
        if read.sha256 == self.current.sha256:
            return None
        self.current = read
        return read


def _state(path: Path) -> tuple[int, ...] | None:
    """What tells a file from its next version: another time, size or, if replaced, inode."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _without_english(file: _File) -> Iterator[tuple[Location, str]]:
    for number, target in enumerate(file.targets):
        if LANGUAGE not in target.languages:
            yield (
                ("targets", number, "languages"),
                f"{target.id!r} is never judged: stances are read in English only, add {LANGUAGE}",
            )


def _repeats(file: _File) -> Iterator[tuple[Location, str]]:
    """Targets that stand there twice: the place, and what to say of it."""
    for field in ("id", "name"):
        seen: dict[str, int] = {}
        for number, target in enumerate(file.targets):
            value = str(getattr(target, field))
            first = seen.setdefault(value.casefold(), number)
            if first != number:
                what = f"{value!r} is that of targets[{first}] already"
                yield ("targets", number, field), what
