"""How lxml reads XML, in every format: nothing is loaded, expanded, or grows without bound."""

from __future__ import annotations

SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
"""What each of lxml's XML parsers is made with."""
