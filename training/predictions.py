"""Where each row's answer is written: a file is replaced by a whole one, or left as it was."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from newswire.errors import ConfigError

REMEDY = "name another file with --predictions"


@contextmanager
def predictions_to(path: Path | None, data: Path) -> Iterator[TextIO | None]:
    """A file to write to; None where none is wanted.

    A regular file gets its name at the end, where nothing was raised; until then there is a
    temporary one beside it. What is no regular file (a pipe, a terminal) is written to as it is.

    Args:
        path: Where the answers are wanted.
        data: The rows, which must outlive the answers.

    Raises:
        ConfigError: it can't be opened, or is the file of the rows.
    """
    if path is None:
        yield None
        return
    temporary: Path | None = None
    try:
        if path.is_file() and data.exists() and path.samefile(data):
            raise ConfigError(f"{path} is the file of the rows, {data}", REMEDY)
        if path.exists() and os.path.samestat(path.stat(), os.fstat(1)):
            # Also where the shell made a file of it: the scores are written there too.
            out = sys.stdout
        elif path.exists() and not path.is_file():
            out = path.open("w", encoding="utf-8")
        else:
            if path.exists():
                path.open("ab").close()  # may be read only, which a rename doesn't ask
            # Through links: else it would be the link whose place is taken.
            path = path.resolve()
            temporary = path.with_name(f".predictions-{os.getpid()}.jsonl")
            out = temporary.open("w", encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path} can't be written: {error.strerror}", REMEDY) from error
    try:
        yield out
        if temporary:
            out.close()
            if path.exists():
                shutil.copymode(path, temporary)
            temporary.replace(path)
    finally:
        if out is not sys.stdout:
            out.close()
        if temporary:
            temporary.unlink(missing_ok=True)
