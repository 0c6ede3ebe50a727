"""The embedded Airflow: its home under the data directory, and the environment that it runs in.

<data_dir>/airflow/
    airflow.cfg   written by Airflow itself at first: its generated keys
    airflow.db    SQLite
    bin/airflow   what `airflow standalone` starts its parts with
    logs/
    simple_auth_manager_passwords.json.generated   how to log in

It is Airflow for one machine. Where Airflow runs already, point it at ``dags/`` instead and give
its tasks the ``NEWSWIRE_`` variables.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from pydantic import SecretStr

from newswire.config import ROOT, Settings, running_stack
from newswire.errors import NewswireError
from newswire.stack.home import locked
from newswire.stack.interrupt import Interrupt

DEFAULT_PORT = 8080
PORT_VARIABLE = "AIRFLOW__API__PORT"
"""The one setting of Airflow that is taken from the environment that we run in."""

_PROGRAMS = {
    "standalone": "newswire.airflow_standalone",
    "backfill": "newswire.airflow_backfill",
}
"""The commands of Airflow that need help on one machine."""
_CONNECTIONS = ("AIRFLOW_CONN_", "NEWSWIRE_CONN_")
"""Variables that hold credentials for sources: whoever sets them means them for the tasks."""
_HOST = "127.0.0.1"
_LOG_LINES_SHOWN = 8

_LAUNCHER = """\
#!/bin/sh
# `standalone` starts each part as `airflow PART`. The log servers of two of them listen on every
# address of the machine, and nobody here needs one: the logs are files beside the pages' server.
case "$1" in scheduler|triggerer) set -- "$@" --skip-serve-logs ;; esac
exec {python} -m airflow "$@"
"""


def airflow_home(settings: Settings) -> Path:
    """The folder that Airflow calls AIRFLOW_HOME."""
    return settings.data_dir.resolve() / "airflow"


def airflow_command(*arguments: str) -> list[str]:
    """The command line of `airflow ARGUMENTS...`, by this Python; run it in its environment."""
    program = _PROGRAMS.get(arguments[0] if arguments else "", "airflow")
    return [sys.executable, "-m", program, *arguments]


def airflow_environment(settings: Settings) -> dict[str, str]:
    """The environment in which ``airflow`` runs Newswire's DAGs against the same servers.

    It is this process's own, without the variables of another Airflow: one that has its database
    elsewhere must not have it migrated or filled by ours. Connections stay: sources name them.
    Addresses and keys that tasks find in ``stack.json`` are left to be found there: they are not
    copied, and a task follows servers that have moved.
    """
    home = airflow_home(settings)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_CONNECTIONS)
        or not name.startswith(("AIRFLOW_", "_AIRFLOW_", "NEWSWIRE_"))
    }
    path = [str(home / "bin"), str(Path(sys.executable).parent)]
    return {
        **inherited,
        **_airflow_variables(home, os.environ.get(PORT_VARIABLE) or str(DEFAULT_PORT)),
        **_newswire_variables(settings),
        # The DAG files share modules of their folder, which `--local` doesn't put on the path.
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(ROOT / "dags"), inherited.get("PYTHONPATH")])
        ),
        "PATH": os.pathsep.join([*path, inherited.get("PATH", os.defpath)]),
    }


def ensure_airflow_db(settings: Settings) -> bool:
    """Lay out Airflow's home and migrate its database. Returns whether there was anything to do.

    Raises:
        NewswireError: Airflow could not, with the end of what it said; or the folder is another's.
        StackError: the data directory can't be written.
    """
    home = airflow_home(settings)
    lock = home / "migrate.lock"
    if home.is_dir() and not lock.exists() and any(home.iterdir()):
        # `newswire down --purge` removes the folder with all that is in it.
        raise NewswireError(
            f"{home} is there and is not Newswire's", "set NEWSWIRE_DATA_DIR to another folder"
        )
    with Interrupt() as interrupt, locked(lock, interrupt):
        launcher = home / "bin" / "airflow"
        launcher.parent.mkdir(exist_ok=True)
        launcher.write_text(_LAUNCHER.format(python=shlex.quote(sys.executable)), "utf-8")
        launcher.chmod(0o755)
        # A look at the database costs Airflow five seconds; a file that names the version, none.
        done = home / "migrated"
        current = version("apache-airflow-core")
        if (home / "airflow.db").exists() and done.exists() and done.read_text() == current:
            return False
        ran = subprocess.run(
            airflow_command("db", "migrate"),
            env=airflow_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            end = " / ".join(ran.stdout.strip().splitlines()[-_LOG_LINES_SHOWN:])
            raise NewswireError(
                f"Airflow could not set up its database {home / 'airflow.db'}: {end}",
                f"if nothing in it is wanted, remove {home} and try again",
            )
        done.write_text(current)
        return True


def remove_airflow_home(settings: Settings) -> None:
    """Remove what :func:`ensure_airflow_db` laid out, with all that Airflow wrote there.

    Raises:
        NewswireError: it can't be removed.
    """
    home = airflow_home(settings)
    if not (home / "bin" / "airflow").exists():
        return  # none, or not one that was laid out here
    try:
        shutil.rmtree(home)
    except OSError as error:
        raise NewswireError(f"Airflow's home {home} can't be removed: {error}") from error


def _airflow_variables(home: Path, port: str) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # Airflow's defaults are for a server: 41 processes and 5.4 GB. Two DAGs wait behind live
        # news for up to an hour (reenrich, claims): what fetches must have slots beside theirs.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "AIRFLOW__API__HOST": _HOST,
        PORT_VARIABLE: port,
        "AIRFLOW__API__BASE_URL": f"http://{_HOST}:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{_HOST}:{port}/execution/",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "false",
    }


def _newswire_variables(settings: Settings) -> dict[str, str]:
    """Every setting that a new process would not find by itself."""
    found = {**_defaults(), **running_stack(settings.data_dir)}
    variables = {
        f"NEWSWIRE_{name.upper()}": value
        for name, value in _values(settings).items()
        if value != found.get(name, "")
    }
    return {**variables, "NEWSWIRE_DATA_DIR": str(settings.data_dir.resolve())}


def _defaults() -> dict[str, str]:
    return _values(Settings.model_construct())


def _values(settings: Settings) -> dict[str, str]:
    """Every setting as an environment variable has it; an empty one is none."""
    return {name: _text(getattr(settings, name)) for name in Settings.model_fields}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
