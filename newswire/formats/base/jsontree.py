"""JSON, read once and strictly, and looked at without assumptions.

What RFC 8259 leaves open and receivers read differently is refused: two values under one name, NaN
and infinities, numbers without bound, strings with half a surrogate pair (RFC 7493, I-JSON).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import NoReturn, TypeAlias

from pydantic import JsonValue

from newswire.errors import InputTooLarge, MalformedInput
from newswire.formats.base.clean import one_line

Object: TypeAlias = dict[str, JsonValue]

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_WHOLE = re.compile(r"\s*\d{1,18}\s*", re.ASCII)
_NEXT_VALUE = re.compile(r"\n\s*(?=[{\[])")
_LONGEST_NUMBER = 4_300
"""Digits. Python's own limit: beyond it reading takes time that grows with their square."""


_LONG_NUMBER = f"a number of over {_LONGEST_NUMBER:,} digits"
_MOST_OBJECTS = 1_000_000
"""Of a document. The items with the most have one for each 30 characters."""
_MOST_BROKEN = 100
"""Lines of JSON lines. A broken one may be read to the end of the document before it is known to
be one, so that their number must be bounded."""


class _NotStrict(ValueError):
    """Why a value is refused that Python's reader would take."""


def _once(pairs: list[tuple[str, JsonValue]]) -> Object:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _NotStrict(f"two values under the name {name[:60]!r}")
            seen.add(name)
    return found


def _constant(name: str) -> NoReturn:
    raise _NotStrict(f"{name}, which is no number in JSON")


def _finite(digits: str) -> float:
    if len(digits) > _LONGEST_NUMBER:
        raise _NotStrict(_LONG_NUMBER)
    number = float(digits)
    if math.isinf(number):
        raise _NotStrict("a number that is too large")
    return number


# Line separators in strings are line feeds by now: the document's text has no others.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_once, parse_constant=_constant, parse_float=_finite, strict=False
)


def read(text: str) -> list[JsonValue | MalformedInput]:
    """The values of a document: one, or several where it is JSON lines.

    Reading takes some 100 bytes and a microsecond for each object and list, however small.

    Returns:
        The values in order. In JSON lines an error stands where a line holds no value; behind the
        last that is borne with nothing is read.

    Raises:
        MalformedInput: the document is no JSON, or has what receivers read differently.
        InputTooLarge: it has more objects and lists than any wire has.
    """
    # Fewer characters than that can't be more objects: hardly any document is counted.
    objects = text.count("{") + text.count("[") if len(text) > _MOST_OBJECTS else 0
    if objects > _MOST_OBJECTS:
        raise InputTooLarge(
            f"JSON of {objects:,} objects and lists, over the limit of {_MOST_OBJECTS:,}",
            "split it into its items",
        )
    start = len(text) - len(text.lstrip()) if text[:1].isspace() else 0
    first, end = _value(text, start)
    if end == len(text):
        return [first]
    if not isinstance(first, dict) or text[end] not in "{[":
        raise MalformedInput(f"no JSON: more text after its end{_place(text, end)}")
    values: list[JsonValue | MalformedInput] = [first]
    broken = 0
    while end < len(text):
        try:
            value, end = _value(text, end)
            values.append(value)
        except MalformedInput as error:
            broken += 1
            if broken == _MOST_BROKEN:
                rest = MalformedInput(f"{broken} broken lines, and what follows isn't read")
                return [*values, rest]
            values.append(error)
            following = _NEXT_VALUE.search(text, end)
            end = following.end() if following else len(text)
    return values


def _value(text: str, start: int) -> tuple[JsonValue, int]:
    """A value, and where the next begins or the text ends."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        cause = error.msg[:1].lower() + error.msg[1:]
        raise MalformedInput(f"no JSON: {cause}{_place(text, error.pos)}") from None
    except _NotStrict as error:
        raise MalformedInput(f"JSON with {error}") from None
    except RecursionError:
        raise MalformedInput("JSON that is nested too deep") from None
    except ValueError:
        raise MalformedInput(f"JSON with {_LONG_NUMBER}") from None
    while end < len(text) and text[end].isspace():
        end += 1
    return value, end


def _place(text: str, place: int) -> str:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return f" (line {line:,}, column {column:,})"


def may_have_surrogates(text: str) -> bool:
    """Whether a document escapes any surrogate: only then its strings need a look."""
    return "\\" in text and _SURROGATE.search(text) is not None


def refuse_surrogates(value: JsonValue) -> None:
    """Let a value through whose strings are Unicode.

    Raises:
        MalformedInput: one has half a surrogate pair.
    """
    for string in _strings(value):
        try:
            string.encode("utf-8")
        except UnicodeEncodeError:
            raise MalformedInput("JSON with half a surrogate pair in a string") from None


def _strings(value: JsonValue) -> Iterator[str]:
    waiting: list[JsonValue] = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend(one)
            waiting.extend(one.values())


# --- looking at it -----------------------------------------------------------------------------


def lowered(item: Object) -> Object:
    """The same with names in lower case: ninjs 1 writes ``pubstatus`` and ninjs 3 ``pubStatus``."""
    return {name.lower(): value for name, value in item.items()}


def raw(item: Object, *names: str) -> str:
    """The first of these that is a string with anything in it, or a number; else empty."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str):
            if value and not value.isspace():
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def text(item: Object, *names: str) -> str:
    """The same as one line."""
    for name in names:
        value = item.get(name)
        if isinstance(value, str):
            if found := one_line(value):
                return found
        elif value is not None and (found := raw(item, name)):
            return found
    return ""


def texts(item: Object, name: str) -> list[str]:
    """The strings in a list, or the one string, each as one line, none of them empty."""
    value = item.get(name)
    values = value if isinstance(value, list) else [value]
    lines = (one_line(one) for one in values if isinstance(one, str))
    return [line for line in lines if line]


def object_in(item: Object, name: str) -> Object:
    """The object under a name; empty where there is none."""
    value = item.get(name)
    return value if isinstance(value, dict) else {}


def objects_as_named(item: Object, name: str) -> list[Object]:
    """The objects in a list, or among the values of an object of objects."""
    value = item.get(name)
    if isinstance(value, dict):
        inner = [one for one in value.values() if isinstance(one, dict)]
        return (inner or [value]) if value else []
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def objects(item: Object, name: str) -> list[Object]:
    """The same, their names in lower case."""
    return [lowered(one) for one in objects_as_named(item, name)] if item.get(name) else []


def whole(item: Object, name: str) -> int | None:
    """A whole number, or one spelled as a string; ``None``: it is none."""
    value = item.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return None
