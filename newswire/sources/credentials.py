"""Names and passwords for sources: from a connection, never from ``sources.yaml``.

A connection is looked for, first found first: the variable ``NEWSWIRE_CONN_<ID>``, the variable
``AIRFLOW_CONN_<ID>``, Airflow itself (its secrets backends and its database, from within a task).
A variable holds what Airflow's holds: a URI (``ftp://ada:secret@host``, percent-encoded) or JSON
(``{"login": "ada", "password": "secret", "extra": {…}}``).
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from newswire.errors import ConfigError, FetchError
from newswire.sources.access import Access
from newswire.sources.addressing import split_url


@dataclass(frozen=True)
class Credentials:
    """What a server lets us in for. Its text holds no secret."""

    connection: str
    login: str | None = None
    password: str | None = field(default=None, repr=False)
    host: str | None = None
    """The server that they are for; ``None``: the connection names none."""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    def for_host(self, host: str) -> Credentials:
        """These, where they are for this server.

        Raises:
            ConfigError: they are for another.
        """
        if self.host and self.host.lower() != host.lower():
            raise ConfigError(
                f"the connection {self.connection!r} is for {self.host}, not for {host}",
                "name another connection, or leave the host out of it",
            )
        return self

    def http_authorization(self) -> str:
        """The header: basic where there is a login, else the password as a bearer's token."""
        if self.login is None:
            return f"Bearer {self.password or ''}"
        pair = f"{self.login}:{self.password or ''}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"


def find_credentials(connection: str) -> Credentials:
    """The credentials of a connection.

    Raises:
        ConfigError: there is none of this id, or it can't be read; without what it holds.
    """
    for variable in (variable_of(connection), f"AIRFLOW_CONN_{_upper(connection)}"):
        stated = os.environ.get(variable)
        if stated:
            return _read(connection, stated, variable)
    return _from_airflow(connection)


@dataclass(frozen=True)
class Login:
    """A server that lets nobody in without a login, and the login."""

    host: str
    port: int | None
    credentials: Credentials


def login_of(uri: str, access: Access) -> Login:
    """The server of an address, and the credentials for it.

    Raises:
        FetchError: the address names no server.
        ConfigError: the source names no connection, or one that is no use here.
    """
    parts = split_url(uri)
    if not parts.hostname:
        raise FetchError(f"{uri[:200]} names no server")
    if access.connection is None:
        raise ConfigError(
            f"{parts.scheme}://{parts.hostname} needs a login", "name a connection that has one"
        )
    credentials = find_credentials(access.connection).for_host(parts.hostname)
    return Login(parts.hostname, parts.port, credentials)


def variable_of(connection: str) -> str:
    """The variable of our own that may hold a connection."""
    return f"NEWSWIRE_CONN_{_upper(connection)}"


def _upper(connection: str) -> str:
    return connection.upper().replace("-", "_")


def _read(connection: str, stated: str, variable: str) -> Credentials:
    try:
        return (
            _from_json(connection, stated) if stated[:1] == "{" else _from_uri(connection, stated)
        )
    except (ValueError, TypeError, AttributeError):
        # What is wrong with it would show what it is.
        raise ConfigError(f"{variable} is neither a connection's URI nor its JSON") from None


def _from_json(connection: str, stated: str) -> Credentials:
    read = json.loads(stated)
    extra = read.get("extra") or {}
    extra = json.loads(extra) if isinstance(extra, str) else extra
    return Credentials(
        connection,
        read.get("login"),
        read.get("password"),
        read.get("host") or None,
        {str(name): str(value) for name, value in extra.items()},
    )


def _from_uri(connection: str, stated: str) -> Credentials:
    parts = urlsplit(stated)
    if not parts.scheme or "://" not in stated:
        raise ValueError
    extra = dict(parse_qsl(parts.query, keep_blank_values=True))
    nested = extra.pop("__extra__", None)
    if nested:
        extra |= {str(name): str(value) for name, value in json.loads(nested).items()}
    return Credentials(
        connection,
        _unquoted(parts.username),
        _unquoted(parts.password),
        _unquoted(parts.hostname),
        extra,
    )


def _unquoted(part: str | None) -> str | None:
    return unquote(part) if part else None


def _from_airflow(connection: str) -> Credentials:
    # Some seconds to import, and needed by few.
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException, AirflowRuntimeError

    try:
        found = Connection.get(connection)
    except (AirflowNotFoundException, AirflowRuntimeError) as error:
        raise ConfigError(
            f"there is no connection {connection!r}",
            f"add it to Airflow, or set {variable_of(connection)}",
        ) from error
    extra = {str(name): str(value) for name, value in found.extra_dejson.items()}
    return Credentials(connection, found.login, found.password, found.host or None, extra)
