"""The watch-list: the targets whose stance is tagged, as ``targets.yaml`` declares them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from newswire.declared import Location, read_declared

Kind = Literal["topic", "claim", "person", "organisation"]


class Target(BaseModel):
    """Something that a story can be for or against."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)
    name: str = Field(min_length=1, description="For people, and the first of the aliases.")
    proposition: str | None = Field(
        None,
        min_length=1,
        description="What a story that is in favour holds, as a sentence; the stance model reads "
        "it in the name's place. It judges propositions better than bare topics.",
    )
    kind: Kind
    aliases: tuple[str, ...] = Field(
        (), description="Other words for it. A sentence that has one of them touches the target."
    )
    context: tuple[str, ...] = Field(
        (),
        description="Where given, a story must have one of these words too: "
        '"mobilisation" is Russia\'s only in a story that names Russia.',
    )
    description: str | None = None
    languages: tuple[str, ...] = Field(("en",), min_length=1, description="BCP 47 primary tags.")

    @property
    def asked(self) -> str:
        """What the stance model reads: the proposition, else the name."""
        return self.proposition or self.name


class _File(BaseModel):
    """``targets.yaml`` as it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: int = Field(ge=0, lt=1024, description="Raised by whoever changes the file.")
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
    file = read_declared(path, _File, variable="NEWSWIRE_TARGETS_FILE", check=_repeats)
    return Watchlist(file.revision, file.targets, hashlib.sha256(path.read_bytes()).hexdigest())


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
