"""Errors are one line for people, in one tree."""

from __future__ import annotations

import re

import pytest

from newswire import errors
from newswire.errors import BadInput, ConfigError, DependencyUnavailable, NewswireError


def all_errors(kind: type[NewswireError] = NewswireError) -> list[type[NewswireError]]:
    own = [one for one in kind.__subclasses__() if one.__module__ == errors.__name__]
    return [found for one in own for found in [one, *all_errors(one)]]


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    tree = (errors.__doc__ or "").split("\n\n")[1]
    drawn = {}
    path: list[str] = []
    for line in tree.splitlines():
        match = re.match(r"    ([│ ├└─]*)(\w+)", line)
        assert match
        depth = len(match[1]) // 4
        path[depth:] = [match[2]]
        drawn[match[2]] = path[depth - 1] if depth else "Exception"
    assert drawn == {
        one.__name__: one.__bases__[0].__name__ for one in [NewswireError, *all_errors()]
    }


def test_cause_and_remedy_are_one_line() -> None:
    assert str(BadInput("a\n  b\tc", "do\n d")) == "a b c; do d"
    assert str(BadInput("alone")) == "alone"


@pytest.mark.parametrize("kind", [DependencyUnavailable, ConfigError])
def test_what_is_not_the_inputs_fault_is_never_caught_as_such(kind: type[NewswireError]) -> None:
    assert not issubclass(kind, BadInput)
