"""What is listed of a source, and what a fetch brings back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Listed:
    """A document that a source has."""

    uri: str
    state: str | None = None
    """What the listing says of its state, such as size and time: while that stays the same the
    document isn't asked for again. ``None``: the listing says nothing."""


@dataclass(frozen=True)
class Listing:
    """What a source has."""

    documents: list[Listed]
    remarks: list[str] = field(default_factory=list)
    """One line for each thing that was left out, for people."""


@dataclass(frozen=True)
class Validators:
    """What was said of the copy that we have, for a conditional request."""

    etag: str | None = None
    last_modified: str | None = None
    listed: str | None = None
    """Its state as the listing of its source had it."""


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
    """The copy we have is still the newest."""
