"""Every error that Newswire raises on purpose, as one tree.

    NewswireError
    ├── BadInput                 this input is at fault: dead letter, its neighbours go on
    │   ├── FetchError           no bytes: refused, timed out, redirected for ever, too large
    │   ├── ParseError           bytes, but no story in them
    │   │   ├── EmptyInput
    │   │   ├── BinaryInput
    │   │   ├── UnknownEncoding
    │   │   ├── MalformedInput   a feed that isn't XML, a page that isn't HTML
    │   │   ├── NoArticle        readable, but nothing in it is a story
    │   │   ├── NoHeadline
    │   │   └── InputTooLarge
    │   └── ContractViolation    a record that breaks the schema of its topic
    ├── NotYet                   a source asks to be left alone: its next run takes it
    ├── DependencyUnavailable    Kafka, Elasticsearch or S3 is at fault: wait, never drop
    ├── ConfigError              a setting, sources.yaml or targets.yaml is at fault
    └── StackError               the embedded servers can't be started or stopped

An error says the cause and, where there is one, the remedy; both are one line, for people.
"""

from __future__ import annotations


class NewswireError(Exception):
    """Base of the tree. ``str(error)`` is one line: the cause, then the remedy."""

    def __init__(self, cause: str, remedy: str | None = None) -> None:
        self.cause = " ".join(cause.split())
        self.remedy = " ".join(remedy.split()) if remedy else None
        super().__init__(self.cause)

    def __str__(self) -> str:
        return f"{self.cause}; {self.remedy}" if self.remedy else self.cause


class BadInput(NewswireError):
    """One input is at fault. It goes to the dead letters, its neighbours go through."""


class FetchError(BadInput):
    """A source gave no bytes."""


class ParseError(BadInput):
    """The bytes hold no story that can be read."""


class EmptyInput(ParseError):
    """Nothing, or nothing but white space."""


class BinaryInput(ParseError):
    """Neither text nor markup: an image, an archive, a program."""


class UnknownEncoding(ParseError):
    """A character set that is not known, or bytes that are not in the one declared."""


class MalformedInput(ParseError):
    """Looks like a format, breaks its rules."""


class NoArticle(ParseError):
    """Well formed, but nothing in it is a story."""


class NoHeadline(ParseError):
    """A story without a headline."""


class InputTooLarge(ParseError):
    """Larger than the configured limit."""


class ContractViolation(BadInput):
    """A record that breaks the JSON Schema of its topic."""


class NotYet(NewswireError):
    """A document isn't to be had now, and nobody is at fault: it is left for a later run."""


class DependencyUnavailable(NewswireError):
    """Kafka, Elasticsearch or S3 did not answer. Wait and try again; nothing is dropped."""


class ConfigError(NewswireError):
    """A setting or a declared file is wrong. Nothing was started."""


class StackError(NewswireError):
    """The embedded servers could not be started or stopped."""
