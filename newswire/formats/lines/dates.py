"""Dates as feeds and pages write them, to aware datetimes in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from newswire.formats.lines.furniture import stamp
from newswire.stories.draft import Draft

_FRACTION = re.compile(r"\.(\d{1,9})")
_SPACED_OFFSET = re.compile(r"\s*(?:GMT|UTC)?\s*([+-]\d{2}):?(\d{2})$")


def read_date(text: str) -> tuple[datetime, bool] | None:
    """The moment that a date states, in UTC, and whether it states a zone.

    ISO 8601 in its usual spellings, RFC 822, and the dates of :func:`furniture.stamp`. A date
    without a zone is taken as UTC. ``None``: no date, or one that no calendar has.
    """
    stated = text.strip()
    if not 8 <= len(stated) <= 64:
        return None
    for attempt in (_iso, _rfc822):
        moment = attempt(stated)
        if moment is None:
            continue
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC), False
        try:
            return moment.astimezone(UTC), True
        except OverflowError:
            return None
    return stamp(stated)


def _iso(stated: str) -> datetime | None:
    try:
        return datetime.fromisoformat(stated)  # nearly always; the rest is for its odd spellings
    except ValueError:
        pass
    plain = re.sub(r"^(\d{4}-\d{2}-\d{2})\s+(?=\d)", r"\1T", stated)
    plain = _SPACED_OFFSET.sub(r"\1:\2", plain) if "T" in plain else plain
    plain = re.sub(r"\s*(?:UTC|GMT|Z)$", "+00:00", plain) if "T" in plain else plain
    # Seven digits of a second are common (.NET), and one more than Python reads.
    plain = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), plain)
    try:
        return datetime.fromisoformat(plain)
    except ValueError:
        return None


def _rfc822(stated: str) -> datetime | None:
    if not re.search(r"[A-Za-z]{3}", stated):
        return None
    try:
        return parsedate_to_datetime(stated)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def without_zone(draft: Draft, field: str) -> None:
    """Say in ``extra`` that a date stated no zone and was taken as UTC."""
    said = draft.extra.setdefault("dates_without_zone", [])
    if isinstance(said, list) and field not in said:
        said.append(field)
