"""Ctrl-C and a polite kill, taken at moments of our choosing."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL = 0.1
"""Seconds between two looks at something that is waited for."""


class Interrupt:
    """While it is entered, SIGINT, SIGTERM and SIGHUP are noted, and raised by `check` only.

    An exception out of a signal handler can come between starting a process and writing down its
    number; then nobody knows of the process. A noted signal can't. Python allows handlers in
    the main thread only: entered in another one, nothing is noted and nothing changes.
    """

    def __init__(self) -> None:
        self._noted: int | None = None
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                # Ignored by whoever started us (nohup): ignored here too.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        if kind is None:
            self.check()

    def check(self) -> None:
        """Raise what was noted.

        Raises:
            KeyboardInterrupt: for SIGINT.
            SystemExit: for the others, with the status that a shell gives for that signal.
        """
        if self._noted == signal.SIGINT:
            raise KeyboardInterrupt
        if self._noted is not None:
            raise SystemExit(128 + self._noted)

    def wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``condition`` holds, at most ``seconds``; whether it came to hold."""
        deadline = time.monotonic() + seconds
        while not condition():
            self.check()
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL)
        return True

    def _note(self, number: int, _: FrameType | None) -> None:
        self._noted = number
