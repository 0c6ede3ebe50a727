"""Apply the Elasticsearch templates of ``schemas/elasticsearch/``; again and again does no harm.

A template is for the months to come. The months that are there get what their mapping lacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TypeVar

from elasticsearch import BadRequestError, Elasticsearch
from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from newswire.errors import ConfigError
from newswire.search import claims_index
from newswire.search.client import ALIAS, unavailable_means_wait
from newswire.search.document import INDEX_PREFIX

_COMPONENT, _INDEX_TEMPLATE = "component-", "index-template-"

JsonObject = dict[str, JsonValue]


class _Parts(BaseModel):
    """What an index gets; each part is Elasticsearch's own, and handed on as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    settings: JsonObject | None = None
    mappings: JsonObject | None = None
    aliases: JsonObject | None = None


class ComponentTemplate(BaseModel):
    """A building block of index templates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    template: _Parts
    version: int
    meta: JsonObject = Field(alias="_meta")


class IndexTemplate(ComponentTemplate):
    """What an index gets whose name is like one of the patterns."""

    index_patterns: list[str]
    composed_of: list[str]
    priority: int


T = TypeVar("T", bound=ComponentTemplate)


def apply_templates(client: Elasticsearch, schemas_dir: Path) -> list[str]:
    """Put the component templates, then the index templates. Returns their names.

    Raises:
        ConfigError: there are none at ``schemas_dir``, one is no template, or a month that is
            there has a field of another kind.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    folder = schemas_dir / "elasticsearch"
    components = _read(folder, _COMPONENT, ComponentTemplate)
    templates = _read(folder, _INDEX_TEMPLATE, IndexTemplate)
    if not templates:
        raise ConfigError(f"no Elasticsearch templates in {folder}", "set NEWSWIRE_SCHEMAS_DIR")
    with unavailable_means_wait():
        for name, component in components.items():
            client.cluster.put_component_template(
                name=name,
                template=component.template.model_dump(exclude_none=True),
                version=component.version,
                meta=component.meta,
            )
        for name, template in templates.items():
            client.indices.put_index_template(
                name=name,
                index_patterns=template.index_patterns,
                composed_of=template.composed_of,
                priority=template.priority,
                template=template.template.model_dump(exclude_none=True),
                version=template.version,
                meta=template.meta,
            )
        for template in templates.values():
            parts = (components[name] for name in template.composed_of if name in components)
            _add_fields(client, template, [*parts, template])
            _renew_aliases(client, template)
    return [*components, *templates]


def ensure_alias(client: Elasticsearch, now: datetime | None = None) -> None:
    """Make the month's index where there is none at all: a dashboard's search is no error then.

    That of the stories, and that of the claims.

    Raises:
        DependencyUnavailable: Elasticsearch does not answer.
    """
    with unavailable_means_wait():
        for alias, prefix in ((ALIAS, INDEX_PREFIX), (claims_index.ALIAS, claims_index.PREFIX)):
            if not client.indices.exists_alias(name=alias):
                month = f"{prefix}{now or datetime.now(UTC):%Y.%m}"
                # 400: another one made it meanwhile.
                client.options(ignore_status=400).indices.create(index=month)


def _add_fields(
    client: Elasticsearch, template: IndexTemplate, parts: Sequence[ComponentTemplate]
) -> None:
    mappings = [part.template.mappings for part in parts if part.template.mappings]
    for index, mapping in product(_indices(client, template), mappings):
        try:
            client.indices.put_mapping(index=index, body=mapping)
        except BadRequestError as error:
            # A field's kind never changes within an index.
            raise ConfigError(
                f"the index {index} was made by another mapping: {error.message}: "
                f"{error.body['error']['reason']}",
                "write what is in it to a new index (on the embedded servers "
                "`newswire down --purge` removes all data)",
            ) from error


def _renew_aliases(client: Elasticsearch, template: IndexTemplate) -> None:
    months = _indices(client, template)
    if months and template.template.aliases:
        # One request: no reader meets a month without its filter.
        actions: list[JsonObject] = [
            {"add": {"indices": [*months], "alias": alias, **_object(rules)}}
            for alias, rules in template.template.aliases.items()
        ]
        client.indices.update_aliases(actions=actions)


def _indices(client: Elasticsearch, template: IndexTemplate) -> list[str]:
    """The indices that are there of a template; a pattern may be the name of one that isn't."""
    return list(
        client.indices.get(
            index=template.index_patterns, features="settings", ignore_unavailable=True
        )
    )


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _read(folder: Path, prefix: str, kind: type[T]) -> dict[str, T]:
    found = {}
    for path in sorted(folder.glob(f"{prefix}*.json")):
        try:
            found[path.stem.removeprefix(prefix)] = kind.model_validate_json(path.read_bytes())
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ConfigError(f"{path} is no template: {where}: {first['msg']}") from error
    return found
