"""How a source's server is to be met: what every fetch of its documents must know."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Access(BaseModel):
    """Small and JSON-ready: it goes from task to task. It names credentials and holds none."""

    model_config = ConfigDict(frozen=True)

    connection: str | None = None
    """The Airflow connection with the credentials."""
    robots: bool = False
    """Whether the server's robots.txt is kept to."""
    delay_s: float | None = None
    """Shortest time between two requests to a server; ``None``: the configured one."""
    host_key: str | None = None
    """SFTP: the server's public key, as in ``known_hosts``; ``None``: that file's."""
    endpoint: str | None = None
    """S3: where; ``None``: where the archive is."""
    region: str | None = None
    """S3: the region; ``None``: the archive's."""
