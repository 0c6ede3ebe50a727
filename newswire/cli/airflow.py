"""``newswire airflow``: Airflow with Newswire's DAGs, its own home and the running servers."""

from __future__ import annotations

import os

import typer

from newswire.config import load_settings

_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(context_settings=_PASS_ON)(airflow)


def airflow(context: typer.Context) -> None:
    """Run `airflow ARGS...` here: `newswire airflow standalone`, `newswire airflow dags list`."""
    from newswire.airflow_home import airflow_command, airflow_environment, ensure_airflow_db

    settings = load_settings()
    ensure_airflow_db(settings)
    command = airflow_command(*context.args)
    os.execve(command[0], command, airflow_environment(settings))
