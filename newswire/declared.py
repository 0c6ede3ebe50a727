"""Files that people write by hand, read with errors that name the line.

``sources.yaml`` and ``targets.yaml`` are checked against a model; whatever is wrong is said as
``file:line: where: what``, all of it at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from newswire.errors import ConfigError

M = TypeVar("M", bound=BaseModel)


def read_declared(path: Path, model: type[M]) -> M:
    """Read a YAML file as a model.

    Raises:
        ConfigError: it can't be read, is no YAML, repeats a key or breaks the model.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} can't be read: {error}") from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        repeated = list(_repeated_keys(root)) if root is not None else []
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise ConfigError(f"{path}{line}: not YAML: {problem}") from error
    except ValueError as error:
        # An unquoted date that doesn't exist, such as 2024-13-01.
        raise ConfigError(f"{path}: a value can't be read: {error}") from error
    if repeated:
        raise ConfigError(
            "; ".join(f"{path}:{line}: {key!r} is there twice" for key, line in repeated)
        )
    try:
        return model.model_validate(value)
    except ValidationError as error:
        wrong = "; ".join(
            f"{path}:{_line(root, item['loc'])}: "
            f"{'.'.join(str(part) for part in item['loc']) or 'the file'}: {item['msg']}"
            for item in error.errors(include_url=False)
        )
        raise ConfigError(wrong) from error


def _repeated_keys(node: yaml.Node) -> list[tuple[str, int]]:
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


def _line(root: yaml.Node | None, location: tuple[int | str, ...]) -> int:
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
