"""Airflow as people run it: as a process of its own, in the environment of `newswire airflow`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newswire.airflow_home import airflow_environment, ensure_airflow_db
from newswire.config import load_settings

PROBE = Path(__file__).with_name("probe.py")
PATIENCE = 120
"""Seconds that Airflow may take to parse two files, on a machine busy with other things."""


@dataclass(frozen=True)
class Parsed:
    """What Airflow made of the DAG files."""

    dags: Mapping[str, Mapping[str, Any]]
    errors: Mapping[str, str]
    """By the file's name, the traceback."""
    seconds: Mapping[str, float]
    """By the file's name, what its parsing took."""
    retries: Mapping[str, str]
    """By the name of an error, what becomes of a task that raises it."""
    heavy: tuple[str, ...]
    """The modules among those that no DAG file may import."""


class Parser:
    """Has Airflow parse the project's DAG files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        ensure_airflow_db(load_settings(data_dir=folder))

    def parse(self, sources: Path) -> Parsed:
        """Parse in a new process, with the declared sources of a file."""
        settings = load_settings(data_dir=self._folder, sources_file=sources)
        done = subprocess.run(
            [sys.executable, PROBE],
            env=airflow_environment(settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout.splitlines()[-1])
        return Parsed(
            found["dags"],
            found["errors"],
            found["seconds"],
            found["retries"],
            tuple(found["heavy"]),
        )
