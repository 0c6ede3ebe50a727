"""``sources.yaml``: what is fetched, from where and when. A source is a DAG, ``fetch_<name>``."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, field_validator

from newswire.declared import read_declared
from newswire.sources.addressing import is_url
from newswire.sources.kinds import DirectorySource, DocumentSource, MaildirSource, Source

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")


def checked_name(name: str) -> str:
    """The name, where it can be a source's: it is part of S3 keys, of client ids and of a DAG's.

    Raises:
        ValueError: it can't.
    """
    if not _NAME.match(name):
        raise ValueError(
            f"{name!r} is no name for a source: lower case letters, digits and hyphens"
        )
    return name


class DeclaredSources(BaseModel):
    """The whole of ``sources.yaml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: dict[str, Source]

    @field_validator("sources")
    @classmethod
    def _names(cls, value: dict[str, Source]) -> dict[str, Source]:
        for name in value:
            checked_name(name)
        return value


def read_sources(path: Path) -> dict[str, Source]:
    """The declared sources by name; relative paths are made relative to the file's folder.

    Raises:
        ConfigError: with the line of each mistake.
    """
    declared = read_declared(path, DeclaredSources, variable="NEWSWIRE_SOURCES_FILE").sources
    return {name: _anchored(source, path.parent) for name, source in declared.items()}


def _anchored(source: Source, folder: Path) -> Source:
    if isinstance(source, DirectorySource | MaildirSource):
        return source.model_copy(update={"path": folder / source.path})
    if isinstance(source, DocumentSource) and not is_url(source.uri):
        return source.model_copy(update={"uri": str(folder / source.uri)})
    return source
