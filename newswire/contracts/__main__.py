"""``python -m newswire.contracts``: write schemas/topics/*.schema.json from the model."""

from __future__ import annotations

import json

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from newswire.config import load_settings
from newswire.contracts.topics import TOPICS, Topic


class _AbsentNotNull(GenerateJsonSchema):
    """Writes an optional field as one that may be absent: a record never holds ``null``."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        generated = super().default_schema(schema)
        if generated.get("default", "absent") is None:
            del generated["default"]
        return generated

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def schema_of(topic: Topic) -> str:
    """The topic's JSON Schema, self-contained, as the text of its file."""
    schema = topic.value.model_json_schema(schema_generator=_AbsentNotNull)
    head = {
        "$schema": _AbsentNotNull.schema_dialect,
        "$id": topic.schema_id,
        "title": f"{topic.name}: {topic.title}",
    }
    schema.pop("title", None)
    return json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas() -> None:
    """Write all schemas to the configured folder."""
    folder = load_settings().schemas_dir / "topics"
    folder.mkdir(parents=True, exist_ok=True)
    for topic in TOPICS.values():
        (folder / topic.schema_file).write_text(schema_of(topic), "utf-8")


if __name__ == "__main__":
    write_schemas()
