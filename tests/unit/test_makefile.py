"""`make install` tells how far it is: in place on a terminal, in two lines elsewhere."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newswire.config import ROOT

PYTHON = f"""\
#!/bin/sh
# Stands for a Python whose `venv` has a pip that fetches nothing.
[ "$1" = -c ] && exec {sys.executable} "$@"
mkdir -p .venv/bin
cat > .venv/bin/pip <<'PIP'
#!/bin/sh
case "$*" in *requirements.lock*) ;; *) exit 0 ;; esac
echo 'Collecting one==1.0'
echo '  Using cached one-1.0.whl'
echo 'Collecting two==2.0'
echo 'Installing collected packages: one, two'
exit "${{PIP_STATUS:-0}}"
PIP
chmod +x .venv/bin/pip
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as `make install` needs."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "requirements.lock").write_text("one==1.0 \\\n    --hash=x\ntwo==2.0\nthree==3\n")
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return tmp_path


def install(checkout: Path, stderr: int, status: int = 0) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "install", "PYTHON=./python"],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "PIP_STATUS": str(status)},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        text=True,
        check=False,
    )


def test_in_a_log_it_is_a_line_at_the_beginning_and_one_at_the_end(checkout: Path) -> None:
    made = install(checkout, subprocess.PIPE)
    assert made.returncode == 0
    assert made.stderr == "installing at most 3 packages\ninstalled: .venv/bin/newswire\n"


def test_on_a_terminal_it_counts_in_place(checkout: Path) -> None:
    terminal, screen = pty.openpty()
    with os.fdopen(terminal, "rb") as shown:
        assert install(checkout, screen).returncode == 0
        os.close(screen)
        lines = os.read(shown.fileno(), 65_536).decode().split("\r")
    assert "installing: 1 of at most 3 packages" in lines
    assert "installing: 2 of at most 3 packages" in lines
    assert lines[-2:] == ["\ninstalled: .venv/bin/newswire", "\n"]


def test_what_could_not_be_installed_is_not_called_installed(checkout: Path) -> None:
    made = install(checkout, subprocess.PIPE, status=3)
    assert made.returncode != 0
    assert "installed:" not in made.stderr
    assert not (checkout / ".venv" / ".installed").exists()
