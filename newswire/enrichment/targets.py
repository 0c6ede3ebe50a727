"""The watch-list: the targets whose stance is tagged, as ``targets.yaml`` declares them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newswire.errors import ConfigError

Kind = Literal["topic", "claim", "person", "organisation"]


class Target(BaseModel):
    """Something that a story can be for or against."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)
    name: str = Field(min_length=1, description="What the stance model reads, in plain words.")
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


class Watchlist(BaseModel):
    """The targets of one revision of the file."""

    model_config = ConfigDict(frozen=True)

    revision: int = Field(ge=0, lt=1024, description="Raised by whoever changes the file.")
    targets: tuple[Target, ...]
    sha256: str = Field(description="Of the file's bytes.")


def load_watchlist(path: Path) -> Watchlist:
    """Read and check ``targets.yaml``.

    Raises:
        ConfigError: each mistake with its line, ``targets.yaml:12: targets[1].kind: …``.
    """
    try:
        data = path.read_bytes()
        node = yaml.compose(data.decode("utf-8"), yaml.SafeLoader)
        value = yaml.safe_load(data)
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read: {error.strerror}", "name it with NEWSWIRE_TARGETS_FILE"
        ) from None
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: not UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise ConfigError(
            f"{where}: not YAML: {getattr(error, 'problem', None) or error}"
        ) from None
    if not isinstance(value, dict) or node is None:
        raise ConfigError(f"{path}:1: not a mapping", "begin with 'revision:' and 'targets:'")
    unknown = [key for key in value if key not in ("revision", "targets")]
    mistakes = [(_line(node, (key,)), str(key), "unknown field") for key in unknown]
    try:
        watchlist = Watchlist.model_validate({**value, "sha256": hashlib.sha256(data).hexdigest()})
    except ValidationError as error:
        mistakes += [
            (_line(node, item["loc"]), _path(item["loc"]), item["msg"])
            for item in error.errors(include_input=False)
        ]
    else:
        mistakes += [
            (_line(node, ("targets", number, field)), f"targets[{number}].{field}", message)
            for number, field, message in _repeats(watchlist.targets)
        ]
    if mistakes:
        raise ConfigError(
            "; ".join(f"{path}:{line}: {where}: {why}" for line, where, why in sorted(mistakes))
        )
    return watchlist


def _repeats(targets: tuple[Target, ...]) -> Iterator[tuple[int, str, str]]:
    """Targets that stand there twice: the number, the field and what to say of it."""
    for field in ("id", "name"):
        seen: dict[str, int] = {}
        for number, target in enumerate(targets):
            value = str(getattr(target, field))
            first = seen.setdefault(value.casefold(), number)
            if first != number:
                yield number, field, f"{value!r} is that of targets[{first}] already"


def _path(location: tuple[int | str, ...]) -> str:
    """``("targets", 1, "kind")`` as ``targets[1].kind``."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return parts.lstrip(".")


def _line(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """The line, from 1, of what ``location`` leads to, or of the last of it that is there."""
    line: int = node.start_mark.line + 1
    for part in location:
        inner: yaml.Node | None = None
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            inner = node.value[part] if part < len(node.value) else None
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, inner = key.start_mark.line + 1, value
                    break
        if inner is None:
            break
        if isinstance(node, yaml.SequenceNode):
            line = inner.start_mark.line + 1
        node = inner
    return line
