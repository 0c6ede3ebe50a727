"""What goes into a parser and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from newswire.errors import ParseError
from newswire.stories.draft import Draft


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document, decoded and recognised."""

    data: bytes = field(repr=False)
    """The bytes as they came, for a format that is defined in bytes."""
    text: str = field(repr=False)
    """The characters: no byte order mark, and no control character but tab and line feed where the
    format isn't one of those that are read from an XML tree (:attr:`table.Format.from_tree`)."""
    encoding: str
    """The character set that the bytes turned out to be in, as Python names it."""
    media_type: str
    """As sniffed, not as declared."""
    max_chars: int
    """The longest body of one story."""
    uri: str
    """Where the bytes came from: the base of relative links, never fetched."""


@dataclass(frozen=True)
class Failure:
    """One entry of a document that holds no story; its neighbours do."""

    entry: str
    """The entry's own id, else its link, else its place: ``entry 3``."""
    error: ParseError
    key: str = ""
    """What is the same at every fetch where ``entry`` is a place, which may change: a hash of what
    the entry says."""


@dataclass(frozen=True)
class Entries:
    """What a parser found: the stories, and the entries that are none."""

    drafts: list[Draft]
    failures: list[Failure] = field(default_factory=list)


@dataclass(frozen=True)
class Parsed:
    """A document's stories, and what it turned out to be."""

    format: str
    media_type: str
    encoding: str
    drafts: list[Draft]
    failures: list[Failure]


class Parser(Protocol):
    """The one function that a format's module must have, by the name ``parse``."""

    def __call__(self, document: Document) -> Entries:
        """Read every story of the document, without any access to network or disk.

        Raises:
            ParseError: no story can be read from the document as a whole.
        """
        ...
