"""``airflow backfill ARGS...`` on SQLite, beside a scheduler that is at work.

It reads and then writes in one transaction. SQLite refuses that at once, with "database is locked",
where somebody else wants to write in between; a transaction that says at its beginning that it will
write waits for its turn instead. On another database nothing is changed.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

_PATIENCE_MS = 60_000


def _leave_transactions_to_us(connection: Any, record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
        # Only here: in the server of Airflow's pages a long wait holds up what it waits for.
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def main() -> None:
    """Run Airflow's command line."""
    event.listen(Engine, "connect", _leave_transactions_to_us)
    event.listen(Engine, "begin", _begin)
    from airflow import __main__ as airflow

    airflow.main()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
