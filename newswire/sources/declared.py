"""``sources.yaml``: what is fetched, from where and when.

A source becomes one DAG, ``fetch_<name>``. Kinds: ``directory`` (every file in it), ``feed``
(RSS or Atom over HTTP) and ``document`` (a single page or text, by path or URL).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from newswire.declared import read_declared
from newswire.sources.access import Access

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
_CONNECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")


def is_url(uri: str) -> bool:
    """Whether a document is had over HTTP rather than from a file."""
    return uri.partition(":")[0].lower() in {"http", "https"}


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


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("not an http:// or https:// address")
    if parts.username or parts.password:
        raise ValueError("an address must not hold credentials")
    return value


def _connection(value: str) -> str:
    if not _CONNECTION.match(value):
        raise ValueError("no id of a connection: letters, digits, hyphens and underscores")
    return value


Url = Annotated[str, AfterValidator(_url)]
Connection = Annotated[str, AfterValidator(_connection)]
"""The id of a connection: a name for credentials, never the credentials themselves."""


class _Source(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = True
    schedule: str | None = Field(
        None, description="Cron expression or preset of Airflow; none: only when triggered."
    )
    internal: bool = Field(
        False, description="May lie on a private or loopback address; others are refused there."
    )
    parallel: int = Field(
        4, ge=1, le=64, description="Most tasks that a run's documents are shared out to."
    )

    @property
    def access(self) -> Access:
        """How its server is to be met."""
        return Access()


class DirectorySource(_Source):
    """Every file of a directory, but hidden ones and those still being written (``*.tmp``)."""

    kind: Literal["directory"]
    path: Path
    pattern: str = "*"
    settle: float = Field(
        2.0, ge=0, description="Seconds that nobody may have written to a file before it is taken."
    )


class _WebSource(_Source):
    connection: Connection | None = Field(
        None, description="Airflow connection, or NEWSWIRE_CONN_<ID>, with login and password."
    )
    delay: float | None = Field(
        None, ge=0, description="Seconds between two requests to a host; none: the setting."
    )


class FeedSource(_WebSource):
    """An RSS or Atom feed: every entry is a story."""

    kind: Literal["feed"]
    url: Url

    @property
    def access(self) -> Access:
        """How its server is to be met. A feed is there to be fetched: no robots.txt is asked."""
        return Access(connection=self.connection, delay_s=self.delay)


class DocumentSource(_WebSource):
    """A single page or text."""

    kind: Literal["document"]
    uri: Annotated[str, Field(min_length=1)]
    robots: bool = Field(True, description="Keep to the server's robots.txt.")

    @property
    def access(self) -> Access:
        """How its server is to be met."""
        return Access(connection=self.connection, delay_s=self.delay, robots=self.robots)

    @field_validator("uri")
    @classmethod
    def _checked(cls, value: str) -> str:
        return _url(value) if "://" in value else value


Source = Annotated[DirectorySource | FeedSource | DocumentSource, Field(discriminator="kind")]


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
    if isinstance(source, DirectorySource):
        return source.model_copy(update={"path": folder / source.path})
    if isinstance(source, DocumentSource) and not is_url(source.uri):
        return source.model_copy(update={"uri": str(folder / source.uri)})
    return source
