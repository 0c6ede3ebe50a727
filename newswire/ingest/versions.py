"""The version of a changed story whose provider doesn't number its versions."""

from __future__ import annotations

from newswire.archive.seen import PublishedStory, Said


def next_version(stated: int, known: PublishedStory, said: Said | None, *, dated: bool) -> int:
    """The version under which changed copy is published.

    Copy that changed under the date that it had before follows what its source said last, so it is
    that version and one more; without it the index would take the change for a repeat. An older
    date than before stays older. Copy without any date has the time of its archiving, which is an
    old one when a source returns to what it said before: it follows everything.

    Args:
        stated: the version by the copy's own date, or else by when it was archived.
        known: what was published of the story.
        said: what this source said last of it, if it did.
        dated: whether the copy has a date.
    """
    version = stated
    if not dated:
        version = max(version, known.version + 1)
    elif said is not None and stated == said.stated:
        version = said.version + 1
    # Two sources with the same date and different copy: neither may be taken for a repeat.
    return version + 1 if version == known.version else version
