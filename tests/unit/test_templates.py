"""Templates that can't be applied are a wrong setting, said before a server is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from elasticsearch import Elasticsearch

from newswire.config import ROOT
from newswire.errors import ConfigError
from newswire.search.templates import apply_templates

NOBODY = cast(Elasticsearch, None)
FILE = "component-newswire-stories-settings.json"


def written(folder: Path, text: str) -> Path:
    """A folder of schemas whose component template has another text."""
    target = folder / "elasticsearch"
    target.mkdir()
    for path in (ROOT / "schemas/elasticsearch").glob("*.json"):
        (target / path.name).write_text(
            text if path.name == FILE else path.read_text("utf-8"), "utf-8"
        )
    return folder


def changed(**differs: Any) -> str:
    path = ROOT / "schemas/elasticsearch" / FILE
    return json.dumps(json.loads(path.read_text("utf-8")) | differs)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("not JSON", "Invalid JSON"),
        (changed(version="two"), "version: Input should be a valid integer"),
        (changed(templte={}), "templte: Extra inputs are not permitted"),
        (changed(template={"mapping": {}}), r"template\.mapping: Extra inputs"),
    ],
    ids=["words", "version", "misspelt", "misspelt-within"],
)
def test_a_file_that_is_no_template_is_named_with_its_mistake(
    tmp_path: Path, text: str, cause: str
) -> None:
    with pytest.raises(ConfigError, match=f"{FILE} is no template: .*{cause}"):
        apply_templates(NOBODY, written(tmp_path, text))


def test_a_folder_without_templates_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NEWSWIRE_SCHEMAS_DIR"):
        apply_templates(NOBODY, tmp_path)
