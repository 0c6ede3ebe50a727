"""What is noted of archived bytes, by what became of the document that they are."""

from __future__ import annotations

from newswire.archive.outcomes import Fate
from newswire.ingest.report import Outcome

FATES = {
    Outcome.PUBLISHED: Fate.PUBLISHED,
    Outcome.HELD: Fate.HELD,
    Outcome.UNCHANGED: Fate.DUPLICATE,
    Outcome.DEAD: Fate.DEAD,
}
"""A document that is left for a later run was not archived, and has none."""
