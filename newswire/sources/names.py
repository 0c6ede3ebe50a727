"""Which names in a drop are those of finished documents."""

from __future__ import annotations

from pathlib import PurePosixPath

_UNFINISHED = (
    ".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".upload",
    ".writing", ".inprogress", ".swp", ".lock", "~",
)  # fmt: skip
"""What agencies', transfer programs' and editors' software calls a file that is being written; it
is renamed when it is whole."""


def is_finished(path: str) -> bool:
    """Whether a path, below the drop and with slashes, names a finished and visible document."""
    parts = PurePosixPath(path).parts
    return not (any(part.startswith(".") for part in parts) or path.lower().endswith(_UNFINISHED))
