"""JSON Schema (2020-12) of the topics' values: checked when produced and when consumed."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import jsonschema_rs

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
            ContractViolation: it breaks the topic's schema, or is larger than a record may be.
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
        return value

    def decode(self, topic: str, value: bytes | None, kind: type[R]) -> R:
        """Read a consumed value.

        Raises:
            ContractViolation: it is no JSON, or breaks the topic's schema.
        """
        if value is None:
            raise ContractViolation(f"a record without a value on {topic}")
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise ContractViolation(f"a value on {topic} is not JSON: {error}") from error
        self._check(topic, parsed)
        try:
            return kind.model_validate_json(value)
        except ValueError as error:
            # The model asks for what JSON Schema can't say, e.g. a time zone in every date.
            raise ContractViolation(f"a value on {topic} breaks its contract: {error}") from error

    def _check(self, topic: str, value: object) -> None:
        errors = list(self._validators[topic].iter_errors(value))
        if errors:
            shown = "; ".join(_one_line(error) for error in errors[:_SHOWN_ERRORS])
            more = (
                f" (and {len(errors) - _SHOWN_ERRORS} more)" if len(errors) > _SHOWN_ERRORS else ""
            )
            raise ContractViolation(
                f"a value for {topic} breaks {TOPICS[topic].schema_file}: {shown}{more}"
            )


@lru_cache(maxsize=8)
def contracts(schemas_dir: Path) -> Contracts:
    """The compiled schemas of a folder."""
    return Contracts(schemas_dir)


def _one_line(error: jsonschema_rs.ValidationError) -> str:
    where = "/".join(str(part) for part in error.instance_path)
    return f"{where or 'value'}: {error.message[:200]}"


def _compile(path: Path) -> jsonschema_rs.Draft202012Validator:
    try:
        schema = json.loads(path.read_text("utf-8"))
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no usable schema at {path}: {error}",
            "set NEWSWIRE_SCHEMAS_DIR to the schemas/ folder",
        ) from error
