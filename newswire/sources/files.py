"""Documents that are files."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from newswire.errors import FetchError

_UNFINISHED = (".tmp", ".part", ".partial", ".filepart", ".swp")
"""What agencies' and editors' software calls a file that is still being written."""


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


def read_file(uri: str, max_bytes: int) -> bytes:
    """The bytes of a file.

    Raises:
        FetchError: no such file, not a regular one, unreadable, or larger than ``max_bytes``.
    """
    try:
        # Without O_NONBLOCK the opening of a pipe waits for its writer.
        with open(os.open(uri, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            # A pipe or a device would never end.
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FetchError("not a regular file")
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FetchError(f"the file can't be read: {reason}") from error
    if len(data) > max_bytes:
        raise FetchError(
            f"larger than the limit of {max_bytes:,} bytes",
            "raise NEWSWIRE_FETCH_MAX_BYTES if it is wanted",
        )
    return data


def _wanted(entry: Path, folder: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in entry.relative_to(folder).parts)
    if hidden or entry.name.lower().endswith(_UNFINISHED):
        return False
    return entry.is_file() and entry.resolve().is_relative_to(root)
