"""JSON Schema (2020-12) of the topics' values: checked when produced and when consumed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import jsonschema_rs
from pydantic import ValidationError

from newswire.contracts.topics import MAX_VALUE_BYTES, TOPICS
from newswire.errors import ConfigError, ContractViolation
from newswire.stories.model import Record

_SHOWN_ERRORS = 3
R = TypeVar("R", bound=Record)


class Contracts:
    """The schemas of all topics, compiled once."""

    def __init__(self, schemas_dir: Path) -> None:
        self._validators = {
            name: _compile(schemas_dir / "topics" / topic.schema_file)
            for name, topic in TOPICS.items()
        }

    def encode(self, topic: str, record: Record) -> bytes:
        """The value as it is produced.

        Raises:
            ContractViolation: it breaks the topic's schema or its model, or is larger than a
                record may be.
        """
        try:
            value = record.to_json()
        except ValueError as error:
            # A lone surrogate is a Python string, but no UTF-8.
            raise ContractViolation(f"a value for {topic} can't be written: {error}") from error
        if len(value) > MAX_VALUE_BYTES:
            # Kafka would refuse it now and at each retry: it is the record that is at fault.
            raise ContractViolation(
                f"a value for {topic} of {len(value):,} bytes, over the limit of "
                f"{MAX_VALUE_BYTES:,}"
            )
        self._check(topic, json.loads(value))
        # Not only as it was made: a copy with changed fields is validated by nobody else.
        _read(topic, value, type(record))
        return value

    def decode(self, topic: str, value: bytes | None, kind: type[R]) -> R:
        """Read a consumed value.

        Raises:
            ContractViolation: it is no JSON, or breaks the topic's schema or its model.
        """
        if value is None:
            raise ContractViolation(f"a record without a value on {topic}")
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ContractViolation(f"a value on {topic} is not JSON: {error}") from error
        self._check(topic, parsed)
        return _read(topic, value, kind)

    def _check(self, topic: str, value: object) -> None:
        errors = list(self._validators[topic].iter_errors(value))
        if errors:
            shown = _first([_where(error.instance_path) + error.message[:200] for error in errors])
            raise ContractViolation(
                f"a value for {topic} breaks {TOPICS[topic].schema_file}: {shown}"
            )


@lru_cache(maxsize=8)
def contracts(schemas_dir: Path) -> Contracts:
    """The compiled schemas of a folder."""
    return Contracts(schemas_dir)


def _read(topic: str, value: bytes, kind: type[R]) -> R:
    """The model asks for what JSON Schema can't say, e.g. that a span quotes the body."""
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        mistakes = error.errors(include_url=False, include_input=False, include_context=False)
        shown = _first([_where(one["loc"]) + one["msg"] for one in mistakes])
        raise ContractViolation(f"a value for {topic} breaks its contract: {shown}") from error


def _first(mistakes: Sequence[str]) -> str:
    more = len(mistakes) - _SHOWN_ERRORS
    return "; ".join(mistakes[:_SHOWN_ERRORS]) + (f" (and {more} more)" if more > 0 else "")


def _where(path: Iterable[str | int]) -> str:
    return ("/".join(str(part) for part in path) or "value") + ": "


def _compile(path: Path) -> jsonschema_rs.Draft202012Validator:
    try:
        schema = json.loads(path.read_text("utf-8"))
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no usable schema at {path}: {error}",
            "set NEWSWIRE_SCHEMAS_DIR to the schemas/ folder",
        ) from error
