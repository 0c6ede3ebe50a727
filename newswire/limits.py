"""The limits that hold where nobody sets others: for readers that take no settings, and as the
defaults of :class:`newswire.config.Settings`.
"""

from __future__ import annotations

PARSE_MAX_BYTES = 16 * 2**20
"""Largest document parsed, in bytes."""
STORY_MAX_CHARS = 1_000_000
"""Longest body of one story, in characters."""
PARSE_MOST_BYTES = 48 * 2**20
"""Whatever the configured limit: tree, drafts and stories take seven times as much together."""
