"""The kinds of sources that ``sources.yaml`` may declare.

Credentials are no part of it: a source names a *connection* (see
:mod:`newswire.sources.credentials`).
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from newswire.sources.access import Access
from newswire.sources.addressing import WEB
from newswire.sources.fetched import Listed, Listing

_CONNECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")
_FORMS = {
    frozenset(WEB): "an http:// or https:// address",
    frozenset(("ftp", "ftps")): "an ftp:// or ftps:// address",
    frozenset(("sftp",)): "an sftp:// address",
    frozenset(("s3",)): "an s3:// address",
    frozenset(("imaps",)): "an imaps:// address",
}


def _address(value: str, schemes: frozenset[str]) -> str:
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise ValueError(f"not {_FORMS[schemes]}")
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "an address must not hold credentials: put them into an Airflow connection and name "
            "it as `connection`"
        )
    _ = parts.port  # raises ValueError where it is none
    return value


def _of(*schemes: str) -> AfterValidator:
    return AfterValidator(lambda value: _address(value, frozenset(schemes)))


def _connection(value: str) -> str:
    if not _CONNECTION.match(value):
        raise ValueError("no id of a connection: letters, digits, hyphens and underscores")
    return value


Url = Annotated[str, _of(*WEB)]
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


class _RemoteSource(_Source):
    connection: Connection | None = Field(
        None, description="Airflow connection, or NEWSWIRE_CONN_<ID>, with login and password."
    )

    @property
    def access(self) -> Access:
        """How its server is to be met."""
        return Access(connection=self.connection)


class _WebSource(_RemoteSource):
    delay: float | None = Field(
        None, ge=0, le=3600, description="Seconds between two requests to a host; none: setting."
    )


class _Many(BaseModel):
    limit: int = Field(
        1000, ge=1, le=100_000, description="Most documents of a run, the newest first."
    )

    def limited(self, documents: list[Listed]) -> Listing:
        """As many of the documents as a run takes, those at the end: names grow with time."""
        left = len(documents) - self.limit
        remarks = [f"{left} documents above the limit are left out"] if left > 0 else []
        return Listing(documents[max(left, 0) :], remarks)


class _Dated(_Many):
    """A source with a past: a run takes what is dated in its interval."""

    lookback: timedelta = Field(
        timedelta(days=1),
        ge=timedelta(0),
        description="How much longer a run over the present looks back: P1D, PT6H or seconds.",
    )


class DirectorySource(_Source):
    """Every file of a directory, but hidden ones and those still being written (``*.tmp``)."""

    kind: Literal["directory"]
    path: Path
    pattern: str = "*"
    settle: float = Field(
        2.0, ge=0, description="Seconds that nobody may have written to a file before it is taken."
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
        return _address(value, frozenset(WEB)) if "://" in value else value


class SitemapSource(_WebSource, _Dated):
    """The pages that a sitemap, a news sitemap or an index of them names."""

    kind: Literal["sitemap"]
    url: Url
    pattern: str = Field("*", description="Which addresses of pages are taken, as a shell's glob.")
    robots: bool = Field(True, description="Keep to the server's robots.txt.")
    # All pages are one server's, and the pace toward it is kept within a task.
    parallel: int = Field(1, ge=1, le=1, description="One: its pages are fetched one by one.")

    @property
    def access(self) -> Access:
        """How its server is to be met."""
        return Access(connection=self.connection, delay_s=self.delay, robots=self.robots)


class S3Source(_RemoteSource, _Dated):
    """The objects under a prefix of a bucket."""

    kind: Literal["s3"]
    url: Annotated[str, _of("s3")]
    pattern: str = Field("*", description="Which keys below the prefix, as a shell's glob.")
    endpoint: Url | None = Field(None, description="Of the server; none: the archive's.")
    region: str | None = Field(None, description="None: the archive's.")
    dates: str | None = Field(
        None,
        description="How days stand in keys after the prefix, such as %Y/%m/%d; none: an object "
        "is dated by when it was last modified.",
    )

    @property
    def access(self) -> Access:
        """How its server is to be met."""
        return Access(connection=self.connection, endpoint=self.endpoint, region=self.region)

    @field_validator("dates")
    @classmethod
    def _names_a_day(cls, value: str | None) -> str | None:
        if value is not None and not ("%Y" in value and ("%j" in value or "%d" in value)):
            raise ValueError("must name the day of a year: %Y with %m and %d, or %Y with %j")
        return value


class _Drop(_RemoteSource, _Many):
    """The files in a folder of a server, as an agency puts them there."""

    pattern: str = "*"
    settle: float = Field(
        10.0, ge=0, description="Seconds that nobody may have written to a file before it is taken."
    )


class FtpSource(_Drop):
    """A folder of an FTP server."""

    kind: Literal["ftp"]
    url: Annotated[str, _of("ftp", "ftps")]


class SftpSource(_Drop):
    """A folder of an SFTP server."""

    kind: Literal["sftp"]
    url: Annotated[str, _of("sftp")]
    connection: Connection
    host_key: str | None = Field(
        None,
        pattern=r"^[a-z0-9@.-]+ [A-Za-z0-9+/=]+$",
        description="The server's public key, as in known_hosts; none: that file's.",
    )

    @property
    def access(self) -> Access:
        """How its server is to be met."""
        return Access(connection=self.connection, host_key=self.host_key)


class ImapSource(_RemoteSource, _Dated):
    """The messages of a mailbox on an IMAP server, over TLS; none is marked or removed."""

    kind: Literal["imap"]
    url: Annotated[str, _of("imaps")]
    connection: Connection
    parallel: int = Field(1, ge=1, le=16, description="Tasks, each with a login of its own.")


class MaildirSource(_Source, _Dated):
    """The messages of a maildir; none is moved, marked or removed."""

    kind: Literal["maildir"]
    path: Path


Dated = SitemapSource | S3Source | ImapSource | MaildirSource
"""The kinds with a past, which can be backfilled."""
Source = Annotated[
    DirectorySource
    | FeedSource
    | DocumentSource
    | SitemapSource
    | S3Source
    | FtpSource
    | SftpSource
    | ImapSource
    | MaildirSource,
    Field(discriminator="kind"),
]
