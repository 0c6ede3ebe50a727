"""Where the corpora lie, and where training keeps what it can make again."""

from __future__ import annotations

import os
from pathlib import Path

from newswire.config import ROOT

CORPORA = Path(os.environ.get("NEWSWIRE_CORPORA", ROOT.parent / "shared" / "data"))
"""The folder of the corpora: ``--data``, else ``NEWSWIRE_CORPORA``, else beside the checkout."""

CACHE = ROOT / ".cache" / "training"
"""Features, checkpoints and logs; ignored by git."""
