"""Logging: to stderr, one line a record, so that stdout holds nothing but results."""

from __future__ import annotations

import logging

_QUIET = (
    "kafka", "elastic_transport", "botocore", "urllib3", "httpx", "httpcore", "trafilatura",
    "paramiko",
)  # fmt: skip
"""Libraries that tell of every reconnection; their warnings are ours to tell in one line."""

_SILENT = ("kafka", "paramiko")
"""Of these the ones whose errors are raised as well."""


def configure_logging(level: str) -> None:
    """Set up the root logger.

    Libraries' own loggers speak from ERROR upwards only, unless ``level`` is DEBUG.
    """
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        force=True,
    )
    if level.upper() != "DEBUG":
        quiet_libraries()


def quiet_libraries() -> None:
    """Let libraries' own loggers speak from ERROR upwards only, whoever set up the root logger."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL if name in _SILENT else logging.ERROR)
