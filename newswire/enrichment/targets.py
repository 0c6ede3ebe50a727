"""The watch-list: the targets whose stance is tagged, as ``targets.yaml`` declares them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from newswire.declared import Location, Mistake, read_declared
from newswire.errors import ConfigError
from newswire.stories.enriched import WATCHLIST_REVISIONS
from newswire.stories.language import LANGUAGE

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
        (),
        description="Other words for it. A sentence that has one of them touches the target. No "
        "other target may have it as its name or alias, unless their contexts differ.",
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


def _stated(value: object) -> Iterator[tuple[int, Mapping[object, object]]]:
    """The targets as they are written, whether or not they are right, with their numbers."""
    targets = value.get("targets") if isinstance(value, dict) else None
    for number, target in enumerate(targets if isinstance(targets, list) else ()):
        if isinstance(target, dict):
            yield number, target


def _without_english(value: object) -> Iterator[Mistake]:
    for number, target in _stated(value):
        languages = target.get("languages")
        if isinstance(languages, list) and LANGUAGE not in [str(own).strip() for own in languages]:
            yield Mistake(
                ("targets", number, "languages"),
                f"{target.get('id')!r} is never judged: stances are read in English only, "
                f"add {LANGUAGE}",
            )


def _repeats(value: object) -> Iterator[Mistake]:
    """What two targets have, of which one alone may."""
    first: dict[object, Location] = {}
    for number, target in _stated(value):
        for field, stated, keys in _own(target):
            where: Location = ("targets", number, *field)
            taken = [at for key in keys if (at := first.setdefault(key, where))[1] != number]
            if taken:
                what = f"{stated!r} is that of targets[{taken[0][1]}] already"
                yield Mistake(where, what, taken[0])


def _own(target: Mapping[object, object]) -> Iterator[tuple[Location, str, Sequence[object]]]:
    """What is a target's alone: where it stands, what it is, and as what it may not come again.

    A word that stands for two things is told apart by their contexts.
    """
    identity, name, aliases = target.get("id"), target.get("name"), target.get("aliases")
    stated = target.get("context")
    context = frozenset(_folded(str(own)) for own in (stated if isinstance(stated, list) else ()))
    if isinstance(identity, str):
        yield ("id",), identity, [("id", _folded(identity))]
    if isinstance(name, str):
        yield ("name",), name, [("name", _folded(name)), (_folded(name), context)]
    for number, alias in enumerate(aliases if isinstance(aliases, list) else ()):
        if isinstance(alias, str):
            yield ("aliases", number), alias, [(_folded(alias), context)]


def _folded(phrase: str) -> str:
    return " ".join(phrase.split()).casefold()
