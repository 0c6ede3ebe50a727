"""Files that people write by hand, read with errors that name the line.

``sources.yaml`` and ``targets.yaml`` are checked against a model; whatever is wrong is said as
``file:line: where: what``, all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from newswire.errors import ConfigError

M = TypeVar("M", bound=BaseModel)

Location = tuple[int | str, ...]
"""Where in the file: ``("targets", 1, "kind")``."""

_SAID = {
    **dict.fromkeys(("tuple_type", "list_type"), "Input should be a list"),
    **dict.fromkeys(
        ("dict_type", "model_type", "model_attributes_type"), "Input should be a mapping"
    ),
}
"""In words of YAML, what pydantic says in those of Python."""

_UNQUOTED = (bool, int, float, date)
"""What YAML takes a bare word for: ``no`` and ``2024`` are no texts without quotes."""


@dataclass(frozen=True)
class Mistake:
    """What a file has that its model can't refuse."""

    where: Location
    what: str
    other: Location | None = None
    """A second place that it is about: its line is named too."""


def read_declared(
    path: Path,
    model: type[M],
    *,
    variable: str,
    check: Callable[[object], Iterable[Mistake]] = lambda value: (),
) -> M:
    """Read a YAML file as a model.

    Args:
        path: the file.
        model: what it must be.
        variable: the environment variable that names the file, for the remedy.
        check: finds what the model can't say, in the value as it is written: all mistakes are said
            at once, so that it is asked of a value that breaks the model too.

    Raises:
        ConfigError: it can't be read, is no YAML, has anchors or aliases, repeats a key, breaks the
            model or the check.
    """
    root, value = _parse(path, variable)
    mistakes = [(line, repr(key), "is there twice") for key, line in _repeated_keys(root)]
    for own in check(value):
        also = "" if own.other is None else f" (line {_line(root, own.other)})"
        mistakes.append((_line(root, own.where), _path(own.where), own.what + also))
    try:
        read = model.model_validate(value)
    except ValidationError as error:
        mistakes += [
            (_line(root, item["loc"]), _path(item["loc"]), _said(item))
            for item in error.errors(include_url=False)
            if not _follows(item)
        ]
    else:
        if not mistakes:
            return read
    raise ConfigError(
        "; ".join(f"{path}:{line}: {where}: {what}" for line, where, what in sorted(mistakes))
    )


def _said(item: ErrorDetails) -> str:
    """What is wrong. The value itself isn't said: it may be a secret."""
    said = _SAID.get(item["type"], item["msg"])
    bare = item["type"] == "string_type" and isinstance(item["input"], _UNQUOTED)
    return f"{said}: put it in quotes" if bare else said


def _follows(item: ErrorDetails) -> bool:
    """Whether a list is too short only because members of it are wrong, which is said of them."""
    stated = item["input"]
    return (
        item["type"] == "too_short"
        and isinstance(stated, list)
        and len(stated) >= item["ctx"]["min_length"]
    )


def _parse(path: Path, variable: str) -> tuple[yaml.Node | None, object]:
    """The file's nodes, which know their lines, and its value."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
        _refuse_references(path, text)
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read: {error.strerror}", f"name it with {variable}"
        ) from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: not UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{where}: not YAML: {problem}") from error
    except ValueError as error:
        # An unquoted date that doesn't exist, such as 2024-13-01.
        raise ConfigError(f"{path}: a value can't be read: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: lists within lists, too many to be read") from error


def _refuse_references(path: Path, text: str) -> None:
    """A node may hold itself by its anchor, and a few lines stand for billions of values."""
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            sign = "&" if isinstance(token, yaml.AnchorToken) else "*"
            raise ConfigError(
                f"{path}:{token.start_mark.line + 1}: {sign}{token.value}: anchors and aliases of "
                "YAML are not read",
                "write out what they stand for, or put quotes around a text that begins so",
            )


def _path(location: Location) -> str:
    """``("targets", 1, "kind")`` as ``targets[1].kind``."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return parts.lstrip(".") or "the file"


def _repeated_keys(node: yaml.Node | None) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            # A key that is no scalar breaks every model; the model says so.
            name = str(key.value)
            if name in seen:
                found.append((name, key.start_mark.line + 1))
            seen.add(name)
            found += _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _repeated_keys(value)
    return found


def _line(root: yaml.Node | None, location: Location) -> int:
    """The line of the deepest part of a location that the file has."""
    node, line = root, 1
    for part in location:
        child: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    child, line = value, key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and part in range(len(node.value)):
            child = node.value[int(part)]
            line = child.start_mark.line + 1
        # A location may name the branch of a union, which the file doesn't: skip it.
        node = child if child is not None else node
    return line
