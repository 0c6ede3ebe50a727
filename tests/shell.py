"""The command line as somebody at a shell runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from newswire.config import Settings

Ran = subprocess.CompletedProcess[str]


def newswire(stack: Settings, *arguments: str) -> Ran:
    """Run ``newswire`` on the servers of ``stack``: a terminal of 80 columns, output to a pipe."""
    environment = {
        **{name: value for name, value in os.environ.items() if "NEWSWIRE_" not in name},
        "NEWSWIRE_DATA_DIR": str(stack.data_dir),
        "COLUMNS": "80",
    }
    return subprocess.run(
        [str(Path(sys.executable).with_name("newswire")), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
