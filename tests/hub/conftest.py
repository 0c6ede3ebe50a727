"""Torch on one thread: on several, products as small as these wait for each other."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_ENRICH_THREADS", "1")
