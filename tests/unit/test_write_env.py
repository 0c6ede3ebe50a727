"""docker/write-env.sh: the secrets of the containers."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path

from cryptography.fernet import Fernet

from newswire.config import ROOT


def variables(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_a_written_env_file_is_complete_private_and_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / ".env"
    command = ["sh", str(ROOT / "docker/write-env.sh"), str(target)]
    subprocess.run(command, check=True, capture_output=True)
    text = target.read_text("utf-8")
    example, written = variables((ROOT / ".env.example").read_text("utf-8")), variables(text)

    assert written.keys() == example.keys()
    assert all(written.values())
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    Fernet(written["AIRFLOW_FERNET_KEY"])
    assert re.fullmatch(r"[\w-]{64}", written["POSTGRES_PASSWORD"])
    secrets = [written[name] for name, value in example.items() if not value]
    assert len(set(secrets)) == len(secrets) == 5

    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 1
    assert "already" in again.stderr
    assert target.read_text("utf-8") == text
