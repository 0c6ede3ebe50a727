"""Options that several commands have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

_DAY = ["%Y-%m-%d"]

ArchivedSince = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="Archived on this day (UTC) or later.")
]
ArchivedUntil = Annotated[
    datetime | None, typer.Option(formats=_DAY, help="Archived on this day (UTC) or earlier.")
]
