"""Documents that are files."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from newswire.errors import FetchError, NotYet
from newswire.sources.expand import too_large
from newswire.sources.fetched import Fetched, Listed, Validators
from newswire.sources.names import is_finished


def list_directory(folder: Path, pattern: str = "*") -> list[str]:
    """The files to ingest, sorted by name. Links that lead out of the folder are left out.

    Raises:
        FetchError: there is no such folder.
    """
    try:
        root = folder.resolve(strict=True)
        entries = sorted(folder.glob(pattern))
    except (OSError, ValueError, NotImplementedError) as error:
        raise FetchError(f"the directory {folder} can't be read: {error}") from error
    if not root.is_dir():
        raise FetchError(f"{folder} is not a directory")
    return [str(entry) for entry in entries if _wanted(entry, folder, root)]


def list_settled(
    folder: Path, pattern: str, settle_s: float, now: float | None = None
) -> list[Listed]:
    """The files of a directory that nobody has written to for a moment, with their states.

    A sender that gives its files their names before they are whole would have them read in part.

    Args:
        folder: the directory.
        pattern: which of its files.
        settle_s: how long nobody may have written to a file, in seconds.
        now: the time, in seconds since the epoch.
    """
    now = time.time() if now is None else now
    listed = []
    for path in list_directory(folder, pattern):
        try:
            status = Path(path).stat()
        except OSError:
            continue  # it was taken away in between
        # A time in the future is another machine's and says nothing of when.
        if not 0 <= now - status.st_mtime < settle_s:
            listed.append(Listed(path, _state(status)))
    return listed


def read_file(uri: str, max_bytes: int, listed: str | None = None) -> Fetched:
    """The bytes of a file.

    Args:
        uri: its path.
        max_bytes: the limit.
        listed: its state when it was listed.

    Raises:
        FetchError: no such file, not a regular one, unreadable, or larger than ``max_bytes``.
        NotYet: somebody is writing to it.
    """
    try:
        # Without O_NONBLOCK the opening of a pipe waits for its writer.
        with open(os.open(uri, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            before = os.fstat(file.fileno())
            # A pipe or a device would never end.
            if not stat.S_ISREG(before.st_mode):
                raise FetchError("not a regular file")
            data = file.read(max_bytes + 1)
            state = _state(os.fstat(file.fileno()))
    except (OSError, ValueError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        raise FetchError(f"the file can't be read: {cause}") from error
    if not state == _state(before) == (listed or state):
        raise NotYet("the file is being written to")
    if len(data) > max_bytes:
        raise too_large(max_bytes)
    return Fetched(data, validators=Validators(listed=state))


def _state(status: os.stat_result) -> str:
    return f"{status.st_size} bytes {status.st_mtime_ns} ns {status.st_ino}"


def _wanted(entry: Path, folder: Path, root: Path) -> bool:
    if not is_finished(entry.relative_to(folder).as_posix()):
        return False
    return entry.is_file() and entry.resolve().is_relative_to(root)
