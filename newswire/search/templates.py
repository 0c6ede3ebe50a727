"""Apply the Elasticsearch templates of ``schemas/elasticsearch/``; again and again does no harm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from newswire.errors import ConfigError
from newswire.search.client import unavailable_means_wait

_COMPONENT, _INDEX_TEMPLATE = "component-", "index-template-"


def apply_templates(client: Elasticsearch, schemas_dir: Path) -> list[str]:
    """Put the component templates, then the index templates. Returns their names.

    Raises:
        ConfigError: there are none at ``schemas_dir``, or one is no JSON.
        DependencyUnavailable: Elasticsearch does not answer.
    """
    folder = schemas_dir / "elasticsearch"
    components = _read(folder, _COMPONENT)
    templates = _read(folder, _INDEX_TEMPLATE)
    if not templates:
        raise ConfigError(f"no Elasticsearch templates in {folder}", "set NEWSWIRE_SCHEMAS_DIR")
    with unavailable_means_wait():
        for name, body in components.items():
            client.cluster.put_component_template(name=name, **_arguments(body))
        for name, body in templates.items():
            client.indices.put_index_template(name=name, **_arguments(body))
    return [*components, *templates]


def _read(folder: Path, prefix: str) -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted(folder.glob(f"{prefix}*.json")):
        try:
            found[path.stem.removeprefix(prefix)] = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise ConfigError(f"{path} is not JSON: {error}") from error
    return found


def _arguments(body: dict[str, Any]) -> dict[str, Any]:
    # The client's argument for `_meta` has no underscore.
    return {name.removeprefix("_"): value for name, value in body.items()}
