"""What failed of a document, and a dead letter for what did not fail in the same way before."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Collection, Mapping

from newswire.bus.deadletters import Stage, dead_letter, origin_key
from newswire.contracts.topics import DEAD_LETTERS
from newswire.errors import BadInput, ParseError
from newswire.stories.model import Origin, RawReference, Record

Publish = Callable[[str, Record, bytes | None], None]
"""Sends a record to a topic under a key: :meth:`newswire.bus.publisher.Publisher.publish`."""

log = logging.getLogger(__name__)

_CREDENTIALS = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.IGNORECASE)

_DIGIT = re.compile(r"\d")

_LONGEST_ORIGIN = 4096
"""Characters of an address in a dead letter, where it is the record's key as well."""

_LONGEST_LINE = 500
"""Characters of a line that is remembered: a feed may have thousands."""


class Failures:
    """The failures of one document at one fetch."""

    def __init__(
        self, publish: Publish | None, origin: Origin, before: Collection[str] = ()
    ) -> None:
        """Args:
        publish: sends the dead letters; none: no letters.
        origin: the document.
        before: the keys of :attr:`remembered` as they were at the last fetch.
        """
        self._publish = publish
        self._origin = origin
        self._before = before
        self._remembered: dict[str, str] = {}
        self._lines: list[str] = []
        self.letters = 0
        """Dead letters that were sent."""

    def add(
        self,
        stage: Stage,
        error: BadInput,
        raw: RawReference | None = None,
        *,
        entry: str | None = None,
        key: str = "",
    ) -> None:
        """Note a failure, and send its dead letter where it is new.

        Args:
            stage: where it failed.
            error: why.
            raw: where the bytes are, if there are any.
            entry: the part of the document that failed; none: the whole.
            key: what tells this part from others at every fetch, where ``entry`` does not: it is
                only its place in this one, or several parts have it.
        """
        fingerprint = _fingerprint(key or entry or "", error)
        if fingerprint in self._remembered:
            return
        uri = self._origin.uri or ""
        # An entry's own id is part of it, and may be of any length.
        uri = writable(f"{uri}#{entry}" if entry else uri)[:_LONGEST_ORIGIN]
        line = f"{uri}: {error}"
        self._remembered[fingerprint] = line[:_LONGEST_LINE]
        if fingerprint in self._before:
            self._lines.append(as_before(line))
            return
        self._lines.append(line)
        if self._publish is not None:
            origin = self._origin.model_copy(update={"uri": uri})
            letter = dead_letter(stage, error, origin, raw=raw)
            self._publish(DEAD_LETTERS, letter, origin_key(origin))
            self.letters += 1

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each, for people: where and why."""
        return tuple(self._lines)

    @property
    def remembered(self) -> Mapping[str, str]:
        """What the next fetch is to know: a fingerprint of each failure, and its line."""
        return self._remembered


def as_before(line: str) -> str:
    """The line of a failure that has its dead letter since an earlier fetch."""
    return f"{line} (as at the last fetch: no new dead letter)"


def writable(address: str) -> str:
    """The address as it may be written: in UTF-8, which a file's name need not be.

    Without credentials, too; the fetch refuses an address that has them.
    """
    return _CREDENTIALS.sub(r"\1***@", address.encode("utf-8", "backslashreplace").decode("utf-8"))


def fault_of_the_document(error: Exception, level: int = logging.ERROR) -> BadInput:
    """What no parser foresaw is a fault of this document too: its neighbours must go through.

    Args:
        error: what a parser raised.
        level: at which it is logged, where nobody foresaw it.
    """
    if isinstance(error, BadInput):
        return error
    log.log(level, "a parser failed", exc_info=error)
    return ParseError(f"the parser failed: {type(error).__name__}: {error}")


def _without_what_varies(cause: str) -> str:
    """A cause without what may be another at each fetch though nothing has changed.

    That are numbers of any kind (bytes received, a line of the document, a time, one of a name's
    addresses, a server's request id) and addresses, whose ends may be a session's. The status of
    HTTP stays: it *is* the cause.
    """
    words = cause.split()
    return " ".join(
        word if before == "HTTP" or not (_DIGIT.search(word) or "://" in word) else "#"
        for before, word in zip(["", *words], words, strict=False)
    )


def _fingerprint(key: str, error: BadInput) -> str:
    said = f"{key}\n{type(error).__name__}\n{_without_what_varies(error.cause)}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
