"""One run of a DAG, as Airflow's own command line makes it."""

from __future__ import annotations

import subprocess

from newswire.airflow_home import airflow_command, airflow_environment
from newswire.config import Settings

PATIENCE_S = 240
"""Of one run; some twelve on a machine that does nothing else."""


def run_dag(settings: Settings, dag_id: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``airflow dags test``; its stdout has all that it said."""
    return subprocess.run(
        airflow_command("dags", "test", dag_id, *arguments),
        env=airflow_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
