"""A worker process for the tests that dies by SIGKILL within a transaction.

``python -m tests.worker_that_dies`` enriches until its third transaction: its records are on the
topic by then and its offsets are sent, and nothing of it is committed.
"""

from __future__ import annotations

import os
import signal

from newswire.stories.model import Story
from tests.worker_under_fire import build, notice_deaths_quickly
from workers import clients
from workers.main import worker_command
from workers.producer import TransactionalProducer

FATAL_TRANSACTION = 3


class Doomed(TransactionalProducer):
    """Never ends the transaction of that number."""

    _commits = 0

    def commit_transaction(self) -> None:
        self._commits += 1
        if self._commits == FATAL_TRANSACTION:
            self.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        super().commit_transaction()


if __name__ == "__main__":
    notice_deaths_quickly()
    clients.TransactionalProducer = Doomed  # type: ignore[misc]
    worker_command(build, Story, "A worker that dies.")
