"""Where a stack keeps its things, and who may change them now.

<data_dir>/stack.json          addresses and process numbers of what was started
<data_dir>/stack.lock          held by the one `up` or `down` that is at work
<data_dir>/stack/              all else, and only what is ours
    .newswire-stack            says so: without it, nothing is removed
    s3-credentials.json
    kafka/ elasticsearch/ s3/  configuration and data
    logs/
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from newswire.config import stack_file
from newswire.errors import StackError
from newswire.stack.interrupt import Interrupt

LOCK_PATIENCE = 300.0
"""Seconds to wait for another `up`: its first one fetches jars."""


@dataclass(frozen=True)
class Credentials:
    """The key pair of the S3 server. Made once, as random bytes; the secret is never printed."""

    access_key: str
    secret_key: str = field(repr=False)


@dataclass(frozen=True)
class Home:
    """The places under one data directory."""

    data_dir: Path

    @property
    def file(self) -> Path:
        """Where the addresses of the running stack are written."""
        return stack_file(self.data_dir)

    @property
    def directory(self) -> Path:
        """What `purge` removes."""
        return self.data_dir / "stack"

    @property
    def logs(self) -> Path:
        """The servers' logs."""
        return self.directory / "logs"

    @property
    def _marker(self) -> Path:
        return self.directory / ".newswire-stack"

    def of(self, server: str) -> Path:
        """Configuration and data of one server."""
        return self.directory / server

    def log(self, server: str) -> Path:
        """The log of one server."""
        return self.logs / f"{server}.log"

    def claim(self) -> None:
        """Make the directory ours.

        Raises:
            StackError: it can't be written, or it has content that isn't ours.
        """
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self.directory.mkdir(mode=0o700, exist_ok=True)
            if not self._marker.exists():
                if any(self.directory.iterdir()):
                    raise StackError(
                        f"{self.directory} has content that no embedded stack made",
                        "choose another data directory (NEWSWIRE_DATA_DIR)",
                    )
                self._marker.write_text(
                    "Made by `newswire up`; `newswire down --purge` removes it.\n"
                )
            self.logs.mkdir(exist_ok=True)
        except OSError as error:
            raise StackError(
                f"can't write {self.directory}: {error.strerror}",
                "choose another data directory (NEWSWIRE_DATA_DIR)",
            ) from None

    def purge(self) -> bool:
        """Remove the directory with all data and logs; whether there was one.

        Raises:
            StackError: it isn't ours, or can't be removed.
        """
        if not self.directory.exists():
            return False
        if not self._marker.exists() or self.directory.is_symlink():
            raise StackError(
                f"{self.directory} was not made by an embedded stack: nothing was removed",
                "remove it by hand if it is to go",
            )
        try:
            shutil.rmtree(self.directory)
        except OSError as error:
            raise StackError(f"can't remove {error.filename}: {error.strerror}") from None
        return True

    def credentials(self) -> Credentials:
        """The S3 key pair of this stack, made at the first call and kept."""
        path = self.directory / "s3-credentials.json"
        with suppress(OSError, ValueError, TypeError):
            return Credentials(**json.loads(path.read_text("utf-8")))
        made = Credentials(f"newswire-{secrets.token_hex(6)}", secrets.token_urlsafe(30))
        write_private(
            path, json.dumps({"access_key": made.access_key, "secret_key": made.secret_key})
        )
        return made

    @contextmanager
    def locked(self, interrupt: Interrupt) -> Iterator[None]:
        """Hold the lock: two that start or stop servers of one home don't meet.

        Raises:
            StackError: another one held it for too long, or the directory can't be written.
        """
        with locked(self.data_dir / "stack.lock", interrupt):
            yield


@contextmanager
def locked(path: Path, interrupt: Interrupt) -> Iterator[None]:
    """Hold an exclusive lock on the file ``path``, made where it is missing.

    Raises:
        StackError: another process held it for `LOCK_PATIENCE`, or it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise StackError(
            f"can't write {path}: {error.strerror}", "choose a folder that can be written"
        ) from None
    with file:
        if not interrupt.wait(lambda: _take(file.fileno()), LOCK_PATIENCE):
            raise StackError(
                f"another process has held {path} for {LOCK_PATIENCE:.0f} seconds",
                "wait for it or end it, then try again",
            )
        yield


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` in one step by a file that only its owner can read."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    with open(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)
    new.replace(path)
