"""The messages of a maildir. They are only ever read: none is moved, marked or removed.

A message is named ``maildir:///FOLDER/NAME``, by the unique part of its file's name: the rest are
flags, and change when somebody reads it, as its place does (``new/``, then ``cur/``).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from newswire.errors import FetchError
from newswire.sources.addressing import quoted, split_url, unquoted
from newswire.sources.fetched import Fetched, Listed, Listing, Validators
from newswire.sources.files import read_file
from newswire.sources.kinds import MaildirSource
from newswire.sources.window import Window

_PLACES = ("new", "cur")
"""``tmp`` has what is still being delivered."""
_NEVER_CHANGES = "never changes"


def list_maildir(source: MaildirSource, window: Window) -> Listing:
    """The messages that were delivered in a window, the oldest first.

    Raises:
        FetchError: it is no maildir.
    """
    found: dict[str, float] = {}
    for place in _PLACES:
        try:
            entries = list((source.path / place).iterdir())
        except OSError as error:
            raise FetchError(f"{source.path} is no maildir: {error}") from error
        for entry in entries:
            try:
                written = entry.lstat().st_mtime
            except OSError:
                continue  # somebody has just read it: it is in `cur` now
            if not entry.name.startswith("."):
                found[_unique(entry.name)] = written
    delivered = sorted((written, name) for name, written in found.items())
    return source.limited(
        [
            Listed(f"maildir://{quoted(str(source.path.resolve()))}/{quoted(name)}", _NEVER_CHANGES)
            for written, name in delivered
            if window.holds(datetime.fromtimestamp(written, UTC))
        ]
    )


def read_message(uri: str, max_bytes: int) -> Fetched:
    """The bytes of a message.

    Raises:
        FetchError: there is none, it can't be read, or it is too large.
    """
    folder, _, name = unquoted(split_url(uri).path).rpartition("/")
    for place in _PLACES:
        for entry in _entries(Path(folder) / place):
            if _unique(entry.name) == name:
                found = read_file(str(entry), max_bytes)
                return Fetched(
                    found.data, "message/rfc822", validators=Validators(listed=_NEVER_CHANGES)
                )
    raise FetchError("the maildir has no such message any more")


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise FetchError(f"{folder.parent} is no maildir: {error}") from error


def _unique(name: str) -> str:
    return name.partition(":")[0]
