"""What a fetch brings back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Validators:
    """What a server said of the copy that we have, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Fetched:
    """The bytes of a document."""

    data: bytes
    declared_type: str | None = None
    """``Content-Type`` as the server sent it: a claim, not a fact."""
    url: str | None = None
    """Where it was in the end, after redirects; ``None`` for a file."""
    validators: Validators = Validators()


@dataclass(frozen=True)
class NotModified:
    """The server says that the copy we have is still the newest."""
