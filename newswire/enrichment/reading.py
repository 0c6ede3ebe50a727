"""What is read of a story: its sentences, as many as are read at all, and their vectors."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from newswire.enrichment.encoder import Encoded
from newswire.enrichment.runtime import Floats
from newswire.enrichment.sentences import split_sentences
from newswire.stories.enriched import Span
from newswire.stories.language import (
    FEWEST_LETTERS,
    LANGUAGE,
    detect,
    detect_short,
    differ,
    primary,
)
from newswire.stories.model import BLOCK_SEPARATOR, Story
from newswire.stories.quality import Reason

MOST_SENTENCES = 400
"""Sentences of one story that are encoded, from the top: some 8,000 words. A longer body costs no
more than that; what stands further down is in no summary and no evidence."""

MOST_CHARACTERS = 200_000
"""Of a body that are looked at for sentences at all."""

GROUP_CHARACTERS = 250_000
"""Of the stories whose states are held at once: some 60,000 tokens of 1.5 kB."""

NO_LATIN = "no Latin letters"
"""In place of the language of a text that isn't English by its letters, and tells no more."""

_PROSE = ("paragraph", "quote", "list-item")


@dataclass(frozen=True)
class Read:
    """A story, its sentences, and what the encoder says of them."""

    story: Story
    spans: tuple[Span, ...]
    headline: Encoded | None = None
    pieces: tuple[Encoded, ...] = ()

    @cached_property
    def _told(self) -> str | None:
        return _told_of(self.story)

    @property
    def language(self) -> str:
        """See :func:`language_of`."""
        return self._told or LANGUAGE

    @property
    def named_language(self) -> str | None:
        """The same as a tag for others; ``None`` where nothing tells which one it is."""
        return None if self._told == NO_LATIN else self._told

    @property
    def texts(self) -> list[str]:
        """What is encoded: the headline, where there is one, and the sentences."""
        return [*headline_of(self.story), *(span.text for span in self.spans)]

    @property
    def vectors(self) -> Floats:
        """Of the sentences, ``[sentences, dimension]``."""
        return np.array([piece.vector for piece in self.pieces], np.float32)


def language_of(story: Story) -> str:
    """The primary tag of the language that a story is in, lower case.

    What it states counts, unless its body was found to read as another, or states English and is
    too short for that to be found and reads as another; what states none is looked at, and is
    :data:`~newswire.stories.language.LANGUAGE` where it doesn't tell, or :data:`NO_LATIN`.
    """
    return _told_of(story) or LANGUAGE


def _told_of(story: Story) -> str | None:
    stated = primary(story.language)
    doubtful = any(mark.reason == Reason.LANGUAGE_MISMATCH for mark in story.quality)
    if stated == LANGUAGE and not doubtful:
        return detect_short(story.text) or LANGUAGE
    if stated is not None and not doubtful:
        return stated
    return _told(story.text)


def other_language(text: str, fewest: int = FEWEST_LETTERS) -> str | None:
    """The language of a text that is not English beyond doubt; ``None`` where it may be.

    Args:
        text: Whose beginning is looked at.
        fewest: Letters of a text whose language is detected.
    """
    told = _told(text, fewest)
    return None if told == LANGUAGE else told


def _told(text: str, fewest: int = FEWEST_LETTERS) -> str | None:
    """The language that a text tells by itself, or :data:`NO_LATIN`; ``None``: it doesn't."""
    found = detect(text, fewest)
    if found is not None:
        return found.language if differ(LANGUAGE, found.language) else LANGUAGE
    letters = [own for own in text[:MOST_CHARACTERS] if own.isalpha()]
    if 2 * sum("LATIN" in unicodedata.name(own, "") for own in letters) >= len(letters):
        return detect_short(text)
    # It is not English however short it is; which it is may be seen from less.
    named = detect(text, fewest=1)
    return named.language if named and differ(LANGUAGE, named.language) else NO_LATIN


def sentences_of(story: Story) -> Iterator[Span]:
    """The sentences of a story's paragraphs, quotes and lists, never of its crossheads or tables.

    Spans of :attr:`Story.text`, at most :data:`MOST_SENTENCES`.
    """
    text = story.text
    start = count = 0
    for block in story.body:
        end = start + len(block.text)
        if block.kind in _PROSE and start < MOST_CHARACTERS:
            for extent in split_sentences(text, start, min(end, MOST_CHARACTERS)):
                if count == MOST_SENTENCES:
                    return
                count += 1
                yield Span(text=text[extent.start : extent.end], start=extent.start, end=extent.end)
        start = end + len(BLOCK_SEPARATOR)


def groups(stories: Sequence[Story]) -> Iterator[list[Story]]:
    """Neighbours that are enriched together, so that memory is bounded whatever the batch."""
    group: list[Story] = []
    size = 0
    for story in stories:
        length = min(MOST_CHARACTERS, len(story.text))
        if group and size + length > GROUP_CHARACTERS:
            yield group
            group, size = [], 0
        group.append(story)
        size += length
    if group:
        yield group


def headline_of(story: Story) -> list[str]:
    """The headline, or nothing where it is blank."""
    return [story.headline] if story.headline and story.headline.strip() else []
